using Commerce.Journal;
using Npgsql;

namespace Commerce.ApiGateway.Tests;

/// <summary>Every row of every table of a database, as text.</summary>
internal static class KeptRows
{
    public static async Task<IReadOnlyList<string>> Of(NpgsqlDataSource database)
    {
        var rows = new List<string>();
        foreach (var table in await Texts(
            database,
            "select schemaname || '.' || tablename from pg_tables where schemaname not in ('pg_catalog', 'information_schema')"))
            rows.AddRange(await Texts(database, $"select t::text from {table} t"));
        return rows;
    }

    private static async Task<List<string>> Texts(NpgsqlDataSource database, string sql)
    {
        await using var command = database.CreateCommand(sql);
        return await command.All(row => row.GetString(0), CancellationToken.None);
    }
}
