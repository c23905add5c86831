using Npgsql;
using NpgsqlTypes;

namespace Commerce.Bench;

/// <summary>The appends that one order leaves in the journals, and the statement that writes them again for another order.</summary>
internal static class RowTemplate
{
    /// <summary>
    /// Sends one order to a single process with databases of its own, copies its rows into <paramref name="target"/>, which is created with
    /// an empty table of the same definition, and returns pgbench's script.
    /// </summary>
    public static async Task<string> Prepare(
        BenchContext bench, string server, NpgsqlConnectionStringBuilder target, CancellationToken cancel)
    {
        var prefix = $"{target.Database}_template";
        var (key, before) = await SendOrder(bench, server, prefix, cancel);
        await using var postgres = NpgsqlDataSource.Create(server);
        var databases = await Texts(
            postgres,
            $"select datname from pg_database where starts_with(datname, '{prefix}_') and datname <> '{prefix}_audit' order by 1",
            null, cancel);
        var rows = new List<string>();
        foreach (var database in databases)
        {
            await using var source = NpgsqlDataSource.Create(
                new NpgsqlConnectionStringBuilder(server) { Database = database, Pooling = false });
            rows.AddRange(await Texts(
                source, "select coalesce(json_agg(a), '[]')::text from journal.appends a where a.at > $1",
                new NpgsqlParameter<DateTimeOffset> { TypedValue = before }, cancel));
        }

        await Run(postgres, $"create database \"{target.Database}\" template \"{prefix}_orders\"", null, cancel);
        await using var copy = NpgsqlDataSource.Create(target);
        await Run(
            copy, "create schema template; create table template.appends (like journal.appends, nr bigserial); truncate journal.appends",
            null, cancel);
        var columns = await Columns(copy, cancel);
        var names = string.Join(", ", columns.Select(c => c.Name));
        foreach (var json in rows)
            await Run(
                copy,
                $"insert into template.appends ({names}) select {names} from json_populate_recordset(null::journal.appends, $1::json)",
                json, cancel);
        return $"""
            \set n :n + 1
            with {Order} insert into journal.appends ({names})
            select {string.Join(", ", columns.Select(c => Value(c.Name, c.Type, key)))} from template.appends p, o;
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
    private static string Value(string column, string type, string key) => (column, type) switch
    {
        ("partition", _) => "o.client::smallint",
        ("position", _) => "o.n * 1000 + p.nr",
        ("entity", _) =>
            $"case when strpos(p.{column}, '{key}') > 0 then replace(p.{column}, '{key}', o.key) else p.{column} || '-' || o.key end",
        (_, "text") => $"replace(p.{column}, '{key}', o.key)",
        (_, "json") => $"replace(p.{column}::text, '{key}', o.key)::json",
        _ => $"p.{column}",
    };

    private static async Task<IReadOnlyList<(string Name, string Type)>> Columns(NpgsqlDataSource source, CancellationToken cancel)
    {
        var columns = await Texts(source, """
            select column_name || ' ' || data_type from information_schema.columns
            where table_schema = 'journal' and table_name = 'appends' order by ordinal_position
            """, null, cancel);
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
