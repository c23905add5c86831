using Commerce.Access;
using Commerce.Kernel;
using Npgsql;

namespace Commerce.ReadModels;

/// <summary>Every API key as it stands; of its secrets there are digests only.</summary>
internal sealed class ApiKeyModel()
    : PerEntityReadModel<ApiKeyState, ApiKeyFact>(AccessCapability.Definition, "api_keys", 1, typeof(ApiKeyFact))
{
    public static readonly ApiKeyModel Instance = new();

    public override string Tables =>
        """
        create table api_keys (
            id text collate "C" primary key,
            version bigint not null,
            state json not null);
        """;

    protected override ApiKeyState Initial => ApiKeyState.Initial;

    protected override string Select(string schema) => $"select state, version, id from {schema}.api_keys where id = any($1)";

    public static Row<ApiKeyState> Of(NpgsqlDataReader row) => new(row.GetString(2), row.GetInt64(1), row.Json<ApiKeyState>(0));

    protected override Row<ApiKeyState> Read(NpgsqlDataReader row) => Of(row);

    protected override ApiKeyState Evolve(ApiKeyState state, ApiKeyFact fact) => ApiKeyRules.Evolve(state, fact);

    protected override void Write(ProjectionBatch batch, Row<ApiKeyState>[] rows) => batch.Write(
        $"""
        insert into {batch.Schema}.api_keys (id, version, state)
        select id, version, state::json from unnest($1, $2, $3) as new(id, version, state)
        on conflict (id) do update set version = excluded.version, state = excluded.state
        """,
        rows.Select(r => r.Key).ToArray(),
        rows.Select(r => r.Version).ToArray(),
        rows.Select(r => SqlValues.Json(r.State)).ToArray());
}
