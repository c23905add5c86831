using Commerce.Customers;
using Commerce.Kernel;
using Npgsql;

namespace Commerce.ReadModels;

/// <summary>Every customer as they stand, to list and search.</summary>
internal sealed class CustomerModel()
    : PerEntityReadModel<CustomerState, CustomerFact>(CustomersCapability.Definition, "customers", 4, typeof(CustomerFact))
{
    public static readonly CustomerModel Instance = new();

    public override string Tables =>
        $"""
        create table customers (
            id text collate "C" primary key,
            version bigint not null,
            email text collate "C" not null,
            folded_name text collate "C" not null,
            channel text collate "C",
            state json not null);
        create index on customers (email);
        create index on customers (channel, id) where channel is not null;
        {SearchWords.Index("customers", "folded_name")}
        """;

    protected override CustomerState Initial => CustomerState.Initial;

    protected override string Select(string schema) => $"select state, version, id from {schema}.customers where id = any($1)";

    public static Row<CustomerState> Of(NpgsqlDataReader row) => new(row.GetString(2), row.GetInt64(1), row.Json<CustomerState>(0));

    protected override Row<CustomerState> Read(NpgsqlDataReader row) => Of(row);

    protected override CustomerState Evolve(CustomerState state, CustomerFact fact) => CustomerRules.Evolve(state, fact);

    protected override void Write(ProjectionBatch batch, Row<CustomerState>[] rows) => batch.Write(
        $"""
        insert into {batch.Schema}.customers (id, version, email, folded_name, channel, state)
        select id, version, email, {batch.Schema}.folded(name), channel, state::json
        from unnest($1, $2, $3, $4, $5, $6) as new(id, version, email, name, channel, state)
        on conflict (id) do update set
            version = excluded.version, email = excluded.email, folded_name = excluded.folded_name, state = excluded.state
        """,
        rows.Select(r => r.Key).ToArray(),
        rows.Select(r => r.Version).ToArray(),
        rows.Select(r => CustomerRules.EmailValue(r.State.Email).Value).ToArray(),
        rows.Select(r => r.State.Name ?? "").ToArray(),
        rows.Select(r => r.State.Channel).ToArray(),
        rows.Select(r => SqlValues.Json(r.State)).ToArray());
}
