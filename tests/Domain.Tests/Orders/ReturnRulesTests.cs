using Commerce.Kernel;
using Commerce.Orders;
using Commerce.Payments;
using Xunit;

namespace Commerce.Domain.Tests.Orders;

/// <summary>Returns in two steps: asked for, then received or rejected.</summary>
public sealed class ReturnRulesTests
{
    private static readonly Caller Shopper = RuledOrder.Shop with { Scopes = ["orders:return-request"] };

    [Fact]
    public void A_return_that_is_asked_for_moves_nothing_and_keeps_its_units()
    {
        var order = RuledOrder.Shipped().Ask("ret_1", new LineQuantity(1, 2));

        var asked = order.State.Returns[0];
        Assert.Equal((ReturnStatus.Requested, null, null), (asked.Status, asked.Amount, asked.ReturnedAt));
        Assert.Equal((null, Given.Now), (order.Next, asked.RequestedAt));
        Request(order, "ret_2", new LineQuantity(1, 2)).Refuses("return_exceeds_shipment", "/lines/0/quantity");
        order.Ask("ret_2");
        Assert.Equal([new(1, 1), new(2, 2)], order.State.Returns[1].Lines);
        Assert.DoesNotContain(OrderMove.Return, OrderRules.AllowedMoves(order.State));
    }

    [Fact]
    public void Units_of_a_rejected_return_can_be_asked_for_again()
    {
        var order = RuledOrder.Shipped().Ask("ret_1").Reject("ret_1");

        Assert.Equal((ReturnStatus.Rejected, "worn"), (order.State.Returns[0].Status, order.State.Returns[0].Rejection));
        Assert.Null(order.Next);
        Request(order, "ret_1").Accepts();
        Assert.Equal(510, order.Ask("ret_2").Receive("ret_2").Run().State.Returns[1].Refunded);
    }

    [Fact]
    public void Returns_are_worth_their_share_in_the_order_of_their_receipts()
    {
        var order = RuledOrder.Shipped();
        foreach (var id in new[] { "a", "b", "c" }) order.Ask(id, new LineQuantity(1, 1));
        foreach (var id in new[] { "c", "a" }) order.Receive(id);
        order.Run().Receive("b").Run();

        Assert.Equal([("c", 3), ("a", 4), ("b", 3)], order.State.Returns.Select(r => (r.Id, r.Amount)));
    }

    [Fact]
    public void A_receipt_does_not_go_ahead_of_a_refund_under_way()
    {
        var order = RuledOrder.Shipped().Ask("a", new LineQuantity(1, 1)).Ask("b").Receive("b").Step();
        Assert.Equal("refund/b", order.Receive("a").Next!.Name);
    }

    [Fact]
    public void What_is_received_is_not_rejected_and_what_is_rejected_is_not_received()
    {
        var order = RuledOrder.Shipped().Ask("a", new LineQuantity(1, 1)).Ask("b").Receive("a").Reject("b");

        foreach (var settled in new[] { order, order.Run() })
        {
            var kept = ReturnRules.Reject(RuledOrder.Id, settled.State, new RejectReturn("a", "worn")).Refuses("move_not_allowed");
            Assert.Contains("cannot be rejected", kept.Detail);
            var gone = ReturnRules.Receive(RuledOrder.Id, settled.State, new ReceiveReturn("b"), Given.Now).Refuses("move_not_allowed");
            Assert.Equal(("rejected", 0), (gone.Values!.State, gone.Values.Allowed!.Count));
        }
    }

    [Fact]
    public void A_repeated_receipt_or_rejection_changes_nothing_and_another_is_refused()
    {
        var order = RuledOrder.Shipped().Ask("a", new LineQuantity(1, 1)).Ask("b").Receive("a").Reject("b");

        Receive(order, "a").Accepts();
        Receive(order.Run(), "a", Given.Now).Accepts();
        Receive(order, "a", Given.Now.AddMinutes(-1)).Refuses("move_not_allowed");
        ReturnRules.Reject(RuledOrder.Id, order.State, new RejectReturn("b", " worn ")).Accepts();
        ReturnRules.Reject(RuledOrder.Id, order.State, new RejectReturn("b", "late")).Refuses("move_not_allowed");
    }

    [Fact]
    public void A_receipt_names_a_return_of_the_order_and_a_time_of_its_own()
    {
        var order = RuledOrder.Shipped().Ask("ret_1");
        var closed = Refusals.Invalid("period_closed", "/returnedAt", "Closed.", "Later.");

        Receive(order, "ret_2").Refuses("unknown_return");
        Receive(new RuledOrder(), "ret_1").Refuses("unknown_order");
        Receive(order, "ret_1", Given.Now.AddHours(1)).Refuses("invalid_time", "/returnedAt");
        Receive(order, "ret_1", Given.Now.AddDays(-1)).Refuses("invalid_time", "/returnedAt");
        ReturnRules.Receive(RuledOrder.Id, order.State, new ReceiveReturn("ret_1", Given.Now), Given.Now, closed).Refuses("period_closed");
        ReturnRules.Reject(RuledOrder.Id, order.State, new RejectReturn("ret_1", " ")).Refuses("invalid_reason", "/reason");
    }

    [Fact]
    public void Only_callers_who_take_goods_in_say_that_they_are_here()
    {
        var order = RuledOrder.Shipped();
        var here = new ReturnItems("ret_1", null, "why", Received: true);

        ReturnRules.Request(RuledOrder.Id, order.State, here, Shopper, Given.Now).Refuses("may_not_receive", "/received");
        ReturnRules.Request(RuledOrder.Id, order.State, here with { Received = false, ReturnedAt = Given.Now }, Shopper, Given.Now)
            .Refuses("invalid_time", "/returnedAt");
        ReturnRules.Request(RuledOrder.Id, order.State, here with { Received = false }, Shopper, Given.Now).Single();
        Assert.Equal(2, ReturnRules.Request(RuledOrder.Id, order.State, here, RuledOrder.Shop, Given.Now).Facts.Count);
    }

    [Fact]
    public void A_return_that_is_only_asked_for_is_not_the_same_as_one_that_is_here()
    {
        var order = RuledOrder.Shipped().Ask("ret_1");
        var here = new ReturnItems("ret_1", null, "unwanted", Received: true);

        ReturnRules.Request(RuledOrder.Id, order.State, here, RuledOrder.Shop, Given.Now).Refuses("return_exists");
        ReturnRules.Request(RuledOrder.Id, order.Receive("ret_1").State, here, RuledOrder.Shop, Given.Now).Accepts();
        Request(order, "ret_1").Accepts();
    }

    [Fact]
    public void Returns_that_are_never_received_are_bounded_and_goods_that_are_here_are_not()
    {
        var order = RuledOrder.Shipped();
        for (var n = 1; n <= ReturnRules.MaxNotReceived; n++) order.Ask($"ret_{n}").Reject($"ret_{n}");

        Request(order, "ret_more").Refuses("too_many_returns");
        Assert.Equal(ReturnStatus.Completed, order.Return("ret_here").Run().State.Returns[^1].Status);
    }

    [Fact]
    public void A_return_is_received_also_while_the_rest_of_its_order_is_cancelled()
    {
        var order = RuledOrder.PartlyShipped().Ask("ret_1").Cancel().Receive("ret_1");

        Assert.IsType<OrderStep.Release>(order.Next);
        order.Run();
        Assert.Equal((OrderStatus.Shipped, ReturnStatus.Completed), (order.State.Status, order.State.Returns[0].Status));
    }

    [Fact]
    public void Units_that_do_not_come_in_time_are_not_waited_for()
    {
        var due = OrderRules.Definition.WhenDue!;
        var order = RuledOrder.Shipped().Ask("a", new LineQuantity(1, 1)).Ask("b").Receive("a").Run();
        var at = due.At(order.State, Given.Now)!.Value;

        Assert.Equal(Given.Now + ReturnRules.ComesWithin, at);
        due.Decide(order.State, at.AddTicks(-1)).Accepts();
        var rejected = (ReturnRejected)order.Do(due.Decide(order.State, at)).Single();
        Assert.Equal(("b", null), (rejected.ReturnId, due.At(order.State, at)));
    }

    [Fact]
    public void Whichever_comes_first_of_an_orders_lapse_and_its_returns_is_due()
    {
        var due = OrderRules.Definition.WhenDue!;
        var order = RuledOrder.Confirmed().Move(PaymentOperation.Capture, "cap_1", 510).Note()
            .Ship("shp_1", new LineQuantity(1, 3)).Run().Ask("ret_1");

        Assert.Equal(OrderStatus.Closing, order.Do(due.Decide(order.State, Given.Now.AddDays(30))).Single().Status);
        Assert.IsType<ReturnRejected>(order.Do(due.Decide(order.State, Given.Now.AddDays(30))).Single());
    }

    [Fact]
    public void An_erasure_waits_for_units_on_their_way_and_for_no_new_ones()
    {
        var order = RuledOrder.Shipped().Ask("ret_1", new LineQuantity(1, 1));
        order.Do(OrderErasureRules.Request(RuledOrder.Id, order.State, Given.Now));

        Assert.Null(order.Next);
        Assert.StartsWith("The units of a return", OrderErasureRules.View(RuledOrder.Id, order.State, 1).WaitsFor);
        Request(order, "ret_2").Refuses("erased");
        Assert.Equal("restock/ret_2", order.Return("ret_2").Next!.Name);
        order.Step().Step();
        Assert.Null(order.Next);
        Assert.IsType<OrderStep.Erase>(order.Reject("ret_1").Next);
        order.Do(OrderErasureRules.Erased(order.State, null, Given.Now));
        Assert.All(order.State.Returns, r => Assert.Equal((Marks.Erased, null), (r.Reason, r.Rejection)));
    }

    private static Decision<OrderFact> Request(RuledOrder order, string id, params LineQuantity[] lines) => ReturnRules.Request(
        RuledOrder.Id, order.State, new ReturnItems(id, lines.Length > 0 ? lines : null, "unwanted"), Shopper, Given.Now);

    private static Decision<OrderFact> Receive(RuledOrder order, string id, DateTimeOffset? at = null) =>
        ReturnRules.Receive(RuledOrder.Id, order.State, new ReceiveReturn(id, at), Given.Now);
}
