using Commerce.Engine;
using Commerce.Journal;
using Npgsql;
using NpgsqlTypes;

namespace Commerce.Hosting;

/// <summary>
/// The database <c>PREFIX_audit</c>: who did what that matters, and who was refused (decision 29). It is added to by one function, and its
/// roles can neither change nor delete an entry.
/// </summary>
public sealed class AuditDatabase : IAsyncDisposable
{
    /// <summary>The most connections of one process: one writes, the other reads.</summary>
    public const int Connections = 2;

    private static readonly CommonDatabase Database = new(
        "audit", PostgresAccounts.AuditName, [CommonDatabase.Script("audit")], [DatabaseRoles.App, DatabaseRoles.Recorder],
        CommonDatabase.Script("audit-grants"), Describe);

    private readonly NpgsqlDataSource _source;

    private AuditDatabase(NpgsqlDataSource source) => _source = source;

    /// <summary>Opens it, and makes it where one account may do everything.</summary>
    /// <exception cref="UnavailableException">The server cannot be reached.</exception>
    /// <exception cref="JournalSchemaException">It cannot be created, or is of another version of the software.</exception>
    public static async Task<AuditDatabase> Open(PostgresAccounts accounts, string prefix, CancellationToken cancel) =>
        new((await Database.Open(accounts, prefix, new JournalOptions(), cancel)).Source);

    /// <summary>Makes the database and its roles, or brings them up to date.</summary>
    public static Task<DatabaseRoles> Migrate(string server, string prefix, CancellationToken cancel) =>
        Database.Migrate(server, prefix, cancel);

    /// <summary>Adds entries, durably. A connection of before an outage is tried once more: then an entry may be there twice.</summary>
    public Task Record(IReadOnlyList<AuditEntry> entries) => _source.ReadWithRetry(async () =>
    {
        await using var command = _source.CreateCommand("select audit.record($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)");
        command.Parameters
            .AddTexts(entries.Select(e => e.Event)).AddTexts(entries.Select(e => e.Outcome)).AddTexts(entries.Select(e => e.Reason))
            .AddLongs(entries.Select(e => e.Times)).AddTexts(entries.Select(e => e.Caller)).AddTexts(entries.Select(e => e.Address))
            .AddTexts(entries.Select(e => e.Route)).AddTexts(entries.Select(e => e.Object)).AddTexts(entries.Select(e => e.Operation))
            .AddTexts(entries.Select(e => e.Request));
        return await command.ExecuteNonQueryAsync();
    });

    /// <summary>The latest entries first.</summary>
    /// <param name="before">Only those with lower numbers.</param>
    /// <param name="happened">Only those of this event.</param>
    /// <param name="caller">Only those of this caller.</param>
    public Task<IReadOnlyList<RecordedEntry>> Read(
        long before, string? happened, string? caller, int limit, CancellationToken cancel) => _source.ReadWithRetry(async () =>
    {
        await using var command = _source.CreateCommand("""
            select number, at, event, outcome, reason, times, caller, address, route, object, operation, request from audit.entries
            where number < $1 and ($2::text is null or event = $2) and ($3::text is null or caller = $3) order by number desc limit $4
            """);
        command.Parameters.Add(new() { Value = before });
        foreach (var text in new[] { happened, caller })
            command.Parameters.Add(new() { Value = text ?? (object)DBNull.Value, NpgsqlDbType = NpgsqlDbType.Text });
        command.Parameters.Add(new() { Value = limit });
        return (IReadOnlyList<RecordedEntry>)await command.All(
            row => new RecordedEntry(row.GetInt64(0), row.GetFieldValue<DateTimeOffset>(1), new AuditEntry(
                row.GetString(2), row.GetString(3), row.Text(4), row.GetInt64(5), row.GetString(6), row.Text(7), row.GetString(8),
                row.Text(9), row.Text(10), row.GetString(11))),
            cancel);
    });

    public ValueTask DisposeAsync() => _source.DisposeAsync();

    private static string Describe(string connectionString, string database, JournalOptions options)
    {
        var described = PostgresConnections.Describe(connectionString, database, options);
        described.MaxPoolSize = Connections;
        return described.ConnectionString;
    }
}

/// <summary>What is recorded of one act: never a body, a name or a credential.</summary>
/// <param name="Event">What was wanted: an operation of the API.</param>
/// <param name="Outcome">How far it went: <c>begun</c>, <c>done</c>, <c>refused</c> or <c>failed</c>.</param>
/// <param name="Reason">The code of the problem, if there was one.</param>
/// <param name="Times">How many acts it stands for.</param>
/// <param name="Caller">Who wanted it, as facts name it.</param>
/// <param name="Address">From where, without the last part of the address.</param>
/// <param name="Route">The method and the pattern of the path.</param>
/// <param name="Object">The ids in the path.</param>
/// <param name="Operation">The id that its facts have.</param>
/// <param name="Request">The id of the request.</param>
public sealed record AuditEntry(
    string Event, string Outcome, string? Reason, long Times, string Caller, string? Address, string Route, string? Object,
    string? Operation, string Request);

/// <summary>An entry with its place in the record.</summary>
public sealed record RecordedEntry(long Number, DateTimeOffset At, AuditEntry Entry);
