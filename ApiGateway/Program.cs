using Commerce.ApiGateway;
using Commerce.Hosting;

return args switch
{
    [Migration.Word, .. var rest] => await HostProgram.Run(() => Migration.Run(rest)),
    [Verifying.Word, .. var rest] => await Verifying.Run(rest),
    _ => await HostProgram.Run(args, GatewayHost.Build, "Commerce__Port"),
};
