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
internal sealed class ProjectionSchema(
    ReadModel model, string schema, IFactLog log, NpgsqlDataSource database, PersonalData personal)
{
    private const string Lock = "select pg_advisory_xact_lock(hashtextextended($1, 0))";
    private const string Lightly = "select set_config('synchronous_commit', 'off', true)";

    private readonly string _schema = schema;

    private long _made; // which tables are Known: those that took the place of others may be at the same positions

    // Positions that are not as expected end the transaction, by the division.
    private string Move =>
        $"""
        with moved as (update {_schema}._position set positions = $2 where positions = $1 and made = $3 returning 1)
        select 1 / count(*) from moved
        """;

    private string ReadPositions => $"select positions, made from {_schema}._position";

    /// <summary>Up to where facts are in these tables, as far as this process knows; null: it does not.</summary>
    public long[]? Known { get; private set; }

    public ReadModel Model => model;

    private PersonalData Personal { get; } = personal.Only(Purpose.Contact);

    /// <summary>The set that is being built, to take the place of the complete one.</summary>
    public static string Next(ReadModel model) => model.Schema + "_next";

    private static string Gone(ReadModel model) => model.Schema + "_gone";

    /// <summary>
    /// True when a statement met no tables of a read model: none are built yet, or others take their place. PostgreSQL names what it
    /// looked up first, which may be a function of the schema.
    /// </summary>
    public static bool IsGone(PostgresException problem) => problem.SqlState
        is PostgresErrorCodes.UndefinedTable or PostgresErrorCodes.InvalidSchemaName or PostgresErrorCodes.UndefinedFunction;

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
                (Known, _made) = (await read.All(row => (row.GetFieldValue<long[]>(0), row.GetInt64(1)), cancel)).Single();
                return Known;
            });
        }
        catch (PostgresException problem) when (IsGone(problem))
        {
            return Known = null;
        }
    }

    /// <summary>
    /// Takes the next batch. The number of facts looked at; 0 when there are none, null when these tables do not exist.
    /// </summary>
    public async Task<long?> Step(CancellationToken cancel) =>
        (Known ?? await Positions(cancel)) is null ? null : await Step([this], log, database, cancel);

    /// <summary>
    /// Takes the next batch into the tables of all these, which are at the same positions, in one transaction. The number of facts looked
    /// at; 0 when there are none. Where another process was faster, nothing is taken, and the positions are not known any more.
    /// </summary>
    public static async Task<long> Step(
        IReadOnlyList<ProjectionSchema> all, IFactLog log, NpgsqlDataSource database, CancellationToken cancel)
    {
        var (from, capability, personal) = (all[0].Known!, all[0].Model.Capability, all[0].Personal);
        var share = log.Share(all.Min(s => s.Model.BatchSize));
        var read = await log.ReadEach(from, share, [.. all.SelectMany(s => s.Model.FactTypes).Distinct()], cancel);
        var facts = read.SelectMany(r => r.Facts).Select(f => (Recorded: f, Fact: personal.Decode(capability.Facts, f))).ToList();
        long[] to = [.. read.Select(r => r.SeenTo)];
        var looked = to.Sum() - from.Sum();
        if (looked == 0) return 0;

        long[] made = [.. all.Select(one => one._made)];
        foreach (var one in all) one.Known = null;
        await using var connection = await database.OpenConnectionAsync(cancel);
        await using var writes = connection.CreateBatch();
        writes.Add(Lightly);
        foreach (var name in all.Select(s => s.Model.Name).Order(StringComparer.Ordinal)) writes.Add(Lock, LockOf(name));
        try
        {
            foreach (var (one, of) in all.Zip(made))
            {
                var wanted = facts.Where(f => one.Model.FactTypes.Contains(f.Recorded.Fact.Type)).ToList();
                writes.Add(one.Move, from, to, of); // before the rows, which may be there already when it fails
                if (wanted.Count > 0) await one.Model.Apply(new ProjectionBatch(one._schema, wanted, personal, connection, writes, cancel));
            }

            await writes.PrepareAsync(cancel); // the same few statements each time
            await writes.ExecuteNonQueryAsync(cancel); // a batch is one transaction
        }
        catch (PostgresException problem) when (problem.SqlState == PostgresErrorCodes.DivisionByZero || IsGone(problem))
        {
            // Another process was here, or the tables were exchanged: go on from what is there now.
            foreach (var (one, was) in all.Zip(made))
                if (await one.Positions(cancel) is not { } there || one._made != was || !there.SequenceEqual(from)) return looked;
            throw;
        }

        foreach (var one in all) one.Known = to;
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
                drop schema if exists {_schema} cascade;
                create schema {_schema};
                {model.Tables};
                create table _position (positions bigint[] not null, made bigint not null) with (fillfactor = 50);
                insert into _position values (array_fill(0::bigint, array[{log.Partitions}]), txid_current());
                """,
                cancel);
        await transaction.CommitAsync(cancel);
    }

    /// <summary>
    /// From now on they do not exist; <see cref="Create"/> removes what is left of them. The positions alone are dropped here: a process
    /// that is about to take facts holds them, and then the other tables, so that a drop of all at once could wait for it in a circle.
    /// </summary>
    public async Task Discard(CancellationToken cancel)
    {
        Known = null;
        await using var connection = await database.OpenConnectionAsync(cancel);
        await using var transaction = await connection.BeginTransactionAsync(cancel);
        await Begin(connection, cancel);
        await Execute(connection, $"drop table if exists {_schema}._position", cancel);
        await transaction.CommitAsync(cancel);
    }

    /// <summary>
    /// Puts these in the place of the complete ones, unless they are not complete up to <paramref name="heads"/>, or those have facts that
    /// are not in these yet (decision 7). Only names change, so readers neither wait nor ever see a half of each.
    /// </summary>
    public async Task<bool> TakeOver(IReadOnlyList<long> heads, CancellationToken cancel)
    {
        await using var connection = await database.OpenConnectionAsync(cancel);
        await Drop(connection, Gone(model), cancel);
        await using (var transaction = await connection.BeginTransactionAsync(cancel))
        {
            await Begin(connection, cancel);
            var live = await new ProjectionSchema(model, model.Schema, log, database, personal).Positions(connection, cancel);
            var next = await Positions(connection, cancel);
            if (next is null) return live is not null; // another process has put these very tables in place already
            if (Behind(next, heads) || (live is not null && Behind(next, live))) return false;
            if (live is not null) await Execute(connection, $"alter schema {model.Schema} rename to {Gone(model)}", cancel);
            await Execute(connection, $"alter schema {_schema} rename to {model.Schema}", cancel);
            await transaction.CommitAsync(cancel);
        }

        await Drop(connection, Gone(model), cancel);
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
        foreach (var old in await find.All(row => row.GetString(0), cancel)) await Drop(connection, old, cancel);
    }

    /// <summary>One table after the other: a drop of all at once could wait in a circle for a reader that waits for it.</summary>
    private static async Task Drop(NpgsqlConnection connection, string schema, CancellationToken cancel)
    {
        await using var find = new NpgsqlCommand("select tablename from pg_tables where schemaname = $1", connection);
        find.Parameters.AddRange([schema]);
        foreach (var table in await find.All(row => row.GetString(0), cancel))
            await Execute(connection, $"drop table if exists {schema}.{table} cascade", cancel);
        await Execute(connection, $"drop schema if exists {schema} cascade", cancel);
    }

    /// <summary>
    /// The same under the lock, where a query of tables that do not exist must not break the transaction. It reads the catalogue, because
    /// <c>to_regclass</c> may answer from the session's cache of the time before it waited for the lock.
    /// </summary>
    private async Task<long[]?> Positions(NpgsqlConnection connection, CancellationToken cancel)
    {
        await using var exists = new NpgsqlCommand(
            "select exists (select from pg_tables where schemaname = $1 and tablename = '_position')", connection);
        exists.Parameters.AddRange([_schema]);
        if (!(bool)(await exists.ExecuteScalarAsync(cancel))!) return null;
        await using var read = new NpgsqlCommand(ReadPositions, connection);
        return (await read.All(row => row.GetFieldValue<long[]>(0), cancel)).Single();
    }

    /// <summary>
    /// One writer or exchange of tables at a time, across processes. Not waiting for the disk loses nothing: rows and positions are lost
    /// together in a crash, and the journal still has the facts.
    /// </summary>
    private async Task Begin(NpgsqlConnection connection, CancellationToken cancel)
    {
        await using var batch = connection.CreateBatch();
        batch.Add(Lock, LockOf(model.Name));
        batch.Add("select set_config('search_path', $1, true)", _schema);
        batch.Add(Lightly);
        await batch.PrepareAsync(cancel);
        await batch.ExecuteNonQueryAsync(cancel);
    }

    private static string LockOf(string name) => $"read_{name}";

    private static async Task Execute(NpgsqlConnection connection, string sql, CancellationToken cancel)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync(cancel);
    }
}
