using Commerce.Engine;
using Commerce.Kernel;
using Commerce.Orders;

namespace Commerce.ReadModels;

/// <summary>Every order as it stands, to list.</summary>
internal sealed class OrderModel() : ReadModel(
    OrdersCapability.Definition, "orders", 5,
    typeof(OrderPlaced), typeof(OrderHeld), typeof(OrderConfirmed), typeof(OrderFailed), typeof(CancellationRequested), typeof(OrderClosed),
    typeof(ShipmentCompleted), typeof(ShipmentFailed), typeof(OrderErased))
{
    public static readonly OrderModel Instance = new();

    /// <summary>An order with all its lines is one fact, and can be large.</summary>
    public override int BatchSize => 2_000;

    public override string Tables =>
        """
        create table orders (
            id text collate "C" primary key,
            status text not null,
            customer_id text collate "C",
            guest_email text collate "C", -- a token of it
            total bigint not null,
            currency text not null,
            lines integer not null,
            reference text collate "C",
            channel text collate "C",
            ordered_at timestamptz not null);
        create index on orders (ordered_at, id);
        create index on orders (status, ordered_at, id);
        create index on orders (customer_id, ordered_at, id) where customer_id is not null;
        create index on orders (guest_email, ordered_at, id) where guest_email is not null;
        create index on orders (channel, ordered_at, id) where channel is not null;
        create index on orders (reference, ordered_at, id) where reference is not null;
        """;

    // Each fact says where the order stands after it, so nothing has to be read before it is written.
    public override Task Apply(ProjectionBatch batch)
    {
        var last = batch.Facts.GroupBy(f => f.Recorded.Entity.Key).ToDictionary(g => g.Key, g => ((OrderFact)g.Last().Fact).Status);
        var placed = batch.Facts.Where(f => f.Fact is OrderPlaced).Select(f => (f.Recorded.Entity.Key, Fact: (OrderPlaced)f.Fact)).ToList();
        if (placed.Count > 0) WritePlaced(batch, placed, last);
        var earlier = last.Keys.Except(placed.Select(p => p.Key)).ToArray();
        if (earlier.Length > 0)
            batch.Write(
                $"""
                update {batch.Schema}.orders set status = new.status from unnest($1, $2) as new(id, status)
                where orders.id = new.id and orders.status <> new.status
                """,
                earlier, earlier.Select(key => EnumWords.Of(last[key])).ToArray());
        var erased = batch.Facts.Where(f => f.Fact is OrderErased).Select(f => f.Recorded.Entity.Key).ToArray();
        if (erased.Length > 0) batch.Write($"update {batch.Schema}.orders set guest_email = null where id = any($1)", [erased]);
        return Task.CompletedTask;
    }

    /// <summary>What a guest's orders are found by.</summary>
    public static string EmailToken(string email, PersonalData personal) => personal.Token("guest", EmailAddresses.Compared(email));

    private static void WritePlaced(
        ProjectionBatch batch, List<(string Key, OrderPlaced Fact)> placed, Dictionary<string, OrderStatus> last) => batch.Write(
        $"""
        insert into {batch.Schema}.orders (id, status, customer_id, guest_email, total, currency, lines, reference, channel, ordered_at)
        select * from unnest($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
        """,
        placed.Select(p => p.Key).ToArray(),
        placed.Select(p => EnumWords.Of(last[p.Key])).ToArray(),
        placed.Select(p => p.Fact.CustomerId).ToArray(),
        placed.Select(p => p.Fact.Guest?.Email is { } email ? EmailToken(email, batch.Personal) : null).ToArray(),
        placed.Select(p => p.Fact.Total.Minor).ToArray(),
        placed.Select(p => p.Fact.Total.Currency).ToArray(),
        placed.Select(p => p.Fact.Lines.Count).ToArray(),
        placed.Select(p => p.Fact.Reference).ToArray(),
        placed.Select(p => p.Fact.Channel).ToArray(),
        placed.Select(p => p.Fact.OrderedAt).ToArray());
}
