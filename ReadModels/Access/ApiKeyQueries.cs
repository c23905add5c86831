using Commerce.Access;
using Commerce.Kernel;
using Npgsql;

namespace Commerce.ReadModels;

/// <summary>Lists over all API keys, from the read model in the capability's database.</summary>
public sealed class ApiKeyQueries(NpgsqlDataSource access) : IApiKeyQueries
{
    private static readonly KeysetList<ApiKeyView> All = new(
        "api-keys", $"select state, version, id from {ApiKeyModel.Instance.Schema}.api_keys",
        ["id"], [typeof(string)], descending: false, Visibility.Common, View);

    private readonly ReadModelReader _reader = new(ApiKeyModel.Instance, access);

    /// <inheritdoc/>
    public Task<Page<ApiKeyView>> List(PageRequest page, CancellationToken cancel) =>
        All.Page(_reader, Reach.Everything, page, [], cancel);

    private static ApiKeyView View(NpgsqlDataReader row)
    {
        var (id, version, state) = ApiKeyModel.Of(row);
        return ApiKeyRules.View(id, state, version);
    }
}
