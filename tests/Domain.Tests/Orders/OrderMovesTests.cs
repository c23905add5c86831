using System.Text;
using Commerce.Kernel;
using Commerce.Orders;
using Commerce.Testing;
using Xunit;

namespace Commerce.Domain.Tests.Orders;

public sealed class OrderMovesTests
{
    /// <summary>How to make an order do each row; a row without a way fails <see cref="Every_row_of_the_table_happens"/>.</summary>
    private static readonly Dictionary<(OrderStatus?, OrderMove), Func<RuledOrder>> Ways = new()
    {
        [(null, OrderMove.Place)] = () => RuledOrder.Placed(),
        [(OrderStatus.Placed, OrderMove.Confirm)] = () => RuledOrder.Placed().Step(),
        [(OrderStatus.Placed, OrderMove.Hold)] = () => RuledOrder.Placed().Wait(),
        [(OrderStatus.Placed, OrderMove.Fail)] = () => RuledOrder.Placed().Step(works: false),
        [(OrderStatus.Placed, OrderMove.Cancel)] = () => RuledOrder.Placed().Cancel(),
        [(OrderStatus.Held, OrderMove.Confirm)] = () => RuledOrder.Placed().Wait().Step(),
        [(OrderStatus.Held, OrderMove.Fail)] = () => RuledOrder.Placed().Wait().Step(works: false),
        [(OrderStatus.Held, OrderMove.Cancel)] = () => RuledOrder.Placed().Wait().Cancel(),
        [(OrderStatus.Confirmed, OrderMove.Ship)] = () => RuledOrder.Confirmed().Ship("shp_1"),
        [(OrderStatus.Confirmed, OrderMove.CompletePart)] = () => RuledOrder.PartlyShipped(),
        [(OrderStatus.Confirmed, OrderMove.CompleteAll)] = () => RuledOrder.Shipped(),
        [(OrderStatus.Confirmed, OrderMove.FailShipment)] = () => RuledOrder.Confirmed().Ship("shp_1").Step(works: false),
        [(OrderStatus.Confirmed, OrderMove.Pay)] = () => RuledOrder.Confirmed().Pay("pay_2"),
        [(OrderStatus.Confirmed, OrderMove.Cancel)] = () => RuledOrder.Confirmed().Cancel(),
        [(OrderStatus.PartlyShipped, OrderMove.Ship)] = () => RuledOrder.PartlyShipped().Ship("shp_2"),
        [(OrderStatus.PartlyShipped, OrderMove.CompletePart)] = () =>
            RuledOrder.PartlyShipped().Ship("shp_2", new LineQuantity(2, 1)).Run(),
        [(OrderStatus.PartlyShipped, OrderMove.CompleteAll)] = () => RuledOrder.PartlyShipped().Ship("shp_2").Run(),
        [(OrderStatus.PartlyShipped, OrderMove.FailShipment)] = () => RuledOrder.PartlyShipped().Ship("shp_2").Step(works: false),
        [(OrderStatus.PartlyShipped, OrderMove.Pay)] = () => RuledOrder.PartlyShipped().Pay("pay_2"),
        [(OrderStatus.PartlyShipped, OrderMove.Cancel)] = () => RuledOrder.PartlyShipped().Cancel(),
        [(OrderStatus.PartlyShipped, OrderMove.Return)] = () => RuledOrder.PartlyShipped().Return("ret_1"),
        [(OrderStatus.Shipped, OrderMove.Return)] = () => RuledOrder.Shipped().Return("ret_1"),
        [(OrderStatus.Closing, OrderMove.CompletePart)] = () =>
            RuledOrder.Confirmed().Ship("shp_1", new LineQuantity(1, 1)).Cancel().Step(),
        [(OrderStatus.Closing, OrderMove.CompleteAll)] = () => Expired(RuledOrder.Confirmed().Ship("shp_1")).Step(),
        [(OrderStatus.Closing, OrderMove.FailShipment)] = () =>
            RuledOrder.Confirmed().Ship("shp_1", new LineQuantity(1, 1)).Cancel().Step(works: false),
        [(OrderStatus.Closing, OrderMove.CloseRejected)] = () => RuledOrder.Placed().Step(works: false).Run(),
        [(OrderStatus.Closing, OrderMove.CloseCancelled)] = () => RuledOrder.Confirmed().Cancel().Run(),
        [(OrderStatus.Closing, OrderMove.CloseShipped)] = () => RuledOrder.PartlyShipped().Cancel().Run(),
    };

    public static TheoryData<int> Rows => [.. Enumerable.Range(0, OrderStateMachine.Table.Count)];

    public static TheoryData<OrderStatus> Statuses => [.. Enum.GetValues<OrderStatus>()];

    [Theory]
    [MemberData(nameof(Rows))]
    public void Every_row_of_the_table_happens(int index)
    {
        var row = OrderStateMachine.Table[index];
        var order = Ways[(row.From, row.Move)]();

        Assert.Equal((row.From, row.To), (order.Before.Status, order.State.Status));
    }

    [Theory]
    [MemberData(nameof(Statuses))]
    public void What_the_table_does_not_allow_is_refused_with_the_state_and_what_it_allows(OrderStatus status)
    {
        var order = In(status);
        var asked = new (OrderMove Move, Func<Decision<OrderFact>> Decide)[]
        {
            (OrderMove.Ship, () => OrderRules.Ship(RuledOrder.Id, order.State, new ShipOrder("shp_x"), Given.Now)),
            (OrderMove.Pay, () => OrderPaymentRules.Pay(RuledOrder.Id, order.State, new PayOrder("pay_x", "pm"))),
            (OrderMove.Cancel, () => OrderRules.Cancel(RuledOrder.Id, order.State, new CancelOrder("why"))),
            (OrderMove.Return, () => ReturnRules.Request(
                RuledOrder.Id, order.State, new ReturnItems("ret_x", null, "why"), RuledOrder.Shop, Given.Now)),
        };
        var allowed = OrderRules.AllowedMoves(order.State);
        Assert.Equal(OrderStateMachine.AllowedCommands(status).ToHashSet(), [.. allowed]);

        foreach (var (move, decide) in asked)
        {
            if (allowed.Contains(move)) Assert.Null(decide().Refusal);
            else
            {
                var refusal = decide().Refuses("move_not_allowed");
                Assert.Equal(EnumWords.Of(status), refusal.Values!.State);
                Assert.Equal(allowed.Select(EnumWords.Of), refusal.Values.Allowed);
            }
        }
    }

    [Fact]
    public void A_move_that_is_not_in_the_table_is_a_bug_and_not_a_state() =>
        Assert.Throws<InvalidOperationException>(() => OrderStateMachine.To(OrderStatus.Shipped, OrderMove.Hold));

    [Fact, Trait("writes", "files")]
    public Task The_diagram_in_the_docs_is_drawn_from_the_table() =>
        WrittenFile.Is(Diagram(), "what OrderStateMachine.Table says", "docs", "order-states.md");

    private static RuledOrder In(OrderStatus status) => status switch
    {
        OrderStatus.Placed => RuledOrder.Placed(),
        OrderStatus.Held => RuledOrder.Placed().Wait(),
        OrderStatus.Confirmed => RuledOrder.Confirmed(),
        OrderStatus.PartlyShipped => RuledOrder.PartlyShipped(),
        OrderStatus.Shipped => RuledOrder.Shipped(),
        OrderStatus.Closing => RuledOrder.Confirmed().Cancel(),
        OrderStatus.Rejected => RuledOrder.Placed().Step(works: false).Run(),
        _ => RuledOrder.Confirmed().Cancel().Run(),
    };

    private static RuledOrder Expired(RuledOrder order)
    {
        order.Do(OrderRules.CancelExpired(RuledOrder.Id, order.State, new CancelExpiredOrder("a hold expired"))).Single();
        return order;
    }

    private static string Diagram()
    {
        var text = new StringBuilder()
            .Append("# States of an order\n\n")
            .Append("Drawn from `OrderStateMachine.Table` (`Domain/Orders/OrderStateMachine.cs`) by a test; do not edit by hand.\n")
            .Append("`cancel`, `return` and `ship` may be asked for; the other moves follow by themselves.\n\n")
            .Append("```mermaid\nstateDiagram-v2\n");
        foreach (var row in OrderStateMachine.Table) Draw(row.From, row.Move, row.To);
        foreach (var end in new[] { OrderStatus.Shipped, OrderStatus.Rejected, OrderStatus.Cancelled }) End(end);
        text.Append("```\n\n## States of a return\n\n")
            .Append("Drawn from `ReturnStateMachine.Table`. `request`, `receive` and `reject` may be asked for (decision 32).\n\n")
            .Append("```mermaid\nstateDiagram-v2\n");
        foreach (var row in ReturnStateMachine.Table) Draw(row.From, row.Move, row.To);
        foreach (var end in new[] { ReturnStatus.Completed, ReturnStatus.Rejected }) End(end);
        return text.Append("```\n").ToString();

        void Draw<TStatus, TMove>(TStatus? from, TMove move, TStatus to) where TStatus : struct, Enum where TMove : struct, Enum =>
            text.Append($"    {(from is null ? "[*]" : EnumWords.Of(from))} --> {EnumWords.Of(to)}: {EnumWords.Of(move)}\n");

        void End<TStatus>(TStatus end) where TStatus : struct, Enum => text.Append($"    {EnumWords.Of(end)} --> [*]\n");
    }
}
