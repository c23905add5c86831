using System.Data.Common;
using Npgsql;

namespace Commerce.Journal;

/// <summary>
/// The accounts of PostgreSQL that a process has: one for everything, which also makes the databases, or one for each capability, which
/// may do what its roles allow (decision 21). Each is an Npgsql connection string.
/// </summary>
public sealed class PostgresAccounts
{
    private readonly string _server;
    private readonly IReadOnlyDictionary<string, string> _accounts;

    /// <param name="server">The server; without accounts, with a user who may do everything.</param>
    /// <param name="accounts">By <see cref="OfJournal"/> and <see cref="OfReadModels"/>: what each has besides the server.</param>
    public PostgresAccounts(string server, IReadOnlyDictionary<string, string>? accounts = null)
    {
        _server = server;
        _accounts = (accounts ?? new Dictionary<string, string>()).ToDictionary(
            a => a.Key, a => Merged(server, a.Value), StringComparer.OrdinalIgnoreCase);
    }

    /// <summary>
    /// True when the process has accounts for the capabilities. It makes and changes no database then: the migration does.
    /// </summary>
    public bool AreSeparate => _accounts.Count > 0;

    /// <summary>The one for everything.</summary>
    public string Server => _server;

    /// <summary>What the account of a capability's journal is called among the settings.</summary>
    public static string OfJournal(string capability) => capability;

    /// <summary>What the account of its read models is called; without one, that of the journal reads them.</summary>
    public static string OfReadModels(string capability) => $"{capability}:ReadModels";

    /// <summary>What the account that seals its journal is called.</summary>
    public static string OfSeals(string capability) => $"{capability}:Seals";

    /// <summary>For the journal of a capability.</summary>
    public string Journal(string capability) => Find(OfJournal(capability)) ?? throw new JournalSchemaException(
        $"This process has no account of PostgreSQL for {capability}. Give one, or host the capability elsewhere.");

    /// <summary>For the read models of a capability.</summary>
    public string ReadModels(string capability) => Find(OfReadModels(capability)) ?? Journal(capability);

    /// <summary>Whether the process may seal the journal of a capability.</summary>
    public bool MaySeal(string capability) => Find(OfSeals(capability)) is not null;

    /// <summary>For the seals of a capability.</summary>
    public string Seals(string capability) => Find(OfSeals(capability)) ?? throw new JournalSchemaException(
        $"This process has no account of PostgreSQL for the seals of {capability}. Give one, or seal elsewhere.");

    /// <summary>What the account of the cluster's database is called.</summary>
    public const string ClusterName = "Cluster";

    /// <summary>What the account of the audit's database is called.</summary>
    public const string AuditName = "Audit";

    /// <summary>The server alone: accounts are secrets.</summary>
    public override string ToString()
    {
        try
        {
            var parts = new NpgsqlConnectionStringBuilder(_server);
            return $"{parts.Host}:{parts.Port}";
        }
        catch (ArgumentException)
        {
            return "an unreadable connection string";
        }
    }

    private string? Find(string account) => AreSeparate ? _accounts.GetValueOrDefault(account) : _server;

    private static string Merged(string server, string account)
    {
        var merged = new NpgsqlConnectionStringBuilder(server);
        var own = new DbConnectionStringBuilder { ConnectionString = account };
        foreach (string key in own.Keys) merged[key] = own[key];
        return merged.ConnectionString;
    }
}
