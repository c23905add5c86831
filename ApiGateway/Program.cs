using Commerce.ApiGateway;

return await GatewayProgram.Run(args);
