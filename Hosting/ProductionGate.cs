using System.Net;
using Commerce.Journal;
using Microsoft.Extensions.Configuration;
using Npgsql;

namespace Commerce.Hosting;

/// <summary>
/// What a process may be given in development only. In production, which is where a process is unless it is said otherwise, all of it is
/// refused at once, each with what to do (decision 27).
/// </summary>
/// <param name="configuration">Where everything is.</param>
public sealed class ProductionGate(IConfiguration configuration)
{
    private readonly bool _production = CommonSettings.Mode.Read(configuration) == EnvironmentKind.Production;
    private readonly List<(string Key, string What)> _refused = [];

    /// <summary>What no process may have.</summary>
    /// <param name="accounts">Its accounts of PostgreSQL.</param>
    /// <param name="plainCluster">True when it is in a cluster, without a certificate.</param>
    public ProductionGate Common(PostgresAccounts accounts, bool plainCluster)
    {
        Refuse(
            !accounts.AreSeparate, CommonSettings.Postgres.Key,
            "one account may do everything to all databases. './commerce migrate' makes one for each capability; give these.");
        Refuse(
            !IsSealed(new NpgsqlConnectionStringBuilder(accounts.Server)), CommonSettings.Postgres.Key,
            "the connections to PostgreSQL can be read and altered on their way. Add SSL Mode=VerifyFull and Root Certificate=FILE.");
        Refuse(
            plainCluster, TlsKeys.Certificate.Key,
            $"connections within the cluster are plain. Give it, {TlsKeys.Key.Key} and {TlsKeys.Roots.Key}.");
        Refuse(
            KeySettings.Create.Read(configuration), KeySettings.Create.Key,
            "a key ring that a process makes is on one machine alone. Make it by 'dotnet ApiGateway.dll keys make FILE', and keep copies.");
        return this;
    }

    /// <summary>What a process that hosts payments may not have.</summary>
    public ProductionGate Payments(bool hosted)
    {
        Refuse(
            hosted, CommonSettings.Mode.Key,
            "the only payment provider in this build is the sandbox, which moves no money. Register one that does (docs/sandbox.md).");
        return this;
    }

    /// <summary>Refuses one more thing, if it is there.</summary>
    public void Refuse(bool given, string key, string what)
    {
        if (given) _refused.Add((key, what));
    }

    /// <summary>The end of the checks.</summary>
    /// <exception cref="InvalidConfigurationException">All that was refused, if this is production.</exception>
    public void Close()
    {
        if (_production && _refused.Count > 0) throw InvalidConfigurationException.NotForProduction(_refused);
    }

    // What stays on this machine needs no seal.
    private static bool IsSealed(NpgsqlConnectionStringBuilder server) =>
        server.SslMode == SslMode.VerifyFull || server.Host is null || server.Host.StartsWith('/')
        || server.Host.Split(',').All(h => h == "localhost" || (IPAddress.TryParse(h, out var address) && IPAddress.IsLoopback(address)));
}

/// <summary>What a process is used for.</summary>
public enum EnvironmentKind
{
    /// <summary>A business runs on it.</summary>
    Production,

    /// <summary>Trying things out and making them, on a developer's machine.</summary>
    Development,
}
