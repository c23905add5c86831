using Commerce.Hosting;
using Commerce.Identity;

return await HostProgram.Run(args, args => Task.FromResult(IdentityHost.Build(args)), "Commerce__Identity__Url");
