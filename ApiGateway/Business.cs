using Commerce.Catalogue;
using Commerce.Customers;
using Commerce.Hosting;
using Commerce.Inventory;
using Commerce.Journal;
using Commerce.Kernel;
using Commerce.Orders;
using Commerce.Payments;
using Commerce.Providers;
using Commerce.SingleProcess;

namespace Commerce.ApiGateway;

/// <summary>The capabilities on their databases, run by the single-process engine.</summary>
internal static class Business
{
    /// <summary>Opens the databases and registers all that the endpoints ask for.</summary>
    public static async Task AddBusiness(this IServiceCollection services, GatewaySettings settings)
    {
        var databases = await services.AddDatabases(
            settings.Postgres, settings.Prefix, settings.StartupTimeout, Capabilities.All, new JournalOptions());
        services.AddSingleton<Timelines>();
        services.AddSingleton<ICustomerQueries>(new CustomerQueries(databases.DataSource("Customers")));
        services.AddSingleton<IProductQueries>(new ProductQueries(databases.DataSource("Catalogue")));
        services.AddSingleton<IStockQueries>(new StockQueries(databases.DataSource("Inventory")));
        services.AddSingleton<IOrderQueries>(new OrderQueries(databases.DataSource("Orders")));
        services.AddSingleton<ILedgerQueries>(new LedgerQueries(databases.DataSource("Payments")));
        services.AddSingleton(sp => new SandboxProvider(sp.GetRequiredService<TimeProvider>()));
        services.AddPaymentProvider(sp => sp.GetRequiredService<SandboxProvider>());
        services.AddSingleton(sp => Engine(sp.GetRequiredService<CommerceDatabases>(), sp));
        services.AddSingleton<IEntities>(sp => sp.GetRequiredService<SingleProcessEngine>());
        services.AddReadModels();
        services.AddHostedService<BusinessHours>();
    }

    private static SingleProcessEngine Engine(CommerceDatabases databases, IServiceProvider services)
    {
        var log = services.GetRequiredService<ILoggerFactory>().CreateLogger("Commerce.Engine");
        return new SingleProcessEngine(databases.Stores, services, new EngineOptions
        {
            Clock = services.GetRequiredService<TimeProvider>(),
            MaxLive = services.GetRequiredService<GatewaySettings>().MaxLiveEntities,
            Report = (entity, problem) => log.LogWarning(problem, "{Entity} failed and will try again", entity.ToString()),
            ReportFlow = (flow, problem) => log.LogWarning(problem, "{Flow} failed and will try again", flow),
        });
    }
}

/// <summary>
/// Sets the business going before the server listens, and ends it in good order after the server has finished what it had.
/// </summary>
internal sealed class BusinessHours(SingleProcessEngine engine, ReadModels models) : IHostedService
{
    /// <inheritdoc/>
    public Task StartAsync(CancellationToken cancel)
    {
        engine.Start();
        models.Start();
        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public Task StopAsync(CancellationToken cancel) => engine.StopAsync();
}
