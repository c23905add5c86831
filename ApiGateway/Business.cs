using System.Net.Sockets;
using Commerce.Catalogue;
using Commerce.Customers;
using Commerce.Inventory;
using Commerce.Journal;
using Commerce.Kernel;
using Commerce.Orders;
using Commerce.Payments;
using Commerce.Providers;
using Commerce.SingleProcess;
using Npgsql;

namespace Commerce.ApiGateway;

/// <summary>The databases cannot be opened; the message says why and what to do.</summary>
internal sealed class NoDatabaseException(string message, Exception inner) : Exception(message, inner);

/// <summary>The capabilities on their databases, run by the single-process engine.</summary>
internal static class Business
{
    private static readonly TimeSpan BetweenTries = TimeSpan.FromSeconds(1);

    /// <summary>Opens the databases and registers all that the endpoints ask for.</summary>
    public static async Task AddBusiness(this IServiceCollection services, GatewaySettings settings)
    {
        ILogger? log = null; // there is none before the container; pruning begins long after
        var databases = await Open(settings, new JournalOptions
        {
            ReportPruning = (database, problem) =>
                log?.LogWarning(problem, "Removing old answers from {Database} will try again", database),
        });
        services.AddSingleton(sp => // by a factory, so that the container closes it: last, because all else is made of it
        {
            log = sp.GetRequiredService<ILoggerFactory>().CreateLogger("Commerce.Journal");
            return databases;
        });
        services.AddSingleton(sp => sp.GetRequiredService<CommerceDatabases>().Stores);
        services.AddSingleton<Timelines>();
        services.AddSingleton<ICustomerQueries>(new CustomerQueries(databases.DataSource("Customers")));
        services.AddSingleton<IProductQueries>(new ProductQueries(databases.DataSource("Catalogue")));
        services.AddSingleton<IStockQueries>(new StockQueries(databases.DataSource("Inventory")));
        services.AddSingleton<IOrderQueries>(new OrderQueries(databases.DataSource("Orders")));
        services.AddSingleton<ILedgerQueries>(new LedgerQueries(databases.DataSource("Payments")));
        services.AddSingleton(sp => new SandboxProvider(sp.GetRequiredService<TimeProvider>()));
        services.AddSingleton(sp => Patient(sp.GetRequiredService<SandboxProvider>(), sp));
        services.AddSingleton<IPaymentProvider>(sp => sp.GetRequiredService<ResilientProvider>());
        services.AddSingleton(sp => Engine(sp.GetRequiredService<CommerceDatabases>(), sp));
        services.AddSingleton<IEntities>(sp => sp.GetRequiredService<SingleProcessEngine>());
        services.AddSingleton<ISubscriptions>(sp => sp.GetRequiredService<SingleProcessEngine>());
        services.AddSingleton(sp => Models(sp.GetRequiredService<CommerceDatabases>(), sp));
        services.AddHostedService<BusinessHours>();
    }

    private static async Task<CommerceDatabases> Open(GatewaySettings settings, JournalOptions options)
    {
        using var patience = new CancellationTokenSource(settings.StartupTimeout);
        while (true)
        {
            try
            {
                return await CommerceDatabases.Open(
                    settings.Postgres, settings.Prefix, Capabilities.All, options, CancellationToken.None);
            }
            catch (Exception away) when (IsAway(away) && !patience.IsCancellationRequested)
            {
                await Task.Delay(BetweenTries);
            }
            catch (ArgumentException unreadable)
            {
                throw new InvalidConfigurationException("Commerce:Postgres", $"this is not a connection string: {unreadable.Message}");
            }
            catch (Exception failed) when (IsAway(failed) || failed is NpgsqlException or JournalSchemaException)
            {
                throw new NoDatabaseException(
                    $"PostgreSQL cannot be used ({Server(settings.Postgres)}): {failed.Message} "
                    + "Start it, or correct Commerce:Postgres (environment variable Commerce__Postgres).", failed);
            }
        }
    }

    private static bool IsAway(Exception problem) =>
        problem is UnavailableException or NpgsqlException { IsTransient: true } or NpgsqlException { InnerException: SocketException };

    private static string Server(string connectionString)
    {
        var parts = new NpgsqlConnectionStringBuilder(connectionString);
        return $"{parts.Host}:{parts.Port}"; // nothing else of it: it holds a password
    }

    private static ResilientProvider Patient(SandboxProvider sandbox, IServiceProvider services)
    {
        var log = services.GetRequiredService<ILoggerFactory>().CreateLogger("Commerce.Providers");
        return new ResilientProvider(
            sandbox, new ResilienceOptions(), services.GetRequiredService<TimeProvider>(), Random.Shared.NextDouble,
            happened => log.LogWarning("{Provider}: {Kind}: {Detail}", happened.Provider, happened.Kind, happened.Detail));
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

    private static ReadModels Models(CommerceDatabases databases, IServiceProvider services)
    {
        var log = services.GetRequiredService<ILoggerFactory>().CreateLogger("Commerce.ReadModels");
        return new ReadModels(
            ReadModels.All,
            capability => (databases.Stores.First(s => s.Capability.Name == capability).Log, databases.DataSource(capability)),
            (model, problem) => log.LogWarning(problem, "The read model {Model} failed and will try again", model.Name));
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
