using System.Globalization;

namespace Commerce.AppHost;

/// <summary>The gateway: a client of the cluster, or everything in one process when there is no cluster.</summary>
internal sealed class Gateway(string program, string postgres, string? cluster, int silos, int port, LogFile log, Screen screen)
    : KeptProcess("gateway", Path.Combine(program, Workspace.ProgramOf("ApiGateway")), log, screen)
{
    /// <summary>Where it serves.</summary>
    public string Url => $"http://127.0.0.1:{port}";

    /// <inheritdoc/>
    protected override string Address => Url;

    /// <inheritdoc/>
    protected override string Health => $"{Url}/health/ready";

    /// <inheritdoc/>
    protected override IReadOnlyDictionary<string, string?> Settings => new Dictionary<string, string?>(
        silos == 0 ? SharedCores.WithPostgres : SharedCores.Settings(silos + 1))
    {
        ["Commerce__Postgres"] = postgres,
        ["Commerce__MaxConnections"] = SharedServer.MaxConnections,
        ["Commerce__Port"] = port.ToString(CultureInfo.InvariantCulture),
        ["Commerce__Engine"] = cluster is null ? "single" : "cluster",
        ["Commerce__Cluster__Id"] = cluster,
    };
}
