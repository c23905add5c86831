using Commerce.Engine;
using Commerce.Journal;
using Commerce.Kernel;
using Npgsql;

namespace Commerce.ReadModels;

/// <summary>
/// One set of a read model's tables, in a schema of its own, together with the positions up to which facts are in them. The transaction
/// that changes rows moves the positions, so each fact is in the rows exactly once, even when processes are killed; a process that finds
/// other positions than it expected continues from those, so several may work on the same tables (decision 7).
/// </summary>
internal sealed class ProjectionSchema(ReadModel model, string schema, IFactLog log, NpgsqlDataSource database)
{
    private const string Lock = "select pg_advisory_xact_lock(hashtextextended($1, 0))";

    private long[]? _positions;

    /// <summary>The most facts of one partition that one step takes.</summary>
    public int Share { get; } = log.Share(model.BatchSize);

    private string ReadPositions => $"select position from {schema}._position order by partition";

    /// <summary>The set that is being built, to take the place of the complete one.</summary>
    public static string Next(ReadModel model) => model.Schema + "_next";

    private static string Gone(ReadModel model) => model.Schema + "_gone";

    /// <summary>True when some partition has more facts than were taken.</summary>
    public static bool Behind(IReadOnlyList<long> positions, IReadOnlyList<long> heads) =>
        heads.Where((head, partition) => head > positions[partition]).Any();

    /// <summary>The position of each partition, or null when these tables do not exist.</summary>
    public async Task<long[]?> Positions(CancellationToken cancel)
    {
        try
        {
            return await database.ReadWithRetry(async () =>
            {
                await using var read = database.CreateCommand(ReadPositions);
                return (long[])[.. await read.All(row => row.GetInt64(0), cancel)];
            });
        }
        catch (PostgresException problem) when (problem.SqlState == PostgresErrorCodes.UndefinedTable)
        {
            return null;
        }
    }

    /// <summary>
    /// Takes the next batch. The number of facts looked at; 0 when there are none, null when these tables do not exist.
    /// </summary>
    public async Task<long?> Step(CancellationToken cancel)
    {
        if ((_positions ??= await Positions(cancel)) is not { } from) return null;
        var (facts, to) = await ReadFrom(from, cancel);
        var looked = to.Sum() - from.Sum();
        if (looked == 0) return 0;

        await using var connection = await database.OpenConnectionAsync(cancel);
        await using var transaction = await connection.BeginTransactionAsync(cancel);
        await Begin(connection, cancel);
        var present = await Positions(connection, cancel);
        if (present is null || !present.SequenceEqual(from))
        {
            _positions = present; // another process was here, or the tables were exchanged: go on from what is there now
            return looked;
        }

        var batch = new ProjectionBatch(connection, facts, cancel);
        if (facts.Count > 0) await model.Apply(batch);
        batch.Write(
            """
            update _position set position = new.position from unnest($1, $2) as new(partition, position)
            where _position.partition = new.partition
            """,
            Enumerable.Range(0, to.Length).ToArray(), to);
        await batch.Flush();
        await transaction.CommitAsync(cancel);
        _positions = to;
        return looked;
    }

    /// <summary>Creates them, empty, unless they exist.</summary>
    public async Task Create(CancellationToken cancel)
    {
        await using var connection = await database.OpenConnectionAsync(cancel);
        await using var transaction = await connection.BeginTransactionAsync(cancel);
        await Begin(connection, cancel);
        if (await Positions(connection, cancel) is null)
            await Execute(
                connection,
                $"""
                drop schema if exists {schema} cascade;
                create schema {schema};
                {model.Tables};
                create table _position (partition integer primary key, position bigint not null);
                insert into _position select generate_series(0, {log.Partitions - 1}), 0;
                """,
                cancel);
        await transaction.CommitAsync(cancel);
    }

    public async Task Drop(CancellationToken cancel)
    {
        _positions = null;
        await using var connection = await database.OpenConnectionAsync(cancel);
        await using var transaction = await connection.BeginTransactionAsync(cancel);
        await Begin(connection, cancel);
        await Execute(connection, $"drop schema if exists {schema} cascade", cancel);
        await transaction.CommitAsync(cancel);
    }

    /// <summary>
    /// Puts these in the place of the complete ones, unless they are not complete up to <paramref name="heads"/>, or those have facts that
    /// are not in these yet (decision 7). Only names change, so readers neither wait nor ever see a half of each.
    /// </summary>
    public async Task<bool> TakeOver(IReadOnlyList<long> heads, CancellationToken cancel)
    {
        await using var connection = await database.OpenConnectionAsync(cancel);
        await Execute(connection, $"drop schema if exists {Gone(model)} cascade", cancel);
        await using (var transaction = await connection.BeginTransactionAsync(cancel))
        {
            await Begin(connection, cancel);
            var live = await new ProjectionSchema(model, model.Schema, log, database).Positions(connection, cancel);
            var next = await Positions(connection, cancel);
            if (next is null) return live is not null; // another process has put these very tables in place already
            if (Behind(next, heads) || (live is not null && Behind(next, live))) return false;
            if (live is not null) await Execute(connection, $"alter schema {model.Schema} rename to {Gone(model)}", cancel);
            await Execute(connection, $"alter schema {schema} rename to {model.Schema}", cancel);
            await transaction.CommitAsync(cancel);
        }

        await Execute(connection, $"drop schema if exists {Gone(model)} cascade", cancel);
        await DropOlderVersions(connection, cancel);
        return true;
    }

    private async Task DropOlderVersions(NpgsqlConnection connection, CancellationToken cancel)
    {
        await using var find = new NpgsqlCommand(
            """
            select nspname from pg_namespace
            where nspname ~ $1 and substring(nspname from '_v([0-9]+)(?:_next|_gone)?$')::integer < $2
            """,
            connection);
        find.Parameters.AddRange([$"^read_{model.Name}_v[0-9]+(_next|_gone)?$", model.Version]);
        foreach (var old in await find.All(row => row.GetString(0), cancel))
            await Execute(connection, $"drop schema if exists {old} cascade", cancel);
    }

    private async Task<(IReadOnlyList<(RecordedFact, object)> Facts, long[] To)> ReadFrom(long[] from, CancellationToken cancel)
    {
        var read = await log.ReadEach(from, Share, model.FactTypes, cancel);
        var facts = read.SelectMany(r => r.Facts).Select(f => (f, model.Capability.Facts.Decode(f.Fact)));
        return ([.. facts], [.. read.Select(r => r.SeenTo)]);
    }

    /// <summary>
    /// The same under the lock, where a query of tables that do not exist must not break the transaction. It reads the catalogue, because
    /// <c>to_regclass</c> may answer from the session's cache of the time before it waited for the lock.
    /// </summary>
    private async Task<long[]?> Positions(NpgsqlConnection connection, CancellationToken cancel)
    {
        await using var exists = new NpgsqlCommand("select exists (select from pg_tables where schemaname = $1)", connection);
        exists.Parameters.AddRange([schema]);
        if (!(bool)(await exists.ExecuteScalarAsync(cancel))!) return null;
        await using var read = new NpgsqlCommand(ReadPositions, connection);
        return [.. await read.All(row => row.GetInt64(0), cancel)];
    }

    /// <summary>
    /// One writer or exchange of tables at a time, across processes. Not waiting for the disk loses nothing: rows and positions are lost
    /// together in a crash, and the journal still has the facts.
    /// </summary>
    private async Task Begin(NpgsqlConnection connection, CancellationToken cancel)
    {
        await using var batch = connection.CreateBatch();
        foreach (var (sql, value) in new[]
        {
            (Lock, $"read_{model.Name}"),
            ("select set_config('search_path', $1, true)", schema),
            ("select set_config('synchronous_commit', $1, true)", "off"),
        })
        {
            var command = batch.CreateBatchCommand();
            command.CommandText = sql;
            command.Parameters.AddRange([value]);
            batch.BatchCommands.Add(command);
        }

        await batch.PrepareAsync(cancel);
        await batch.ExecuteNonQueryAsync(cancel);
    }

    private static async Task Execute(NpgsqlConnection connection, string sql, CancellationToken cancel)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync(cancel);
    }
}
