using Npgsql;
using NpgsqlTypes;

namespace Commerce.Bench;

/// <summary>The rows that one order leaves in the journals, and the statement that writes them again for another order.</summary>
internal static class RowTemplate
{
    /// <summary>The tables with rows of an order; the other tables of a journal keep counts.</summary>
    private static readonly string[] Tables = ["facts", "operations", "entities"];

    /// <summary>
    /// Sends one order to a single process with databases of its own, copies its rows into <paramref name="target"/>, which is created with
    /// empty tables of the same definition, and returns pgbench's script.
    /// </summary>
    public static async Task<string> Prepare(
        BenchContext bench, string server, NpgsqlConnectionStringBuilder target, CancellationToken cancel)
    {
        var prefix = $"{target.Database}_template";
        var (key, before) = await SendOrder(bench, server, prefix, cancel);
        await using var postgres = NpgsqlDataSource.Create(server);
        var databases = await Texts(
            postgres, $"select datname from pg_database where starts_with(datname, '{prefix}_') order by 1", null, cancel);
        var rows = new List<(string Table, string Json)>();
        foreach (var database in databases)
        {
            await using var source = NpgsqlDataSource.Create(
                new NpgsqlConnectionStringBuilder(server) { Database = database, Pooling = false });
            foreach (var table in Tables)
            {
                var written = table == "entities" ? "t.id in (select entity from journal.facts where at > $1)" : "t.at > $1";
                var sql = $"select coalesce(json_agg(t), '[]')::text from journal.{table} t where {written}";
                rows.Add((table, (await Texts(source, sql, new NpgsqlParameter<DateTimeOffset> { TypedValue = before }, cancel))[0]));
            }
        }

        await Run(postgres, $"create database \"{target.Database}\" template \"{prefix}_orders\"", null, cancel);
        await using var copy = NpgsqlDataSource.Create(target);
        await Run(copy, $"create schema template; truncate {string.Join(", ", Tables.Select(t => $"journal.{t}"))}", null, cancel);
        var statements = new List<string>();
        foreach (var table in Tables)
        {
            var columns = await Columns(copy, table, cancel);
            var names = string.Join(", ", columns.Select(c => c.Name));
            await Run(copy, $"create table template.{table} (like journal.{table}, nr bigserial)", null, cancel);
            var fill = $"insert into template.{table} ({names}) "
                + $"select {names} from json_populate_recordset(null::journal.{table}, $1::json)";
            foreach (var (_, json) in rows.Where(r => r.Table == table)) await Run(copy, fill, json, cancel);
            var values = string.Join(", ", columns.Select(c => Value(table, c.Name, c.Type, key)));
            statements.Add($"{table} as (insert into journal.{table} ({names}) select {values} from template.{table} p, o)");
        }

        return $"""
            \set n :n + 1
            with {Order}, {string.Join(", ", statements)} select 1;
            """;
    }

    private const string Order = "o as materialized (select :n::bigint as n, :client_id::int as client, "
        + "lpad(to_hex(:n::bigint * 1024 + :client_id::int), 32, '0') as key)";

    private static async Task<(string Key, DateTimeOffset Before)> SendOrder(
        BenchContext bench, string server, string prefix, CancellationToken cancel)
    {
        await using var single = await SystemUnderTest.Up(bench, server, silos: 0, cancel, prefix);
        using var client = new OrderClient(single.Address, 1);
        await client.Stock(cancel);
        await single.CatchUp(cancel);
        var before = DateTimeOffset.UtcNow;
        var order = await client.Order(new Random(0), cancel);
        await single.CatchUp(cancel);
        await single.Stop();
        return (order.Split('_')[1], before);
    }

    /// <summary>
    /// Each order has entities of its own: those that are not named after the order, such as stock, get its key added. Each client has a
    /// partition of its own, in which positions count on.
    /// </summary>
    private static string Value(string table, string column, string type, string key) => (table, column, type) switch
    {
        ("facts", "partition", _) => "o.client::smallint",
        ("facts", "position", _) => "o.n * 1000 + p.nr",
        (_, "entity", _) or ("entities", "id", _) =>
            $"case when strpos(p.{column}, '{key}') > 0 then replace(p.{column}, '{key}', o.key) else p.{column} || '-' || o.key end",
        (_, _, "text") => $"replace(p.{column}, '{key}', o.key)",
        (_, _, "json") => $"replace(p.{column}::text, '{key}', o.key)::json",
        _ => $"p.{column}",
    };

    private static async Task<IReadOnlyList<(string Name, string Type)>> Columns(
        NpgsqlDataSource source, string table, CancellationToken cancel)
    {
        var columns = await Texts(source, """
            select column_name || ' ' || data_type from information_schema.columns
            where table_schema = 'journal' and table_name = $1 and is_generated = 'NEVER' order by ordinal_position
            """, new NpgsqlParameter<string> { TypedValue = table }, cancel);
        return [.. columns.Select(c => c.Split(' ', 2)).Select(c => (c[0], c[1]))];
    }

    private static async Task<IReadOnlyList<string>> Texts(
        NpgsqlDataSource source, string sql, NpgsqlParameter? parameter, CancellationToken cancel)
    {
        await using var command = source.CreateCommand(sql);
        if (parameter is not null) command.Parameters.Add(parameter);
        await using var rows = await command.ExecuteReaderAsync(cancel);
        var texts = new List<string>();
        while (await rows.ReadAsync(cancel)) texts.Add(rows.GetString(0));
        return texts;
    }

    private static async Task Run(NpgsqlDataSource source, string sql, string? text, CancellationToken cancel)
    {
        await using var command = source.CreateCommand(sql);
        if (text is not null) command.Parameters.Add(new NpgsqlParameter { Value = text, NpgsqlDbType = NpgsqlDbType.Text });
        await command.ExecuteNonQueryAsync(cancel);
    }
}
