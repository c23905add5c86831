using Commerce.Hosting;
using Commerce.Silo;

return await HostProgram.Run(args, SiloHost.Build, "Commerce__Silo__Port, Commerce__Silo__GatewayPort and Commerce__Silo__HealthPort");
