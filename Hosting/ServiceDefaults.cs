using Commerce.Journal;
using Commerce.Kernel;
using Commerce.Payments;
using Commerce.Providers;
using Commerce.ReadModels;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Console;

namespace Commerce.Hosting;

/// <summary>The parts that each of our processes is made of.</summary>
public static class ServiceDefaults
{
    /// <summary>How long a graceful stop may take before the process ends anyway.</summary>
    public static readonly TimeSpan StopTimeout = TimeSpan.FromSeconds(60);

    /// <summary>The log as JSON lines, and the time that a graceful stop may take.</summary>
    public static void AddProcess(this IServiceCollection services, ILoggingBuilder log)
    {
        services.AddSingleton(TimeProvider.System);
        services.Configure<HostOptions>(host => host.ShutdownTimeout = StopTimeout);
        log.ClearProviders();
        log.AddConsole(console => console.FormatterName = JsonConsoleFormatter.FormatterName)
            .AddConsoleFormatter<JsonConsoleFormatter, ConsoleFormatterOptions>();
        log.AddFilter("Microsoft.AspNetCore", LogLevel.Warning);
        log.AddFilter("Npgsql", LogLevel.Warning);
    }

    /// <summary>Opens the capabilities' databases, waiting for the server if need be, and registers them.</summary>
    public static async Task<CommerceDatabases> AddDatabases(
        this IServiceCollection services,
        PostgresAccounts postgres,
        string prefix,
        TimeSpan timeout,
        IReadOnlyList<Capability> capabilities,
        JournalOptions options)
    {
        ILogger? log = null; // there is none before the container; pruning begins long after
        var told = options with
        {
            ReportPruning = (database, problem) =>
                log?.LogWarning(problem, "Removing old answers from {Database} will try again", database),
        };
        var databases = await StartupRetry.Open(
            postgres, timeout, () => CommerceDatabases.Open(postgres, prefix, capabilities, told, CancellationToken.None));
        services.AddSingleton(sp => // by a factory, so that the container closes it: last, because all else is made of it
        {
            log = sp.GetRequiredService<ILoggerFactory>().CreateLogger("Commerce.Journal");
            return databases;
        });
        services.AddSingleton(sp => sp.GetRequiredService<CommerceDatabases>().Stores);
        return databases;
    }

    /// <summary>Opens the database in which silos and gateways find each other, waiting if need be, and registers it.</summary>
    public static async Task<ClusterDatabase> AddClusterDatabase(
        this IServiceCollection services, PostgresAccounts postgres, string prefix, TimeSpan timeout)
    {
        var cluster = await StartupRetry.Open(
            postgres, timeout, () => ClusterDatabase.Open(postgres, prefix, JournalOptions.OneOfSeveral, CancellationToken.None));
        services.AddSingleton(_ => cluster);
        return cluster;
    }

    /// <summary>Opens the database of the audit, waiting if need be, and registers what writes to it.</summary>
    public static async Task AddAudit(this IServiceCollection services, PostgresAccounts postgres, string prefix, TimeSpan timeout)
    {
        var audit = await StartupRetry.Open(postgres, timeout, () => AuditDatabase.Open(postgres, prefix, CancellationToken.None));
        services.AddSingleton(_ => audit);
        services.AddSingleton<AuditTrail>();
        services.AddSingleton<RefusalSampling>();
    }

    /// <summary>The payment provider with timeouts, retries and a circuit breaker of this process's own.</summary>
    /// <param name="provider">The provider that moves the money.</param>
    public static void AddPaymentProvider(this IServiceCollection services, Func<IServiceProvider, IPaymentProvider> provider)
    {
        services.AddSingleton(sp =>
        {
            var log = sp.GetRequiredService<ILoggerFactory>().CreateLogger("Commerce.Providers");
            return new ResilientProvider(
                provider(sp), new ResilienceOptions(), sp.GetRequiredService<TimeProvider>(), Random.Shared.NextDouble,
                happened => log.LogWarning("{Provider}: {Kind}: {Detail}", happened.Provider, happened.Kind, happened.Detail));
        });
        services.AddSingleton<IPaymentProvider>(sp => sp.GetRequiredService<ResilientProvider>());
    }

    /// <summary>The read models of the opened capabilities, not yet following.</summary>
    public static void AddReadModels(this IServiceCollection services) => services.AddSingleton(sp =>
    {
        var log = sp.GetRequiredService<ILoggerFactory>().CreateLogger("Commerce.ReadModels");
        var databases = sp.GetRequiredService<CommerceDatabases>();
        var opened = databases.Stores.Select(s => s.Capability.Name).ToHashSet();
        return new ReadModelService(
            [.. ReadModelService.All.Where(m => opened.Contains(m.Capability.Name))],
            capability => (
                databases.Stores.First(s => s.Capability.Name == capability).Log, databases.DataSource(capability),
                databases.Personal(capability)),
            (model, problem) => log.LogWarning(problem, "The read model {Model} failed and will try again", model.Name));
    });
}
