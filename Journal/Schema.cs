using Commerce.Engine;
using Commerce.Kernel;
using Npgsql;

namespace Commerce.Journal;

/// <summary>The journal's tables and functions, brought up to date when a database is opened.</summary>
internal static class Schema
{
    private static readonly IReadOnlyList<string> Scripts = Migrations.Embedded(typeof(Schema).Assembly);

    /// <summary>The version that this software makes.</summary>
    public static int Newest => Scripts.Count;

    /// <summary>Creates or migrates; returns how entities are spread over how many partitions.</summary>
    /// <exception cref="JournalSchemaException">The database was made by newer software, or does not fit this one.</exception>
    public static async Task<Partitioning> Prepare(
        NpgsqlDataSource source, string database, Capability capability, int partitions, IKeyService? keys, CancellationToken cancel)
    {
        await using var connection = await source.OpenConnectionAsync(cancel);
        await using var transaction = await connection.BeginTransactionAsync(cancel);
        await Migrations.Apply(transaction, database, "journal", Scripts, cancel);
        if (await Fill(transaction, partitions, cancel))
            await Note(transaction, capability.Families.Keys, cancel);
        if (keys is not null) await CheckKeys(transaction, database, Convert.ToBase64String(keys.Token("key ring"u8)), cancel);
        var (count, kinds) = await Read(transaction, cancel);
        var families = kinds.ToDictionary(
            kind => kind,
            kind => capability.Families.GetValueOrDefault(kind) ?? throw new JournalSchemaException(
                $"Database '{database}' keeps the facts of each '{kind}' with its family, and this software knows no families of that "
                + "kind. Start the software version that last used it; nothing was changed."));
        await transaction.CommitAsync(cancel);
        return new Partitioning(count, families);
    }

    private static async Task CheckKeys(NpgsqlTransaction transaction, string database, string ring, CancellationToken cancel)
    {
        await using var note = new NpgsqlCommand(
            "update journal.layout set key_ring = coalesce(key_ring, $1) where key_ring is null or key_ring = $1",
            transaction.Connection, transaction);
        note.Parameters.AddWithValue(ring);
        if (await note.ExecuteNonQueryAsync(cancel) == 0)
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

    private static async Task<(int Count, string[] KindsWithFamilies)> Read(NpgsqlTransaction transaction, CancellationToken cancel)
    {
        await using var ask = new NpgsqlCommand(
            "select (select partitions::int from journal.layout), (select coalesce(array_agg(kind), '{}') from journal.families)",
            transaction.Connection, transaction);
        await using var row = await ask.ExecuteReaderAsync(cancel);
        await row.ReadAsync(cancel);
        return (row.GetInt32(0), row.GetFieldValue<string[]>(1));
    }
}
