using Commerce.Engine;
using Commerce.Kernel;
using Npgsql;

namespace Commerce.Journal;

/// <summary>The journal's tables and functions, brought up to date when a database is opened.</summary>
internal static class Schema
{
    private const string Name = "journal";

    private static readonly IReadOnlyList<string> Scripts = Migrations.Embedded(typeof(Schema).Assembly);

    /// <summary>The version that this software makes.</summary>
    public static int Newest => Scripts.Count;

    /// <summary>Creates or migrates; returns how entities are spread over how many partitions.</summary>
    /// <param name="roles">Who the database belongs to, and who may do what in it; null: all is the caller's.</param>
    /// <exception cref="JournalSchemaException">The database was made by newer software, or does not fit this one.</exception>
    public static async Task<Partitioning> Prepare(
        NpgsqlDataSource source, string database, Capability capability, int partitions, IKeyService? keys, DatabaseRoles? roles,
        CancellationToken cancel)
    {
        await using var connection = await source.OpenConnectionAsync(cancel);
        await using var transaction = await connection.BeginTransactionAsync(cancel);
        if (roles is not null) await roles.BecomeOwner(transaction, cancel);
        await Migrations.Apply(transaction, database, Name, Scripts, cancel);
        if (await Fill(transaction, partitions, cancel))
            await Note(transaction, capability.Families.Keys, cancel);
        if (keys is not null) await CheckKeys(transaction, database, keys, cancel);
        var partitioning = await Read(transaction, database, capability, cancel);
        if (roles is not null) await roles.Grant(transaction, cancel);
        await transaction.CommitAsync(cancel);
        return partitioning;
    }

    /// <summary>Makes sure that the database is of this software's version, and changes nothing.</summary>
    /// <exception cref="JournalSchemaException">It is not.</exception>
    public static async Task<Partitioning> Check(
        NpgsqlDataSource source, string database, Capability capability, IKeyService? keys, CancellationToken cancel)
    {
        await using var connection = await source.OpenConnectionAsync(cancel);
        await using var transaction = await connection.BeginTransactionAsync(cancel);
        await Migrations.Check(transaction, database, Name, Scripts.Count, cancel);
        if (keys is not null) await CheckKeys(transaction, database, keys, cancel);
        var partitioning = await Read(transaction, database, capability, cancel);
        await transaction.CommitAsync(cancel);
        return partitioning;
    }

    // The first process that commits notes the ring; one that only reads compares.
    private static async Task CheckKeys(
        NpgsqlTransaction transaction, string database, IKeyService keys, CancellationToken cancel)
    {
        const string mayNote = "select has_function_privilege('journal.use_key_ring(text)', 'execute')";
        await using var may = new NpgsqlCommand(mayNote, transaction.Connection, transaction);
        var note = (bool)(await may.ExecuteScalarAsync(cancel))!;
        await using var ask = new NpgsqlCommand(
            note ? "select journal.use_key_ring($1)" : "select coalesce(key_ring = $1, true) from journal.layout",
            transaction.Connection, transaction);
        ask.Parameters.AddWithValue(Convert.ToBase64String(keys.Token("key ring"u8)));
        if (!(bool)(await ask.ExecuteScalarAsync(cancel))!)
            throw new JournalSchemaException(
                $"The personal data in the database '{database}' is sealed with another key ring. Give the one that it was first opened "
                + "with; nothing was changed.");
    }

    /// <summary>True when the database is new.</summary>
    private static async Task<bool> Fill(NpgsqlTransaction transaction, int partitions, CancellationToken cancel)
    {
        await using var fill = new NpgsqlCommand(
            $"""
            insert into journal.layout (partitions) select {partitions} where not exists (select from journal.layout)
            """,
            transaction.Connection, transaction);
        return await fill.ExecuteNonQueryAsync(cancel) > 0;
    }

    private static async Task Note(NpgsqlTransaction transaction, IEnumerable<string> families, CancellationToken cancel)
    {
        await using var note = new NpgsqlCommand(
            "insert into journal.families (kind) select unnest($1::text[])", transaction.Connection, transaction);
        note.Parameters.AddTexts(families);
        await note.ExecuteNonQueryAsync(cancel);
    }

    private static async Task<Partitioning> Read(
        NpgsqlTransaction transaction, string database, Capability capability, CancellationToken cancel)
    {
        await using var ask = new NpgsqlCommand(
            "select (select partitions::int from journal.layout), (select coalesce(array_agg(kind), '{}') from journal.families)",
            transaction.Connection, transaction);
        await using var row = await ask.ExecuteReaderAsync(cancel);
        await row.ReadAsync(cancel);
        var (count, kinds) = (row.GetInt32(0), row.GetFieldValue<string[]>(1));
        var families = kinds.ToDictionary(
            kind => kind,
            kind => capability.Families.GetValueOrDefault(kind) ?? throw new JournalSchemaException(
                $"Database '{database}' keeps the facts of each '{kind}' with its family, and this software knows no families of that "
                + "kind. Start the software version that last used it; nothing was changed."));
        return new Partitioning(count, families);
    }
}
