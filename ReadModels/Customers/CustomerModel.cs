using Commerce.Customers;
using Commerce.Engine;
using Commerce.Journal;
using Commerce.Kernel;
using Npgsql;

namespace Commerce.ReadModels;

/// <summary>
/// Every customer as they stand, to list and search. The profile is sealed, and so are the words it is found by; an order changes the
/// figures alone, which need not be. Who is erased is on no list.
/// </summary>
internal sealed class CustomerModel() : ReadModel(CustomersCapability.Definition, "customers", 5, typeof(CustomerFact))
{
    public static readonly CustomerModel Instance = new();

    public override string Tables =>
        $"""
        create table customers (
            id text collate "C" primary key,
            version bigint not null,
            email text collate "C" not null,
            words bigint[] not null,
            channel text collate "C",
            profile text not null,
            keys text,
            lifetime json not null);
        create index on customers (email);
        create index on customers (channel, id) where channel is not null;
        create index on customers using gin (words);
        {SearchWords.Function}
        """;

    public static CustomerState Of(NpgsqlDataReader row, PersonalData personal) =>
        personal.Read<CustomerState>(new EntityId("customer", row.GetString(0)), row.GetString(2), row.Text(3)) with
        {
            Lifetime = row.Json<CustomerState>(4).Lifetime,
        };

    public override async Task Apply(ProjectionBatch batch)
    {
        var touched = batch.Facts.Where(f => f.Fact is not ActivityRecorded).Select(f => f.Recorded.Entity.Key).ToHashSet();
        var keys = batch.Facts.Select(f => f.Recorded.Entity.Key).Distinct().ToArray();
        var rows = (await batch.Read(
            $"select id, version, profile, keys, lifetime from {batch.Schema}.customers where id = any($1)",
            row => new Row<CustomerState>(
                row.GetString(0), row.GetInt64(1), Of(row, touched.Contains(row.GetString(0)) ? batch.Personal : PersonalData.Withheld)),
            [keys])).ToDictionary(r => r.Key);
        foreach (var (recorded, fact) in batch.Facts)
        {
            var key = recorded.Entity.Key;
            var known = rows.TryGetValue(key, out var row);
            if (!known && fact is not CustomerRegistered) continue; // erased before: an order turned up late
            var state = known ? row.State : CustomerState.Initial;
            rows[key] = new Row<CustomerState>(key, recorded.Version, CustomerRules.Evolve(state, (CustomerFact)fact));
        }

        Delete(batch, [.. rows.Values.Where(r => r.State.IsErased).Select(r => r.Key)]);
        await WriteProfiles(batch, [.. rows.Values.Where(r => touched.Contains(r.Key) && !r.State.IsErased)]);
        WriteFigures(batch, [.. rows.Values.Where(r => !touched.Contains(r.Key) && !r.State.IsErased)]);
    }

    private static void Delete(ProjectionBatch batch, string[] erased)
    {
        if (erased.Length > 0) batch.Write($"delete from {batch.Schema}.customers where id = any($1)", [erased]);
    }

    private static async Task WriteProfiles(ProjectionBatch batch, Row<CustomerState>[] rows)
    {
        if (rows.Length == 0) return;
        var folded = await batch.Read(
            $"select {batch.Schema}.folded(name) from unnest($1::text[]) with ordinality n(name, n) order by n",
            row => row.GetString(0), [rows.Select(r => r.State.Name ?? "").ToArray()]);
        var profiles = rows.Select(r => batch.Personal.Write(
            new EntityId("customer", r.Key), r.State with { Lifetime = CustomerState.Initial.Lifetime })).ToList();
        batch.Write(
            $"""
            insert into {batch.Schema}.customers (id, version, email, words, channel, profile, keys, lifetime)
            select id, version, email, words::bigint[], channel, profile, keys, lifetime::json
            from unnest($1, $2, $3, $4, $5, $6, $7, $8) as new(id, version, email, words, channel, profile, keys, lifetime)
            on conflict (id) do update set
                version = excluded.version, email = excluded.email, words = excluded.words, profile = excluded.profile,
                keys = excluded.keys, lifetime = excluded.lifetime
            """,
            rows.Select(r => r.Key).ToArray(),
            rows.Select(r => r.Version).ToArray(),
            rows.Select(r => EmailToken(r.State.Email, batch.Personal)).ToArray(),
            folded.Select(f => $"{{{string.Join(',', BlindWords.Of(f, batch.Personal))}}}").ToArray(),
            rows.Select(r => r.State.Channel).ToArray(),
            profiles.Select(p => p.Json).ToArray(),
            profiles.Select(p => p.Keys).ToArray(),
            rows.Select(r => Figures(r.State)).ToArray());
    }

    private static void WriteFigures(ProjectionBatch batch, Row<CustomerState>[] rows)
    {
        if (rows.Length == 0) return;
        batch.Write(
            $"""
            update {batch.Schema}.customers set version = new.version, lifetime = new.lifetime::json
            from unnest($1, $2, $3) as new(id, version, lifetime) where customers.id = new.id
            """,
            rows.Select(r => r.Key).ToArray(),
            rows.Select(r => r.Version).ToArray(),
            rows.Select(r => Figures(r.State)).ToArray());
    }

    /// <summary>What an e-mail address is found by: the whole address.</summary>
    public static string EmailToken(string email, PersonalData personal)
    {
        var value = CustomerRules.EmailValue(email);
        return personal.Token(value.Scope, value.Value);
    }

    private static string Figures(CustomerState state) => SqlValues.Json(CustomerState.Initial with { Lifetime = state.Lifetime });
}
