using Commerce.Catalogue;
using Commerce.Customers;
using Commerce.Hosting;
using Commerce.Inventory;
using Commerce.Journal;
using Commerce.Ledger;
using Commerce.Orders;
using Commerce.ReadModels;

namespace Commerce.ApiGateway;

/// <summary>Registers the databases and what the endpoints need of them; the same for both engines.</summary>
internal static class CapabilityServices
{
    /// <summary>Opens the databases and registers it.</summary>
    public static async Task AddBusiness(this IServiceCollection services, GatewaySettings settings)
    {
        var options = settings.Engine == EngineKind.Cluster ? JournalOptions.OneOfSeveral : new JournalOptions();
        var databases = await services.AddDatabases(
            settings.Postgres, settings.Prefix, settings.StartupTimeout, Capabilities.All,
            options.Sharing(settings.MaxConnections, Capabilities.All.Count));
        services.AddSingleton<HistoryEndpoints>();
        services.AddSingleton<ICustomerQueries>(new CustomerQueries(databases.DataSource("Customers")));
        services.AddSingleton<IProductQueries>(new ProductQueries(databases.DataSource("Catalogue")));
        services.AddSingleton<IStockQueries>(new StockQueries(databases.DataSource("Inventory")));
        services.AddSingleton<IOrderQueries>(new OrderQueries(databases.DataSource("Orders")));
        services.AddSingleton<ILedgerQueries>(new LedgerQueries(databases.DataSource("Ledger")));
        services.AddReadModels();
    }
}
