using Commerce.Kernel;
using Commerce.Orders;
using Xunit;

namespace Commerce.Domain.Tests.Orders;

public sealed class OrderRulesTests
{
    [Fact]
    public void An_empty_list_of_lines_is_not_everything()
    {
        OrderRules.Ship(RuledOrder.Id, RuledOrder.Confirmed().State, new ShipOrder("shp_1", []), Given.Now).Refuses("no_lines", "/lines");
        Return(RuledOrder.Shipped(), new ReturnItems("ret_1", [], "why")).Refuses("no_lines", "/lines");
    }

    [Fact]
    public void Nothing_ships_before_it_is_ordered_or_comes_back_before_it_ships()
    {
        var day = TimeSpan.FromDays(1);
        Ship(RuledOrder.Confirmed(), All with { ShippedAt = Given.Now - day }).Refuses("invalid_time", "/shippedAt");
        Ship(RuledOrder.Confirmed(), All with { ShippedAt = Given.Now.AddMinutes(-4) }).Single(); // clocks differ
        Return(RuledOrder.Shipped(), new ReturnItems("ret_1", null, "why", null, true, Given.Now - day))
            .Refuses("invalid_time", "/returnedAt");
    }

    private static readonly ShipOrder All = new("shp_1");

    [Fact]
    public void Without_an_order_there_is_nothing_to_ship_to_return_or_to_cancel()
    {
        Ship(new RuledOrder(), All).Refuses("unknown_order");
        Return(new RuledOrder(), "ret_1").Refuses("unknown_order");
        OrderRules.Cancel(RuledOrder.Id, OrderState.Initial, new CancelOrder("why")).Refuses("unknown_order");
        OrderRules.CancelExpired(RuledOrder.Id, OrderState.Initial, new CancelExpiredOrder("why")).Refuses("unknown_order");
    }

    [Fact]
    public void Without_lines_all_that_is_left_ships()
    {
        var order = RuledOrder.Confirmed().Ship("shp_1", new LineQuantity(1, 1));

        var rest = (ShipmentRequested)Ship(order, new ShipOrder("shp_2")).Single();

        Assert.Equal([new(1, 2), new(2, 2)], rest.Shipment.Lines);
        Ship(order.Ship("shp_2"), new ShipOrder("shp_3")).Refuses("shipment_exceeds_order", "/lines");
    }

    [Fact]
    public void More_than_is_left_cannot_ship_and_what_is_in_a_pending_shipment_is_not_left()
    {
        var order = RuledOrder.Confirmed().Ship("shp_1", new LineQuantity(1, 2));

        Ship(order, new ShipOrder("shp_2", [new(2, 1), new(1, 2)])).Refuses("shipment_exceeds_order", "/lines/1/quantity");
    }

    [Theory]
    [InlineData("unknown_line", "/lines/0/line", 3, 1)]
    [InlineData("unknown_line", "/lines/0/line", 0, 1)]
    [InlineData("invalid_quantity", "/lines/0/quantity", 1, 0)]
    [InlineData("invalid_quantity", "/lines/0/quantity", 1, -1)]
    public void Parts_that_the_order_does_not_have_are_refused(string code, string field, int line, long quantity)
    {
        Ship(RuledOrder.Confirmed(), new ShipOrder("shp_1", [new(line, quantity)])).Refuses(code, field);
        Return(RuledOrder.Shipped(), "ret_1", new LineQuantity(line, quantity)).Refuses(code, field);
    }

    [Fact]
    public void A_line_is_named_once_a_time_is_past_and_an_id_is_an_id()
    {
        var order = RuledOrder.Confirmed();
        Ship(order, new ShipOrder("shp_1", [new(1, 1), new(1, 1)])).Refuses("duplicate_line", "/lines/1/line");
        Ship(order, All with { ShippedAt = Given.Now.AddHours(1) }).Refuses("invalid_time", "/shippedAt");
        Ship(order, new ShipOrder("a/b")).Refuses("invalid_id", "/shipmentId");
        Ship(order, new ShipOrder(null!)).Refuses("invalid_id", "/shipmentId");
        Ship(order, All with { Carrier = new string('x', 101) }).Refuses("invalid_carrier", "/carrier");
    }

    [Fact]
    public void An_id_of_a_part_names_the_money_that_it_moves_and_no_other()
    {
        foreach (var id in (string[])["shp_1", "rfd_1", "cap_1", RefundRules.NotShipped, RefundRules.Overpaid])
            Return(RuledOrder.Shipped(), id).Refuses("invalid_id", "/returnId");
    }

    [Fact]
    public void A_repeated_shipment_changes_nothing_and_another_under_its_name_is_refused()
    {
        var order = RuledOrder.Confirmed().Ship("shp_1", new LineQuantity(1, 1), new LineQuantity(2, 1));

        Ship(order, new ShipOrder("shp_1", [new(2, 1), new(1, 1)])).Accepts();
        Ship(order, new ShipOrder("shp_1")).Accepts();
        Ship(order.Run(), new ShipOrder("shp_1", [new(1, 1), new(2, 1)], ShippedAt: Given.Now)).Accepts();
        Ship(order, new ShipOrder("shp_1", [new(1, 2), new(2, 1)])).Refuses("shipment_exists");
        Ship(order, new ShipOrder("shp_1", [new(1, 1), new(2, 1)], "Royal Mail")).Refuses("shipment_exists");
    }

    [Fact]
    public void A_repeated_return_changes_nothing_and_another_under_its_name_is_refused()
    {
        var order = RuledOrder.Shipped().Return("ret_1", new LineQuantity(1, 1));

        Return(order, "ret_1", new LineQuantity(1, 1)).Accepts();
        Return(order.Run(), "ret_1", new LineQuantity(1, 1)).Accepts();
        Return(order, "ret_1", new LineQuantity(1, 2)).Refuses("return_exists");
        Return(order, new ReturnItems("ret_1", [new(1, 1)], "broken", Received: true)).Refuses("return_exists");
    }

    [Fact]
    public void More_than_has_shipped_cannot_return_and_a_pending_return_counts()
    {
        var order = RuledOrder.PartlyShipped().Return("ret_1", new LineQuantity(1, 2));

        Return(order, "ret_2", new LineQuantity(1, 2)).Refuses("return_exceeds_shipment", "/lines/0/quantity");
        Return(order, "ret_2", new LineQuantity(2, 1)).Refuses("return_exceeds_shipment", "/lines/0/quantity");
        Return(order.Return("ret_2"), "ret_3").Refuses("return_exceeds_shipment", "/lines");
    }

    [Fact]
    public void A_return_and_a_cancellation_need_a_reason()
    {
        Return(RuledOrder.Shipped(), new ReturnItems("ret_1", null, " ")).Refuses("invalid_reason", "/reason");
        OrderRules.Cancel(RuledOrder.Id, RuledOrder.Confirmed().State, new CancelOrder(null!)).Refuses("invalid_reason", "/reason");
        OrderRules.Cancel(RuledOrder.Id, RuledOrder.Confirmed().State, new CancelOrder(new string('x', 501))).Refuses("invalid_reason");
    }

    [Fact]
    public void What_is_all_in_shipments_cannot_be_cancelled_any_more() =>
        OrderRules.Cancel(RuledOrder.Id, RuledOrder.Confirmed().Ship("shp_1").State, new CancelOrder("why")).Refuses("move_not_allowed");

    [Fact]
    public void A_lapse_that_comes_when_nothing_is_held_any_more_does_not_matter()
    {
        foreach (var order in new[] { RuledOrder.Shipped(), RuledOrder.Confirmed().Cancel(), RuledOrder.Confirmed().Cancel().Run() })
            OrderRules.CancelExpired(RuledOrder.Id, order.State, new CancelExpiredOrder("why")).Accepts();
    }

    [Theory]
    [InlineData(10, 3, new long[] { 1, 1, 1 }, new long[] { 3, 4, 3 })]
    [InlineData(5, 2, new long[] { 1, 1 }, new long[] { 2, 3 })]
    [InlineData(0, 3, new long[] { 2, 1 }, new long[] { 0, 0 })]
    [InlineData(1, 3, new long[] { 1, 1, 1 }, new long[] { 0, 1, 0 })]
    [InlineData(Money.Limit, 1_000_000, new long[] { 999_999, 1 }, new long[] { 999_999_000_000_000, 1_000_000_000 })]
    public void Parts_of_a_line_add_up_to_its_total(long total, long quantity, long[] parts, long[] amounts)
    {
        var allotted = new List<long>();
        for (var i = 0; i < parts.Length; i++)
        {
            var before = parts.Take(i).Sum();
            allotted.Add(LineAllocation.Share(total, before + parts[i], quantity) - LineAllocation.Share(total, before, quantity));
        }

        Assert.Equal(amounts, allotted);
        Assert.Equal(total, amounts.Sum());
    }

    [Fact]
    public void Amounts_of_shipments_that_are_pending_together_add_up()
    {
        var order = RuledOrder.Confirmed();
        foreach (var id in new[] { "a", "b", "c" }) order.Ship(id, new LineQuantity(1, 1));

        Assert.Equal([3, 4, 3], order.State.Shipments.Select(s => s.Amount));
    }

    [Fact]
    public void Amounts_of_returns_follow_the_same_rule_as_those_of_shipments()
    {
        var order = RuledOrder.Shipped();
        foreach (var id in new[] { "a", "b", "c" }) order.Return(id, new LineQuantity(1, 1));

        Assert.Equal([3, 4, 3], order.State.Returns.Select(r => r.Amount));
    }

    private static Decision<OrderFact> Ship(RuledOrder order, ShipOrder command) =>
        OrderRules.Ship(RuledOrder.Id, order.State, command, Given.Now);

    private static Decision<OrderFact> Return(RuledOrder order, string id, params LineQuantity[] lines) =>
        Return(order, new ReturnItems(id, lines.Length > 0 ? lines : null, "unwanted", Received: true));

    private static Decision<OrderFact> Return(RuledOrder order, ReturnItems command) =>
        ReturnRules.Request(RuledOrder.Id, order.State, command, RuledOrder.Shop, Given.Now);
}
