using System.Text.Json;
using Commerce.Kernel;
using Commerce.Orders;
using Xunit;

namespace Commerce.Domain.Tests.Orders;

public sealed class OrderToCashTests
{
    [Fact]
    public void Stock_and_money_are_secured_in_one_step_then_it_waits_for_a_shipment()
    {
        var order = RuledOrder.Placed();
        Assert.IsType<OrderStep.Secure>(order.Next);
        Assert.Null(order.Step().Next);
        Assert.Equal((OrderStatus.Confirmed, "pay_1"), (order.State.Status, order.State.PaymentId));
        Assert.Equal(2, order.Facts.Count);
    }

    [Fact]
    public void Stock_that_is_held_is_noted_when_its_money_cannot_be_had_at_once()
    {
        var order = RuledOrder.Placed().Wait();
        Assert.Equal(
            (OrderStatus.Held, "pay_1", "the provider is away"), (order.State.Status, order.State.PaymentId, order.State.Waiting));
        Assert.IsType<OrderStep.Secure>(order.Next);
        OrderRules.AwaitingPayment(order.State, "pay_1", "the provider is away").Accepts();
        Assert.Equal(OrderStatus.Confirmed, order.Step().State.Status);

        order = RuledOrder.Placed();
        order.Do(OrderRules.NotPaid(order.State, "pay_1", "payment_declined", "no"));
        Assert.Equal(
            (OrderStatus.Closing, OrderStatus.Held, "pay_1"), (order.State.Status, order.State.Closing!.From, order.State.PaymentId));
    }

    [Fact]
    public void An_order_for_nothing_needs_no_payment()
    {
        var order = RuledOrder.Placed(new PlaceLine("A", 1, 0));
        var confirmed = (OrderConfirmed)order.Step().Facts[^1];
        Assert.Equal((null, 1, 1L), (confirmed.PaymentId, confirmed.Lines, confirmed.Units));
    }

    [Fact]
    public void A_shipment_leaves_the_shelf_and_its_money_is_taken_in_one_step()
    {
        var order = RuledOrder.Confirmed().Ship("shp_1");
        Assert.Equal("ship/shp_1", order.Next!.Name);
        var completed = (ShipmentCompleted)order.Step().Facts[^1];
        Assert.Equal((new Money(510, "GBP"), 510L, Given.Now), (completed.Amount, completed.Captured, completed.ShippedAt));
        Assert.Null(order.Next);
    }

    [Fact]
    public void Units_that_have_left_the_shelf_are_noted_when_their_money_cannot_be_had_at_once()
    {
        var order = RuledOrder.Confirmed().Ship("shp_1").Wait();
        Assert.Equal((ShipmentStatus.Posted, "the provider is away"), (order.State.PendingShipment!.Status, order.State.Waiting));
        Assert.Equal("ship/shp_1", order.Next!.Name);
        OrderRules.AwaitingCapture(order.State, "shp_1", "the provider is away").Accepts();
        Assert.Equal(OrderStatus.Shipped, order.Step().State.Status);
    }

    [Fact]
    public void A_return_is_back_on_the_shelf_before_its_money_is_given_back()
    {
        var order = RuledOrder.Shipped().Return("ret_1");
        Assert.Equal("restock/ret_1", order.Next!.Name);
        Assert.Equal("refund/ret_1", order.Step().Next!.Name);
        Assert.Equal(RefundedTo.CustomerCredit, ((ReturnCompleted)order.Step(works: false).Facts[^1]).RefundedTo);
        Assert.Null(order.Next);
    }

    [Fact]
    public void A_cancellation_turns_the_process_around_from_wherever_it_is()
    {
        foreach (var order in new[] { RuledOrder.Placed(), RuledOrder.Placed().Wait(), RuledOrder.Confirmed(), RuledOrder.PartlyShipped() })
            Assert.IsType<OrderStep.Release>(order.Cancel().Next);
    }

    [Fact]
    public void An_outcome_that_comes_after_the_cancellation_is_nothing()
    {
        OrderRules.Failed(RuledOrder.Placed().Cancel().State, "out_of_stock", "why").Accepts();
        OrderRules.NotPaid(RuledOrder.Placed().Cancel().State, "pay_1", "payment_declined", "why").Accepts();
        OrderRules.Confirmed(RuledOrder.Placed().Cancel().State, "pay_1").Accepts();
        OrderRules.Waiting(RuledOrder.Confirmed().State, "the provider is away").Accepts();
    }

    [Fact]
    public void An_outcome_that_is_recorded_already_is_nothing()
    {
        var order = RuledOrder.Confirmed().Ship("shp_1").Step();
        OrderRules.AwaitingCapture(order.State, "shp_1", "why").Accepts();
        OrderRules.Shipped(order.State, "shp_1", order.Payments).Accepts();
        OrderRules.GivenUp(order.State, "shp_1", [new(1, 1)], "why").Accepts();
        OrderRules.PutBack(order.State, "shp_1").Accepts();
        order.Return("ret_1").Step();
        ReturnRules.Restocked(order.State, "ret_1").Accepts();
        order.Step();
        ReturnRules.Refunded(order.State, "ret_1", 1).Accepts();
        OrderRules.Closed(order.State, order.Payments).Accepts();
    }

    [Fact]
    public void A_cancellation_lets_pending_shipments_finish_and_cancels_the_rest()
    {
        var order = RuledOrder.Confirmed().Ship("shp_1", new LineQuantity(1, 2)).Cancel();
        Assert.Equal("ship/shp_1", order.Next!.Name);
        order.Run();

        Assert.Equal(OrderStatus.Shipped, order.State.Status);
        Assert.Equal([(2, 1), (0, 2)], order.State.Lines.Select(l => (l.Shipped, l.Cancelled)));
        Assert.Equal("changed my mind", order.State.Closing!.Reason);
        var closed = (OrderClosed)order.Facts[^1];
        Assert.Equal((OrderStatus.Shipped, true, 1, 3L, 503L), (
            closed.Status, closed.WasConfirmed, closed.CancelledLines, closed.CancelledUnits, closed.CancelledAmount));
    }

    [Fact]
    public void A_failed_shipment_fails_those_behind_it_and_its_units_can_ship_again()
    {
        var order = RuledOrder.Confirmed().Ship("a", new LineQuantity(1, 1)).Step();
        order.Ship("b", new LineQuantity(1, 1)).Ship("c").Wait().Step(works: false);
        Assert.Equal(ShipmentStatus.GivenUp, order.State.Shipments[1].Status);
        OrderRules.AwaitingCapture(order.State, "b", "why").Accepts(); // what another process makes of the step comes too late
        OrderRules.Shipped(order.State, "b", order.Payments).Accepts();
        OrderRules.GivenUp(order.State, "b", [], "why").Accepts();
        Assert.Equal("put-back/b", order.Next!.Name);
        order.Step();

        Assert.Equal([ShipmentStatus.Completed, ShipmentStatus.Failed, ShipmentStatus.Failed], order.State.Shipments.Select(s => s.Status));
        Assert.Contains("'b'", order.State.Shipments[2].Reason);
        Assert.Equal((OrderStatus.PartlyShipped, null), (order.State.Status, order.Next));
        order.Ship("d").Run();
        Assert.Equal(OrderStatus.Shipped, order.State.Status);
        Assert.Equal([(3, 0), (2, 0)], order.State.Lines.Select(l => (l.Shipped, l.Cancelled)));
    }

    [Theory]
    [InlineData(false, OrderStatus.Rejected)]
    [InlineData(true, OrderStatus.Cancelled)]
    public void It_ends_as_rejected_or_cancelled_whichever_came_first(bool cancelled, OrderStatus end)
    {
        var order = cancelled ? RuledOrder.Placed().Cancel() : RuledOrder.Placed().Step(works: false);
        order.Run();
        Assert.Equal(end, order.State.Status);
        Assert.Equal([3, 2], order.State.Lines.Select(l => l.Cancelled));
    }

    [Fact]
    public void A_reason_to_wait_is_recorded_once_and_forgotten_when_it_goes_on()
    {
        var order = RuledOrder.Placed();
        order.Do(OrderRules.Waiting(order.State, "the provider is away")).Single();
        OrderRules.Waiting(order.State, "the provider is away").Accepts();
        OrderRules.Waiting(order.State, "it does not answer").Single();
        Assert.Equal("the provider is away", order.State.Waiting);
        Assert.Null(order.Step().State.Waiting);
    }

    [Fact]
    public void The_state_survives_being_kept_as_a_snapshot()
    {
        var order = RuledOrder.PartlyShipped().Return("ret_1").Step();

        var read = JsonSerializer.Deserialize<OrderState>(JsonSerializer.Serialize(order.State, FactCatalog.Json), FactCatalog.Json)!;

        Assert.Equal(JsonSerializer.Serialize(order.State, FactCatalog.Json), JsonSerializer.Serialize(read, FactCatalog.Json));
        Assert.Equal(order.Next!.Name, OrderToCash.Next(read)!.Name);
    }
}
