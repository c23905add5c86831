using System.Globalization;

namespace Commerce.AppHost;

/// <summary>
/// A silo. It keeps its ports over restarts, so that the cluster recognises the successor and knows at once that the predecessor is dead.
/// </summary>
internal sealed class SiloProcess(
    string name, string program, SessionAccounts accounts, CertificateAuthority authority, string keys, string seals, string cluster,
    int silos, Ports free, LogFile log, Terminal screen)
    : SupervisedProcess(name, Path.Combine(program, Workspace.ProgramOf("Silo")), log, screen)
{
    // Below those that the system gives to outgoing connections, one of which could take the port of a silo that is being restarted.
    private const int FirstForSilos = 11111;
    private const int FirstForClients = 30000;
    private const int FirstForHealth = 31000;

    private int _port = free.From(FirstForSilos);
    private int _clients = free.From(FirstForClients);
    private int _health = free.From(FirstForHealth);

    protected override string Address => $"127.0.0.1:{_port}, clients {_clients}, health {_health}";

    protected override string Health => $"http://127.0.0.1:{_health}/health/ready";

    protected override IReadOnlyDictionary<string, string?> Inherited => ChildEnvironment.OfSilo();

    protected override IReadOnlyDictionary<string, string?> Secrets =>
        accounts.OfSilo.Concat(authority.ForProcess("silo", Name)).ToDictionary();

    protected override IReadOnlyDictionary<string, string?> Settings => new Dictionary<string, string?>(ProcessLimits.Settings(silos + 1))
    {
        ["Commerce__Environment"] = "development",
        ["Commerce__Keys__File"] = keys,
        ["Commerce__Keys__Create"] = "true",
        ["Commerce__Keys__Seals"] = seals,
        ["Commerce__MaxConnections"] = SharedServer.MaxConnections,
        ["Commerce__Cluster__Id"] = cluster,
        ["Commerce__Silo__Name"] = Name,
        ["Commerce__Silo__Address"] = "127.0.0.1",
        ["Commerce__Silo__Port"] = Text(_port),
        ["Commerce__Silo__GatewayPort"] = Text(_clients),
        ["Commerce__Silo__HealthPort"] = Text(_health),
        ["Commerce__Silo__ProbeSeconds"] = "2", // a laptop under load may stand still for a second without being dead
    };

    protected override bool Move()
    {
        _port = StillFree(_port, FirstForSilos);
        _clients = StillFree(_clients, FirstForClients);
        _health = StillFree(_health, FirstForHealth);
        return true;
    }

    private static string Text(int port) => port.ToString(CultureInfo.InvariantCulture);

    private int StillFree(int port, int first)
    {
        if (Port.IsFree(port)) return port;
        var other = free.From(first);
        Say($"port {port} of {Name} is in use by another program now; it takes {other} instead");
        return other;
    }
}
