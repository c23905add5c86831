using Commerce.ApiGateway;
using Commerce.Hosting;

return await HostProgram.Run(args, GatewayHost.Build, "Commerce__Port");
