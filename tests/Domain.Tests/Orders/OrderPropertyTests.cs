using Commerce.Kernel;
using Commerce.Orders;
using Commerce.Payments;
using FsCheck;
using FsCheck.Fluent;
using Xunit;

namespace Commerce.Domain.Tests.Orders;

public sealed class OrderPropertyTests
{
    private static readonly Gen<(int Quantity, int Price)> Line =
        Gen.Choose(1, 9).SelectMany(quantity => Gen.Choose(0, 999).Select(price => (quantity, price)));

    private static readonly Gen<(int What, int Line, int Units)> Deed =
        Gen.Choose(0, 15).SelectMany(what => Gen.Choose(0, 3).SelectMany(line => Gen.Choose(1, 9).Select(units => (what, line, units))));

    [Fact]
    public void Whatever_is_asked_and_whatever_fails_units_and_money_add_up_and_it_settles() =>
        Prop.ForAll(
            Line.NonEmptyListOf().SelectMany(lines => Deed.ListOf().Select(deeds => (lines, deeds))).ToArbitrary(),
            order => Live(order.lines, order.deeds)).Check(Config.QuickThrowOnFailure.WithMaxTest(500));

    private static void Live(IEnumerable<(int Quantity, int Price)> lines, IEnumerable<(int What, int Line, int Units)> deeds)
    {
        var order = RuledOrder.Placed([.. lines.Select(l => new PlaceLine("A", l.Quantity, decimal.Round(l.Price / 7m, 6)))]);
        var i = 0;
        foreach (var (what, line, units) in deeds)
        {
            Do(order, what, $"id_{i++}", units, line == 0 ? null : [new LineQuantity(line, units)]);
            AddsUp(order);
        }

        for (var steps = 0; order.Next is not null; steps++)
        {
            Assert.True(steps < 1_000, "It does not settle.");
            order.Step();
            AddsUp(order);
        }

        Settled(order.State);
    }

    private static void Do(RuledOrder order, int what, string id, int units, IReadOnlyList<LineQuantity>? parts)
    {
        switch (what)
        {
            case 0 or 1:
                order.Do(OrderRules.Ship(RuledOrder.Id, order.State, new ShipOrder(id, parts), Given.Now));
                break;
            case 2:
                var asked = new ReturnItems(id, parts, "why", Received: units % 3 == 0);
                order.Do(ReturnRules.Request(RuledOrder.Id, order.State, asked, RuledOrder.Shop, Given.Now));
                break;
            case 15 when order.State.Returns.Count > 0:
                var back = order.State.Returns[units % order.State.Returns.Count].Id;
                order.Do(parts is null
                    ? ReturnRules.Reject(RuledOrder.Id, order.State, new RejectReturn(back, "why"))
                    : ReturnRules.Receive(RuledOrder.Id, order.State, new ReceiveReturn(back), Given.Now));
                break;
            case 3 when parts is null:
                order.Do(OrderRules.Cancel(RuledOrder.Id, order.State, new CancelOrder("why")));
                break;
            case 4 when parts is null:
                order.Do(OrderRules.CancelExpired(RuledOrder.Id, order.State, new CancelExpiredOrder("why")));
                break;
            case 5 when order.Next is not null:
                order.Step(works: parts is not null);
                break;
            case > 5 and < 10 when order.Next is not null:
                order.Step();
                break;
            case 10 when order.State.IsOpen:
                Move(PaymentOperation.Capture, order.Payments[^1].Authorized);
                break;
            case 11:
                Move(PaymentOperation.Refund, order.Payments[^1].Captured - order.Payments[^1].Refunded);
                break;
            case 12 when order.State.Status is not null:
                order.Note();
                break;
            case 13 when order.State.IsOpen:
                order.Void();
                break;
            case 14:
                order.Do(OrderPaymentRules.Pay(RuledOrder.Id, order.State, new PayOrder($"pay_{id}", "pm_2")));
                break;
        }

        void Move(PaymentOperation kind, long most)
        {
            var amount = Math.Min(most, parts is null ? most : 100 * parts[0].Quantity);
            if (amount > 0) order.Move(kind, id, amount);
        }
    }

    private static void AddsUp(RuledOrder order)
    {
        var state = order.State;
        foreach (var line in state.Lines)
        {
            Assert.InRange(line.Shipped + line.Cancelled, 0, line.Quantity);
            Assert.InRange(line.Returned, 0, line.Shipped);
            var asked = state.Returns.Where(r => r.Status != ReturnStatus.Rejected).SelectMany(r => r.Lines);
            Assert.InRange(Units(asked, line), 0, line.Shipped);
            Assert.Equal(line.Shipped, Units(state.Shipments.Where(s => s.Status == ShipmentStatus.Completed).SelectMany(s => s.Lines),
                line));
            Assert.Equal(line.Returned, Units(state.Returns.Where(r => r.Status == ReturnStatus.Completed).SelectMany(r => r.Lines), line));
        }

        var taken = state.Shipments.Where(s => s.Status == ShipmentStatus.Completed).Sum(s => s.Amount);
        Assert.InRange(taken, 0, state.Total.Minor);
        Assert.Equal(taken, state.Lines.Sum(l => LineAllocation.Share(l.Total, l.Shipped, l.Quantity)));
        Assert.InRange(state.Returns.Sum(Worth), 0, taken);
        Assert.All(state.Returns, r => Assert.InRange(r.Refunded, 0, Worth(r)));
        Assert.All(state.Returns, r => Assert.Equal(r.Status is ReturnStatus.Requested or ReturnStatus.Rejected, r.Amount is null));

        // All the money that is here is accounted for, moved by the order or by hand.
        var known = RefundRules.Note(state, order.Payments).Aggregate(state, OrderRules.Evolve);
        Assert.True(known is { Earned: >= 0, Credited: >= 0 });
        Assert.Equal(order.Kept, known.Earned + known.Credited + RefundRules.Unearned(known, order.Payments));
        Assert.All(state.Shipments.Select(s => s.Amount).Concat(state.Returns.Select(Worth)), a => Assert.True(a >= 0));
    }

    private static void Settled(OrderState state)
    {
        Assert.DoesNotContain(state.Shipments, s => s.IsPending);
        Assert.DoesNotContain(state.Returns, r => r.IsPending);
        var ended = state.Status is OrderStatus.Shipped or OrderStatus.Rejected or OrderStatus.Cancelled;
        Assert.Equal(ended, state.Lines.All(l => l.Open == 0));
        Assert.Equal(state.Status is OrderStatus.Shipped or OrderStatus.PartlyShipped, state.Lines.Any(l => l.Shipped > 0));
        if (state.Lines.All(l => l.Shipped == l.Quantity)) Assert.Equal(state.Total.Minor, state.Shipments.Sum(Amount));
        if (state.Lines.All(l => l.Returned == l.Shipped)) Assert.Equal(state.Shipments.Sum(Amount), state.Returns.Sum(Worth));

        static long Amount(Shipment s) => s.Status == ShipmentStatus.Completed ? s.Amount : 0;
    }

    private static long Worth(Return back) => back.Amount ?? 0;

    private static long Units(IEnumerable<LineQuantity> parts, OrderLine line) =>
        parts.Where(p => p.Line == line.Line).Sum(p => p.Quantity);
}
