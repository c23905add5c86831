using Commerce.Inventory;
using Commerce.Journal;
using Commerce.Kernel;
using Npgsql;

namespace Commerce.ReadModels;

/// <summary>Lists over all stock, from the read model in the capability's database.</summary>
public sealed class StockQueries(NpgsqlDataSource inventory) : IStockQueries
{
    private static readonly KeysetList<StockLevel> Levels = new(
        "stock", $"select on_hand, held, coalesce(backorder, false), version, sku from {StockModel.Instance.Schema}.levels",
        ["sku"], [typeof(string)], descending: false, Visibility.Common,
        row => new StockLevel(row.GetString(4), row.GetInt64(0), row.GetInt64(1), row.GetBoolean(2), row.GetInt64(3)));

    private static readonly KeysetList<StockMovement> AllMovements = new(
        "movements", $"select kind, units, reason, reference, occurred_at, sku, version from {StockModel.Instance.Schema}.movements",
        ["occurred_at", "sku", "version"], [typeof(DateTimeOffset), typeof(string), typeof(long)], descending: false,
        Visibility.Common,
        row => new StockMovement(
            row.GetString(5), row.Word<MovementKind>(0), row.GetInt64(1), row.Text(2), row.Text(3), row.Time(4), row.GetInt64(6)));

    private readonly ReadModelReader _reader = new(StockModel.Instance, inventory);

    public Task<Page<StockLevel>> List(PageRequest page, CancellationToken cancel) => Levels.Page(
        _reader, Reach.Everything, page, [], cancel);

    public Task<Page<StockMovement>> Movements(
        string? sku, MovementKind? kind, DateTimeOffset? from, DateTimeOffset? to, PageRequest page, CancellationToken cancel) =>
        AllMovements.Page(
            _reader, Reach.Everything,
            page,
            [
                Condition.If("sku = {0}", sku),
                Condition.If("kind = {0}", kind is { } wanted ? EnumWords.Of(wanted) : null),
                Condition.If("occurred_at >= {0}", from),
                Condition.If("occurred_at < {0}", to),
            ],
            cancel);
}
