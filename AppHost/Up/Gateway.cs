using System.Globalization;

namespace Commerce.AppHost;

/// <summary>The gateway: a client of the cluster, or everything in one process when there is no cluster.</summary>
internal sealed class Gateway(
    string program, SessionAccounts accounts, CertificateAuthority authority, SessionSecrets secrets, IdentityServer identity,
    string keys, string? cluster, int silos, int port, LogFile log, Terminal screen)
    : SupervisedProcess("gateway", Path.Combine(program, Workspace.ProgramOf("ApiGateway")), log, screen)
{
    public string Url => $"http://127.0.0.1:{port}";

    protected override string Address => Url;

    protected override string Health => $"{Url}/health/ready";

    protected override IReadOnlyDictionary<string, string?> Inherited => ChildEnvironment.OfGateway();

    protected override IReadOnlyDictionary<string, string?> Secrets =>
        (silos == 0 ? accounts.OfSingle : accounts.OfGateway.Concat(authority.ForProcess("gateway", Name)))
        .Append(new("Commerce__SigningKeys__0", secrets.OfCodes)).ToDictionary();

    protected override IReadOnlyDictionary<string, string?> Settings => new Dictionary<string, string?>(
        silos == 0 ? ProcessLimits.WithPostgres : ProcessLimits.Settings(silos + 1))
    {
        ["Commerce__Environment"] = "development",
        ["Commerce__Keys__File"] = keys,
        ["Commerce__Keys__Create"] = "true",
        ["Commerce__Keys__Seals"] = cluster is null ? secrets.SealsFile : null,
        ["Commerce__MaxConnections"] = SharedServer.MaxConnections,
        ["Commerce__Port"] = port.ToString(CultureInfo.InvariantCulture),
        ["Commerce__Engine"] = cluster is null ? "single" : "cluster",
        ["Commerce__Cluster__Id"] = cluster,
        ["Commerce__Issuers__development__Issuer"] = $"{identity.Url}/",
        ["Commerce__Issuers__development__Audience"] = "commerce",
    };
}
