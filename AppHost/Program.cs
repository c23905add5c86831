using Commerce.AppHost;

return await CommandLine.Run(args, Workspace.Find(), new Terminal());
