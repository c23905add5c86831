using Commerce.Kernel;
using Npgsql;

namespace Commerce.Journal;

/// <summary>
/// The database <c>PREFIX_cluster</c>, in which silos find each other and Orleans keeps reminders and the state of its own grains. It
/// holds nothing of the business: dropped while nothing runs, it is made again by the next start.
/// </summary>
public sealed class ClusterDatabase : IAsyncDisposable
{
    /// <summary>What ADO.NET providers call the driver of these connections.</summary>
    public const string Invariant = "Npgsql";

    private readonly NpgsqlDataSource _source;

    private ClusterDatabase(string connectionString, NpgsqlDataSource source) => (ConnectionString, _source) = (connectionString, source);

    /// <summary>For the ADO.NET providers of Orleans, which find their statements through it.</summary>
    public string ConnectionString { get; }

    /// <summary>Opens it; creates and migrates what needs it, perhaps at the same time as other processes.</summary>
    /// <param name="connectionString">Names the server and a database on it to connect to first.</param>
    /// <param name="prefix">Tells several installations on one server apart.</param>
    /// <param name="options">Of these, how long to wait counts.</param>
    /// <param name="cancel">Gives up.</param>
    /// <exception cref="UnavailableException">The server cannot be reached.</exception>
    /// <exception cref="JournalSchemaException">The database cannot be created, or was made by newer software.</exception>
    public static async Task<ClusterDatabase> Open(
        string connectionString, string prefix, JournalOptions? options = null, CancellationToken cancel = default)
    {
        var database = $"{prefix}_cluster";
        options ??= new JournalOptions();
        return await CommerceDatabases.Guarded(database, async () =>
        {
            await Server.EnsureDatabase(connectionString, database, options, cancel);
            var described = Server.DescribeCluster(connectionString, database, options);
            var source = NpgsqlDataSource.Create(new NpgsqlConnectionStringBuilder(described) { MaxPoolSize = 1 });
            try
            {
                await using var connection = await source.OpenConnectionAsync(cancel);
                await using var transaction = await connection.BeginTransactionAsync(cancel);
                await Migrations.Apply(transaction, database, ClusterSchema.Name, ClusterSchema.Steps, cancel);
                await using var tidy = new NpgsqlCommand(ClusterMembership.ForgetLongGone, connection, transaction);
                await tidy.ExecuteNonQueryAsync(cancel);
                await transaction.CommitAsync(cancel);
                return new ClusterDatabase(described, source);
            }
            catch
            {
                await source.DisposeAsync();
                throw;
            }
        });
    }

    /// <summary>True when it answers.</summary>
    public async Task<bool> Ping(CancellationToken cancel)
    {
        try
        {
            await using var command = _source.CreateCommand("select 1");
            return await command.ExecuteScalarAsync(cancel) is not null;
        }
        catch (Exception away) when (away is NpgsqlException or TimeoutException)
        {
            return false; // the very thing that is asked for
        }
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => _source.DisposeAsync();
}
