using Commerce.Hosting;
using Commerce.Journal;
using Commerce.ReadModels;

namespace Commerce.ApiGateway;

/// <summary>Registers the databases and what the endpoints need of them; the same for both engines.</summary>
internal static class CapabilityServices
{
    /// <summary>Opens the databases and registers it.</summary>
    public static async Task AddCapabilityServices(this IServiceCollection services, GatewaySettings settings)
    {
        // Beside silos this process only reads: old answers are theirs to remove.
        var options = settings.Engine == EngineKind.Cluster
            ? JournalOptions.OneOfSeveral with { PruneInterval = Timeout.InfiniteTimeSpan } : new JournalOptions();
        var databases = await services.AddDatabases(
            settings.Postgres, settings.Prefix, settings.StartupTimeout, Capabilities.All,
            options.Sharing(settings.MaxConnections, Capabilities.All.Count) with { Keys = settings.Keys });
        await services.AddAudit(settings.Postgres, settings.Prefix, settings.StartupTimeout);
        services.AddSingleton<Auditing>();
        services.AddSingleton<TimelineReader>();
        services.AddSingleton<PersonExport>();
        services.AddHostedService<KeyFollower>();
        foreach (var (contract, queries) in Queries.Over(databases)) services.AddSingleton(contract, queries);
        services.AddReadModels();
    }
}
