using Commerce.ApiGateway;
using Commerce.Hosting;

return args is [Migration.Word, .. var rest]
    ? await HostProgram.Run(() => Migration.Run(rest))
    : await HostProgram.Run(args, GatewayHost.Build, "Commerce__Port");
