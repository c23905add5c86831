using Commerce.Hosting;
using Commerce.Providers;
using Commerce.ReadModels;

namespace Commerce.ApiGateway;

/// <summary>The operator's controls of an engine, besides its entities.</summary>
internal interface IEngineControl
{
    /// <summary>Whether the silos answer; null where there are none.</summary>
    Task<bool?> ClusterAnswers(CancellationToken cancel);

    /// <summary>Whether the sandbox provider is switched off.</summary>
    Task<bool> GetOutage();

    /// <summary>Switches the sandbox provider off, or on again.</summary>
    Task SetOutage(bool outage);

    /// <summary>The circuit breakers in front of the payment provider: one for each process that hosts payments.</summary>
    Task<IReadOnlyList<Circuit>> Circuits();

    /// <summary>Makes a read model again from the journal; completes when the new tables are in place.</summary>
    Task<RebuiltReadModel> Rebuild(ReadModel model, CancellationToken cancel);
}

/// <summary>The one place that chooses the engine.</summary>
internal static class Engines
{
    /// <summary>
    /// Registers <c>IEntities</c>, <c>ISubscriptions</c> and <see cref="IEngineControl"/>, and a hosted service that begins and ends them.
    /// </summary>
    public static async Task AddEngine(this WebApplicationBuilder builder, GatewaySettings settings)
    {
        if (settings.Engine == EngineKind.Cluster) await builder.AddCluster(settings);
        else builder.Services.AddSingleProcess(settings);
    }

    /// <summary>What there is to see of an engine in a browser.</summary>
    public static void MapEngine(this WebApplication app)
    {
        if (app.Services.GetRequiredService<GatewaySettings>() is { Engine: EngineKind.Cluster, Dashboard: true }) app.MapDashboard();
    }
}
