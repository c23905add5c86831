using Commerce.Journal;
using Commerce.Kernel;
using Npgsql;

namespace Commerce.Hosting;

/// <summary>
/// The database <c>PREFIX_cluster</c>, in which silos find each other and Orleans keeps reminders and the state of its own grains (decision
/// 10). It holds nothing of the business: dropped while nothing runs, it is made again by the next start.
/// </summary>
public sealed class ClusterDatabase : IAsyncDisposable
{
    /// <summary>What ADO.NET providers call the driver of these connections.</summary>
    public const string Invariant = "Npgsql";

    /// <summary>
    /// The most connections of one process. Silos look there about once a second, and at length only when the cluster changes.
    /// </summary>
    public const int Connections = 5;

    private const string Schema = "cluster";

    /// <summary>Clusters without a sign of life for a week are removed; every start of <c>./commerce up</c> makes a new one.</summary>
    private const string ForgetLongGone = """
        delete from cluster.clusters as c where c.changed_at < now() - interval '7 days' and not exists (
            select from cluster.members as m where m.cluster_id = c.cluster_id and m.alive_at >= now() - interval '7 days')
        """;

    private static readonly CommonDatabase Database = new(
        Schema, PostgresAccounts.ClusterName, Migrations.Embedded(typeof(ClusterDatabase).Assembly),
        [DatabaseRoles.App, DatabaseRoles.View], CommonDatabase.Script("grants"), Describe) { Tidy = ForgetLongGone };

    private ClusterDatabase(string connectionString, NpgsqlDataSource dataSource) =>
        (ConnectionString, DataSource) = (connectionString, dataSource);

    /// <summary>For other connections: with the password, which <see cref="DataSource"/> does not show.</summary>
    public string ConnectionString { get; }

    /// <summary>For the ADO.NET providers of Orleans, which share it.</summary>
    public NpgsqlDataSource DataSource { get; }

    /// <summary>Opens it, with one account for everything; see the other overload.</summary>
    public static Task<ClusterDatabase> Open(
        string connectionString, string prefix, JournalOptions? options = null, CancellationToken cancel = default) =>
        Open(new PostgresAccounts(connectionString), prefix, options, cancel);

    /// <summary>
    /// Opens it. With one account for everything, it creates and migrates what needs it, perhaps at the same time as other processes; with
    /// an account of its own, all has to be there (decision 21).
    /// </summary>
    /// <param name="accounts">Name the server, and for one account a database on it to connect to first.</param>
    /// <param name="prefix">Distinguishes several installations on one server.</param>
    /// <param name="options">Of these, how long to wait counts.</param>
    /// <exception cref="UnavailableException">The server cannot be reached.</exception>
    /// <exception cref="JournalSchemaException">The database cannot be created, or is of another version of the software.</exception>
    public static async Task<ClusterDatabase> Open(
        PostgresAccounts accounts, string prefix, JournalOptions? options = null, CancellationToken cancel = default)
    {
        var (connection, source) = await Database.Open(accounts, prefix, options ?? new JournalOptions(), cancel);
        return new ClusterDatabase(connection, source);
    }

    /// <summary>Makes the database and its roles, or brings them up to date. The account may make both; it needs no other right.</summary>
    /// <returns>The roles.</returns>
    public static Task<DatabaseRoles> Migrate(string server, string prefix, CancellationToken cancel) =>
        Database.Migrate(server, prefix, cancel);

    /// <summary>True when it answers.</summary>
    public Task<bool> Ping(CancellationToken cancel) => DataSource.Answers(cancel);

    public ValueTask DisposeAsync() => DataSource.DisposeAsync();

    /// <summary>
    /// Orleans names its tables without a schema and expects the usual isolation; neither may depend on the server's defaults.
    /// </summary>
    private static string Describe(string connectionString, string database, JournalOptions options)
    {
        var described = PostgresConnections.Describe(connectionString, database, options);
        described.SearchPath = Schema;
        described.Options = $@"{described.Options} -c default_transaction_isolation=read\ committed".Trim();
        described.MaxPoolSize = Connections;
        return described.ConnectionString;
    }
}
