using Commerce.Catalogue;
using Commerce.Kernel;
using Npgsql;

namespace Commerce.ReadModels;

/// <summary>Every product as it stands, to list and search.</summary>
internal sealed class ProductModel()
    : PerEntityReadModel<ProductState, ProductFact>(CatalogueCapability.Definition, "products", 3, typeof(ProductFact))
{
    public static readonly ProductModel Instance = new();

    public override string Tables =>
        $"""
        create table products (
            sku text collate "C" primary key,
            version bigint not null,
            status text not null,
            folded_name text collate "C" not null,
            state json not null);
        create index on products (status, sku);
        create index on products ((lower(sku) collate "C"));
        {SearchWords.Index("products", "folded_name")}
        """;

    protected override ProductState Initial => ProductState.Initial;

    protected override string Select(string schema) => $"select state, version, sku from {schema}.products where sku = any($1)";

    public static Row<ProductState> Of(NpgsqlDataReader row) => new(row.GetString(2), row.GetInt64(1), row.Json<ProductState>(0));

    protected override Row<ProductState> Read(NpgsqlDataReader row) => Of(row);

    protected override ProductState Evolve(ProductState state, ProductFact fact) => ProductRules.Evolve(state, fact);

    protected override void Write(ProjectionBatch batch, Row<ProductState>[] rows) => batch.Write(
        $"""
        insert into {batch.Schema}.products (sku, version, status, folded_name, state)
        select sku, version, status, {batch.Schema}.folded(name), state::json
        from unnest($1, $2, $3, $4, $5) as new(sku, version, status, name, state)
        on conflict (sku) do update set
            version = excluded.version, status = excluded.status, folded_name = excluded.folded_name, state = excluded.state
        """,
        rows.Select(r => r.Key).ToArray(),
        rows.Select(r => r.Version).ToArray(),
        rows.Select(r => EnumWords.Of(r.State.Status)).ToArray(),
        rows.Select(r => r.State.Name ?? "").ToArray(),
        rows.Select(r => SqlValues.Json(r.State)).ToArray());
}
