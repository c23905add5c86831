using System.Text.RegularExpressions;
using Commerce.Engine;
using Commerce.Kernel;
using Npgsql;

namespace Commerce.Journal;

/// <summary>The databases of this process: one a capability (J7), created and brought up to date when they are opened.</summary>
public sealed partial class CommerceDatabases : IAsyncDisposable
{
    private readonly Dictionary<string, Opened> _opened;

    private CommerceDatabases(Dictionary<string, Opened> opened)
    {
        _opened = opened;
        Stores =
        [
            .. opened.Values.Select(o => new CapabilityStore(o.Capability, o.Journal, o.Journal, o.Journal, o.Journal)
            {
                Personal = o.Personal,
            }),
        ];
    }

    /// <summary>What an engine needs of each capability, in the order given.</summary>
    public IReadOnlyList<CapabilityStore> Stores { get; }

    /// <summary>Opens, with one account for everything; see the other overload.</summary>
    public static Task<CommerceDatabases> Open(
        string connectionString,
        string prefix,
        IReadOnlyList<Capability> capabilities,
        JournalOptions? options = null,
        CancellationToken cancel = default) =>
        Open(new PostgresAccounts(connectionString), prefix, capabilities, options, cancel);

    /// <summary>
    /// Opens a database <c>PREFIX_CAPABILITY</c> for each capability. With one account for everything, it creates and migrates what needs
    /// it; with an account for each, all has to be there (decision 21).
    /// </summary>
    /// <param name="accounts">Name the server, and for one account a database on it to connect to first.</param>
    /// <param name="prefix">Lower-case letters, digits and underscores; distinguishes several installations on one server.</param>
    /// <param name="options">How the journals work.</param>
    /// <exception cref="UnavailableException">The server cannot be reached.</exception>
    /// <exception cref="JournalSchemaException">A database cannot be created, or is of another version of the software.</exception>
    public static async Task<CommerceDatabases> Open(
        PostgresAccounts accounts,
        string prefix,
        IReadOnlyList<Capability> capabilities,
        JournalOptions? options = null,
        CancellationToken cancel = default)
    {
        CheckPrefix(prefix);
        options ??= new JournalOptions();
        var opened = new Dictionary<string, Opened>();
        try
        {
            foreach (var capability in capabilities)
            {
                var database = NameOf(prefix, capability);
                if (!accounts.AreSeparate)
                    await PostgresConnections.Guarded(
                        database, () => PostgresConnections.EnsureDatabase(accounts.Server, database, options, cancel));
                var one = await PostgresConnections.Guarded(database, () => OpenOne(accounts, database, capability, options, cancel));
                opened.Add(capability.Name, one);
            }

            return new CommerceDatabases(opened);
        }
        catch
        {
            foreach (var one in opened.Values) await one.DisposeAsync();
            throw;
        }
    }

    /// <summary>
    /// Makes the database of a capability and its roles, or brings them up to date. The account may make both; it needs no other right.
    /// </summary>
    /// <param name="server">The account, with a database to connect to first.</param>
    /// <returns>The roles.</returns>
    /// <exception cref="JournalSchemaException">The account may not, or the database is of newer software.</exception>
    public static async Task<DatabaseRoles> Migrate(
        string server, string prefix, Capability capability, JournalOptions? options = null, CancellationToken cancel = default)
    {
        CheckPrefix(prefix);
        options ??= new JournalOptions();
        var roles = DatabaseRoles.OfCapability(prefix, capability);
        return await PostgresConnections.Guarded(roles.Database, async () =>
        {
            await roles.Prepare(server, cancel);
            await using var source = PostgresConnections.ConnectJournal(server, roles.Database, options);
            await Schema.Prepare(source, roles.Database, capability, options.Partitions, keys: null, roles, cancel);
            return roles;
        });
    }

    /// <summary>The journal of a capability.</summary>
    public PostgresJournal Journal(string capability) => _opened[capability].Journal;

    /// <summary>Seals and opens what a capability keeps of persons.</summary>
    public PersonalData Personal(string capability) => _opened[capability].Personal;

    /// <summary>Wraps all keys in a capability's journal by the newest one; how many rows were not.</summary>
    public Task<long> Rewrap(string capability, CancellationToken cancel) => Personal(capability).Keys is { } keys
        ? Journal(capability).Rewrap(keys, cancel)
        : Task.FromResult(0L);

    /// <summary>Connections to a capability's database for its read models; the journal has its own.</summary>
    public NpgsqlDataSource DataSource(string capability) => _opened[capability].Source;

    /// <summary>True when every database answers.</summary>
    public async Task<bool> Ping(CancellationToken cancel)
    {
        var answers = await Task.WhenAll(_opened.Values.Select(o => o.Journal.Ping(cancel)));
        return answers.All(a => a);
    }

    /// <summary>Finishes what was sent and closes the connections.</summary>
    public async ValueTask DisposeAsync()
    {
        foreach (var one in _opened.Values) await one.DisposeAsync();
    }

    /// <summary>What the database of a capability is called.</summary>
    internal static string NameOf(string prefix, Capability capability) => $"{prefix}_{capability.Name.ToLowerInvariant()}";

    private static async Task<Opened> OpenOne(
        PostgresAccounts accounts, string database, Capability capability, JournalOptions options, CancellationToken cancel)
    {
        var source = PostgresConnections.Connect(accounts.ReadModels(capability.Name), database, options);
        try
        {
            var journal = await PostgresJournal.Open(
                accounts.Journal(capability.Name), database, capability, !accounts.AreSeparate, options, cancel);
            return new Opened(capability, source, journal, new PersonalData(options.Keys(capability.Name)));
        }
        catch
        {
            await source.DisposeAsync();
            throw;
        }
    }

    private static void CheckPrefix(string prefix)
    {
        if (!Prefix().IsMatch(prefix))
            throw new ArgumentException(
                $"'{prefix}' is no prefix for databases: use up to 41 lower-case letters, digits and _, beginning with a letter.");
    }

    [GeneratedRegex("^[a-z][a-z0-9_]{0,40}\\z")]
    private static partial Regex Prefix();

    private sealed record Opened(
        Capability Capability, NpgsqlDataSource Source, PostgresJournal Journal, PersonalData Personal) : IAsyncDisposable
    {
        public async ValueTask DisposeAsync()
        {
            await Journal.DisposeAsync();
            await Source.DisposeAsync();
        }
    }
}
