using Commerce.Journal;
using Commerce.Kernel;
using Microsoft.Extensions.Configuration;
using Npgsql;

namespace Commerce.Hosting;

/// <summary>The settings of silos and gateways alike.</summary>
public static class CommonSettings
{
    public static readonly Setting<EnvironmentKind> Mode = new(
        "Environment", EnvironmentKind.Production, "production",
        "`development` allows what production refuses: plain keys of callers, issuers by http, one account of PostgreSQL for everything, "
        + "connections without TLS, the sandbox. `./commerce up` sets it.",
        ReadMode);

    public static readonly Setting<string> Postgres = new(
        "Postgres", "", "none; it has to be given",
        "The PostgreSQL server: an Npgsql connection string. Without an account for each capability, its user makes the databases.",
        (string text, out string value) => string.IsNullOrWhiteSpace(value = text) ? NoConnectionString : null);

    public static readonly Setting Account = new(
        "Postgres:{capability}", "the user of `Postgres`",
        "The account for a capability's database, such as `Username=…;Password=…`, in addition to `Postgres`; `Cluster` and "
        + "`Audit` stand for those two databases. With one of these the process makes and changes no database: `./commerce migrate` does.");

    public static readonly Setting ReadModelsAccount = new(
        "Postgres:{capability}:ReadModels", "the account of the capability", "The account that makes the capability's lists and reports.");

    public static readonly Setting SealsAccount = new(
        "Postgres:{capability}:Seals", "none", "The account that seals the capability's facts, for a process that has `Keys:Seals`.");

    public static readonly Setting<string> Prefix = new(
        "Prefix", "commerce", "commerce", "What the databases' names begin with; also the service's name, which reminders belong to.",
        (string text, out string value) => BeginsDatabaseNames(value = text) ? null
            : $"'{text}' cannot begin the name of a database; give 1 to 40 of a-z, 0-9 and _, with a letter first.");

    /// <summary>PostgreSQL allows 100 connections by default: one process leaves some to others.</summary>
    public static readonly Setting<int> MaxConnections = SettingOf.Number(
        "MaxConnections", 85, 1, 10_000,
        "How many connections to PostgreSQL the process opens at most: five for the cluster, two for the audit, the rest shared by "
        + "its capabilities.");

    public static readonly Setting<TimeSpan> StartupTimeout = SettingOf.Seconds(
        "StartupTimeoutSeconds", 30, 600, "How long a start waits for PostgreSQL and for the cluster.");

    public static readonly Setting<string> ClusterId = SettingOf.Word(
        "Cluster:Id", "commerce", 100, "Silos and gateways of the same id on the same databases find each other.");

    /// <summary>The section of the secrets that codes are made with.</summary>
    public const string SigningKeys = $"{Setting.Section}:SigningKeys";

    public static readonly Setting SigningKey = new(
        "SigningKeys:{n}", "random, so that cursors end with the process",
        "A secret of at least 32 random bytes in base64, alike in all processes. What is signed by any is accepted; the first signs.");

    private const string NoConnectionString =
        "give a connection string such as Host=127.0.0.1;Username=commerce;Password=…;Database=postgres.";

    /// <summary>The connection string of the server, which has to be given.</summary>
    public static string Server(IConfiguration configuration) => Postgres.Parse(Postgres.Read(configuration));

    /// <summary>The accounts of PostgreSQL: that of the server for everything, or one for each capability.</summary>
    /// <param name="configuration">Where they are.</param>
    /// <param name="hosted">The capabilities whose databases the process opens.</param>
    /// <param name="others">What the accounts of the other databases are called that it opens.</param>
    public static PostgresAccounts Accounts(IConfiguration configuration, IReadOnlyList<Capability> hosted, params string[] others)
    {
        var section = configuration.GetSection(Postgres.Key);
        string[] known = [.. Capabilities.All.Select(c => c.Name), PostgresAccounts.ClusterName, PostgresAccounts.AuditName];
        var accounts = new Dictionary<string, string>();
        foreach (var child in section.GetChildren())
        {
            var name = known.FirstOrDefault(n => n.Equals(child.Key, StringComparison.OrdinalIgnoreCase))
                ?? throw new InvalidConfigurationException(
                    child.Path, $"there is no capability '{child.Key}'; did you mean {known.MinBy(n => Spelling.Distance(n, child.Key))}?");
            if (child.Value is { } account) accounts.Add(PostgresAccounts.OfJournal(name), account);
            if (child["ReadModels"] is { } models) accounts.Add(PostgresAccounts.OfReadModels(name), models);
            if (child["Seals"] is { } seals) accounts.Add(PostgresAccounts.OfSeals(name), seals);
        }

        var needed = hosted.Select(c => c.Name).Concat(others);
        if (accounts.Count > 0 && needed.FirstOrDefault(n => !accounts.ContainsKey(PostgresAccounts.OfJournal(n))) is { } missing)
            throw new InvalidConfigurationException(
                $"{Postgres.Key}:{missing}", $"accounts are given, but none for {missing}; give one, or leave out all of them.");
        try
        {
            var server = Server(configuration);
            _ = new NpgsqlConnectionStringBuilder(server);
            return new PostgresAccounts(server, accounts);
        }
        catch (ArgumentException)
        {
            throw new InvalidConfigurationException(
                Postgres.Key, $"this, or an account below it, is not a connection string; {NoConnectionString}");
        }
    }

    /// <summary>The most connections to PostgreSQL that the process opens to the databases of its capabilities, all together.</summary>
    /// <param name="configuration">Where <see cref="MaxConnections"/> is, which counts all connections of the process.</param>
    /// <param name="capabilities">How many databases share them.</param>
    /// <param name="besides">How many connections the process needs for other databases.</param>
    public static int Connections(IConfiguration configuration, int capabilities, int besides)
    {
        var given = MaxConnections.Read(configuration);
        var least = capabilities * JournalOptions.LeastConnections + besides;
        return given >= least ? given - besides : throw new InvalidConfigurationException(
            MaxConnections.Key, $"{given} connections are too few for the databases of {capabilities} capabilities; give {least} or more.");
    }

    private static string? ReadMode(string text, out EnvironmentKind value)
    {
        value = text == "development" ? EnvironmentKind.Development : EnvironmentKind.Production;
        return text is "" or "production" or "development" ? null : $"'{text}' is neither production nor development.";
    }

    private static bool BeginsDatabaseNames(string prefix) => prefix.Length is > 0 and <= 40 && prefix[0] is >= 'a' and <= 'z'
        && prefix.All(c => c is (>= 'a' and <= 'z') or (>= '0' and <= '9') or '_');
}
