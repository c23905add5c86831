using System.Text.RegularExpressions;
using Npgsql;
using NpgsqlTypes;

namespace Commerce.Bench;

/// <summary>The rows that one order to cash leaves in the journals, as JSON, and how to write them again for another order.</summary>
internal sealed partial class Pattern
{
    /// <summary>Only rows of these are an order's own; the other tables of a journal keep count.</summary>
    private static readonly string[] Tables = ["facts", "operations", "entities"];

    private readonly string _shape;
    private readonly string _key;
    private readonly Dictionary<string, List<string>> _rows;

    private Pattern(string shape, string key, Dictionary<string, List<string>> rows) => (_shape, _key, _rows) = (shape, key, rows);

    /// <summary>Starts a single process on databases of its own, sends it one order and looks what that has written.</summary>
    public static async Task<Pattern> OfAnOrder(
        Workbench bench, string server, NpgsqlDataSource postgres, string prefix, CancellationToken cancel)
    {
        DateTimeOffset before;
        await using (var single = await Subject.SingleProcess(bench, server, cancel, prefix))
        {
            using var client = new OrderClient(single.Address, 1);
            await client.Stock(cancel);
            await single.Settled!(cancel);
            before = DateTimeOffset.UtcNow;
            await client.Order(new Random(0), cancel);
            await single.Settled(cancel);
        }

        var rows = Tables.ToDictionary(t => t, _ => new List<string>());
        var databases = await Names(postgres, prefix, cancel);
        foreach (var database in databases)
        {
            var described = new NpgsqlConnectionStringBuilder(server) { Database = database, Pooling = false };
            await using var one = NpgsqlDataSource.Create(described);
            foreach (var table in Tables) rows[table].Add(await Since(one, table, before, cancel));
        }

        var key = OrderKey().Match(string.Concat(rows["facts"])) is { Success: true } match ? match.Groups[1].Value
            : throw new BenchException("The order that should show its rows has left no fact of an order.");
        return new Pattern(databases.Single(d => d.EndsWith("_orders", StringComparison.Ordinal)), key, rows);
    }

    /// <summary>Makes the database with the same tables, empty, and the rows beside them; returns pgbench's script.</summary>
    public async Task<string> Lay(NpgsqlDataSource postgres, string limit, string name, CancellationToken cancel)
    {
        await Do(postgres, $"create database \"{name}\" template \"{_shape}\"", [], cancel);
        await using var source = NpgsqlDataSource.Create(new NpgsqlConnectionStringBuilder(limit) { Pooling = false });
        await Do(source, $"create schema pattern; truncate {string.Join(", ", Tables.Select(t => $"journal.{t}"))}", [], cancel);
        var statements = new List<string>();
        foreach (var table in Tables)
        {
            await Do(source, $"create table pattern.{table} as select * from journal.{table}", [], cancel);
            var fill = $"insert into pattern.{table} select * from json_populate_recordset(null::journal.{table}, $1::json)";
            foreach (var json in _rows[table]) await Do(source, fill, [json], cancel);
            statements.Add(Statement(table, await Columns(source, table, cancel)));
        }

        await Do(source, Mark, [], cancel);
        await Do(source, "insert into pattern.key values ($1)", [_key], cancel);
        return $"""
            \set n :n + 1
            with o as materialized (select :n::bigint as n, :client_id::int as client,
                lpad(to_hex(:n::bigint * 1024 + :client_id::int), 32, '0') as key), {string.Join(", ", statements)} select 1;
            """.ReplaceLineEndings(" ").Replace("\\set n :n + 1 ", "\\set n :n + 1\n", StringComparison.Ordinal);
    }

    /// <summary>
    /// What was there before the order is the customer's own, and its version goes on by so many facts (<c>step</c>); all else is named
    /// after the order, whose key is then replaced. Positions are counted anew, in a partition a customer.
    /// </summary>
    private static string Mark => $$"""
        create temp table old as select entity, count(*) as step from pattern.facts group by entity having min(version) > 1;
        {{string.Concat(Tables.Select(t => $"""
            alter table pattern.{t} add step bigint not null default 0;
            update pattern.{t} p set step = o.step from old o where {Entity(t)} = o.entity;
            """))}}
        update pattern.facts set position = x.nr
        from (select ctid as c, row_number() over () as nr from pattern.facts) x where x.c = facts.ctid;
        create table pattern.key (key text not null);
        """;

    private static string Entity(string table) => table == "entities" ? "p.id" : "p.entity";

    private static string Statement(string table, IReadOnlyList<(string Name, string Type)> columns)
    {
        var values = columns.Select(c => (table, c.Name, c.Type) switch
        {
            ("facts", "partition", _) => "o.client::smallint",
            ("facts", "position", _) => "o.n * 1000 + p.position",
            (_, "version" or "snapshot_version", _) => $"p.{c.Name} + o.n * p.step",
            (_, "entity", _) or ("entities", "id", _) =>
                $"case when p.step > 0 then p.{c.Name} || '-' || o.client else replace(p.{c.Name}, k.key, o.key) end",
            (_, _, "text") => $"replace(p.{c.Name}, k.key, o.key)",
            (_, _, "json") => $"replace(p.{c.Name}::text, k.key, o.key)::json",
            _ => $"p.{c.Name}",
        });
        var names = columns.Select(c => c.Name).ToList();
        var again = table == "entities"
            ? $" on conflict (id) do update set {string.Join(", ", names.Where(n => n != "id").Select(n => $"{n} = excluded.{n}"))}" : "";
        return $"""
            {table} as (insert into journal.{table} ({string.Join(", ", names)})
            select {string.Join(", ", values)} from pattern.{table} p, pattern.key k, o{again})
            """;
    }

    private static async Task<string> Since(NpgsqlDataSource source, string table, DateTimeOffset before, CancellationToken cancel)
    {
        var which = table == "entities" ? "t.id in (select entity from journal.facts where at > $1)" : "t.at > $1";
        await using var command = source.CreateCommand($"select coalesce(json_agg(t), '[]')::text from journal.{table} t where {which}");
        command.Parameters.Add(new NpgsqlParameter<DateTimeOffset> { TypedValue = before });
        return (string)(await command.ExecuteScalarAsync(cancel))!;
    }

    private static async Task<IReadOnlyList<string>> Names(NpgsqlDataSource postgres, string prefix, CancellationToken cancel)
    {
        await using var command = postgres.CreateCommand("select datname from pg_database where starts_with(datname, $1) order by 1");
        command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = $"{prefix}_" });
        await using var rows = await command.ExecuteReaderAsync(cancel);
        var names = new List<string>();
        while (await rows.ReadAsync(cancel)) names.Add(rows.GetString(0));
        return names;
    }

    private static async Task<IReadOnlyList<(string Name, string Type)>> Columns(
        NpgsqlDataSource source, string table, CancellationToken cancel)
    {
        await using var command = source.CreateCommand("""
            select column_name, data_type from information_schema.columns
            where table_schema = 'journal' and table_name = $1 and is_generated = 'NEVER' order by ordinal_position
            """);
        command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = table });
        await using var rows = await command.ExecuteReaderAsync(cancel);
        var columns = new List<(string, string)>();
        while (await rows.ReadAsync(cancel)) columns.Add((rows.GetString(0), rows.GetString(1)));
        return columns;
    }

    private static async Task Do(NpgsqlDataSource source, string sql, IReadOnlyList<string> texts, CancellationToken cancel)
    {
        await using var command = source.CreateCommand(sql);
        foreach (var text in texts) command.Parameters.Add(new NpgsqlParameter { Value = text, NpgsqlDbType = NpgsqlDbType.Text });
        await command.ExecuteNonQueryAsync(cancel);
    }

    [GeneratedRegex("order/ord_([0-9a-f]{32})")]
    private static partial Regex OrderKey();
}
