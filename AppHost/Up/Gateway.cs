using System.Globalization;
using System.Net;

namespace Commerce.AppHost;

/// <summary>The gateway: a client of the cluster, or everything in one process when there is no cluster.</summary>
internal sealed class Gateway(
    string program, SessionAccounts accounts, CertificateAuthority authority, string? cluster, int silos, int port, LogFile log,
    Terminal screen)
    : SupervisedProcess("gateway", Path.Combine(program, Workspace.ProgramOf("ApiGateway")), log, screen)
{
    public string Url => $"http://127.0.0.1:{port}";

    /// <summary>Whether it asks its callers for API keys, from wherever it has them.</summary>
    public async Task<bool> NeedsKey(CancellationToken cancel) =>
        await Status($"{Url}/operations/read-models", cancel) == HttpStatusCode.Unauthorized;

    protected override string Address => Url;

    protected override string Health => $"{Url}/health/ready";

    protected override IReadOnlyDictionary<string, string?> Inherited => ChildEnvironment.OfGateway();

    protected override IReadOnlyDictionary<string, string?> Secrets => silos == 0
        ? accounts.OfSingle : accounts.OfGateway.Concat(authority.ForProcess("gateway", Name)).ToDictionary();

    protected override IReadOnlyDictionary<string, string?> Settings => new Dictionary<string, string?>(
        silos == 0 ? ProcessLimits.WithPostgres : ProcessLimits.Settings(silos + 1))
    {
        ["Commerce__MaxConnections"] = SharedServer.MaxConnections,
        ["Commerce__Port"] = port.ToString(CultureInfo.InvariantCulture),
        ["Commerce__Engine"] = cluster is null ? "single" : "cluster",
        ["Commerce__Cluster__Id"] = cluster,
    };
}
