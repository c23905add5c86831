using Commerce.Engine;
using Commerce.Kernel;
using Npgsql;

namespace Commerce.Journal;

/// <summary>
/// Wraps the keys in a capability's rows anew. A row whose keys have changed meanwhile is left as it is: what was erased stays erased.
/// </summary>
internal static class Rewrapping
{
    private const int Pages = 64; // of a table, in one go

    private static readonly string[] OfJournal = ["appends", "answers", "snapshots"];

    /// <summary>How many rows were wrapped by older keys.</summary>
    public static async Task<long> Run(NpgsqlDataSource database, IKeyService keys, CancellationToken cancel)
    {
        var rows = 0L;
        foreach (var table in OfJournal)
            for (var page = 0L; page < await PagesOf(database, table, cancel); page += Pages)
                rows += await Rewrap(database, table, page, keys, cancel);
        return rows;
    }

    private static async Task<long> PagesOf(NpgsqlDataSource database, string table, CancellationToken cancel)
    {
        await using var ask = database.CreateCommand($"select pg_relation_size('journal.{table}') / current_setting('block_size')::int");
        return (long)(await ask.ExecuteScalarAsync(cancel))!;
    }

    private static async Task<int> Rewrap(
        NpgsqlDataSource database, string table, long page, IKeyService keys, CancellationToken cancel)
    {
        await using var connection = await database.OpenConnectionAsync(cancel);
        var (places, before, after) = (new List<string>(), new List<string>(), new List<string>());
        await using (var old = new NpgsqlCommand(
            $"""
            select ctid::text, entity, keys::text from journal.{table}
            where ctid >= '({page},0)' and ctid < '({page + Pages},0)' and keys is not null
                and exists (select from jsonb_each_text(keys) k where split_part(k.value, '.', 1)::int < $1)
            """,
            connection))
        {
            old.Parameters.AddWithValue(keys.Newest);
            await using var row = await old.ExecuteReaderAsync(cancel);
            while (await row.ReadAsync(cancel))
            {
                if (RowKeys.Rewrapped(row.GetString(2), EntityId.Parse(row.GetString(1)), keys) is not { } anew)
                    throw new InvalidOperationException(
                        $"A key of {row.GetString(1)} in journal.{table} is wrapped by a newer version than the key ring has.");
                places.Add(row.GetString(0));
                before.Add(row.GetString(2));
                after.Add(anew);
            }
        }

        if (places.Count == 0) return 0;
        await using var update = new NpgsqlCommand("select journal.rewrap($1, $2, $3, $4)", connection);
        update.Parameters.AddWithValue(table);
        update.Parameters.AddTexts(places).AddTexts(before).AddTexts(after);
        await update.ExecuteNonQueryAsync(cancel);
        return places.Count;
    }
}
