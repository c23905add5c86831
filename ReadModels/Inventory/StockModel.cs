using Commerce.Inventory;
using Commerce.Kernel;

namespace Commerce.ReadModels;

/// <summary>
/// The level of every SKU, and every change of units on hand. Every fact says by how much it changes what, so levels are sums and
/// nothing has to be read before it is written.
/// </summary>
internal sealed class StockModel() : ReadModel(InventoryCapability.Definition, "stock", 2, typeof(StockFact))
{
    public static readonly StockModel Instance = new();

    public override string Tables =>
        """
        create table levels (
            sku text collate "C" primary key,
            on_hand bigint not null,
            held bigint not null,
            backorder boolean, -- null: nothing was ever said about it, so no
            version bigint not null)
            with (fillfactor = 70);
        create table movements (
            occurred_at timestamptz not null,
            sku text collate "C" not null,
            version bigint not null,
            kind text not null,
            units bigint not null,
            reason text,
            reference text,
            primary key (occurred_at, sku, version));
        create index on movements (sku, occurred_at, version);
        create index on movements (kind, occurred_at, sku, version);
        """;

    public override Task Apply(ProjectionBatch batch)
    {
        var levels = new Dictionary<string, StockLevel>();
        var backorder = new Dictionary<string, bool?>();
        var movements = new List<StockMovement>();
        foreach (var (recorded, fact) in batch.Facts)
        {
            var (sku, version) = (recorded.Entity.Key, recorded.Version);
            var (onHand, held) = Change((StockFact)fact);
            var level = levels.GetValueOrDefault(sku) ?? new StockLevel(sku, 0, 0, false, 0);
            levels[sku] = level with { OnHand = level.OnHand + onHand, Held = level.Held + held, Version = version };
            if (fact is BackorderAllowed said) backorder[sku] = said.Allowed;
            if (Movement(sku, version, (StockFact)fact) is { } movement) movements.Add(movement);
        }

        WriteLevels(batch, [.. levels.Values], backorder);
        if (movements.Count > 0) WriteMovements(batch, movements);
        return Task.CompletedTask;
    }

    private static (long OnHand, long Held) Change(StockFact fact) => fact switch
    {
        StockReceived f => (f.Quantity, 0),
        StockAdjusted f => (f.Change, 0),
        StockHeld f => (0, f.Quantity),
        HoldPosted f => (-f.Quantity, -f.Quantity),
        HoldUnposted f => (f.Quantity, f.Quantity),
        HoldVoided f => (0, -f.Quantity),
        HoldExpired f => (0, -f.Quantity),
        StockReturned f => (f.Quantity, 0),
        BackorderAllowed => (0, 0),
        _ => throw new InvalidOperationException($"The stock lists do not know the fact {fact.GetType().Name}."),
    };

    private static StockMovement? Movement(string sku, long version, StockFact fact) => fact switch
    {
        StockReceived f => new(sku, MovementKind.Receipt, f.Quantity, null, f.Reference, f.OccurredAt, version),
        StockAdjusted f => new(sku, MovementKind.Adjustment, f.Change, f.Reason, f.Reference, f.OccurredAt, version),
        HoldPosted f => new(sku, MovementKind.Shipment, -f.Quantity, null, f.HoldId, f.OccurredAt, version),
        HoldUnposted f => new(sku, MovementKind.Shipment, f.Quantity, null, f.HoldId, f.OccurredAt, version),
        StockReturned f => new(sku, MovementKind.Return, f.Quantity, null, f.Reference, f.OccurredAt, version),
        _ => null,
    };

    private static void WriteLevels(ProjectionBatch batch, StockLevel[] changes, Dictionary<string, bool?> backorder) => batch.Write(
        $"""
        insert into {batch.Schema}.levels (sku, on_hand, held, backorder, version) select * from unnest($1, $2, $3, $4, $5)
        on conflict (sku) do update set
            on_hand = levels.on_hand + excluded.on_hand, held = levels.held + excluded.held,
            backorder = coalesce(excluded.backorder, levels.backorder), version = excluded.version
        """,
        changes.Select(c => c.Sku).ToArray(),
        changes.Select(c => c.OnHand).ToArray(),
        changes.Select(c => c.Held).ToArray(),
        changes.Select(c => backorder.GetValueOrDefault(c.Sku)).ToArray(),
        changes.Select(c => c.Version).ToArray());

    private static void WriteMovements(ProjectionBatch batch, List<StockMovement> movements) => batch.Write(
        $"""
        insert into {batch.Schema}.movements (occurred_at, sku, version, kind, units, reason, reference)
        select * from unnest($1, $2, $3, $4, $5, $6, $7)
        """,
        movements.Select(m => m.OccurredAt).ToArray(),
        movements.Select(m => m.Sku).ToArray(),
        movements.Select(m => m.Version).ToArray(),
        movements.Select(m => EnumWords.Of(m.Kind)).ToArray(),
        movements.Select(m => m.Units).ToArray(),
        movements.Select(m => m.Reason).ToArray(),
        movements.Select(m => m.Reference).ToArray());
}
