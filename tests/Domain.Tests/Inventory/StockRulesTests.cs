using Commerce.Inventory;
using Commerce.Kernel;
using FsCheck;
using FsCheck.Fluent;
using Xunit;

namespace Commerce.Domain.Tests.Inventory;

public sealed class StockRulesTests
{
    private static readonly DateTimeOffset Now = Given.Now;

    private static StockState After(params StockFact[] facts) => Given.State(StockState.Initial, StockRules.Evolve, facts);

    private static StockFact Received(long n) => new StockReceived(n, null, Now);

    [Fact]
    public void What_is_held_cannot_be_held_again() =>
        StockRules.Hold(After(Received(10), new StockHeld("a", 7, null)), new HoldStock("b", 4)).Refuses("out_of_stock", "/quantity");

    [Fact]
    public void The_last_units_can_be_held() =>
        StockRules.Hold(After(Received(10), new StockHeld("a", 7, null)), new HoldStock("b", 3)).Accepts(new StockHeld("b", 3, null));

    [Fact]
    public void A_hold_that_is_open_already_is_a_recognised_retry() =>
        StockRules.Hold(After(Received(10), new StockHeld("a", 10, null)), new HoldStock("a", 10)).Accepts();

    [Fact]
    public void With_backorder_more_may_be_held_than_is_there() =>
        StockRules.Hold(After(new BackorderAllowed(true)), new HoldStock("a", 5)).Accepts(new StockHeld("a", 5, null));

    [Fact]
    public void Backorder_cannot_be_forbidden_while_less_than_none_is_available() =>
        StockRules.AllowBackorder(After(new BackorderAllowed(true), new StockHeld("a", 5, null)), new AllowBackorder(false))
            .Refuses("not_enough_stock");

    [Fact]
    public void An_adjustment_cannot_take_what_is_held() =>
        StockRules.Adjust(After(Received(10), new StockHeld("a", 8, null)), new AdjustStock(-3, "damaged"), Now)
            .Refuses("not_enough_stock", "/change");

    [Fact]
    public void An_adjustment_needs_a_reason() =>
        StockRules.Adjust(After(Received(10)), new AdjustStock(-3, " "), Now).Refuses("reason_required", "/reason");

    [Theory]
    [InlineData(0)]
    [InlineData(-1)]
    [InlineData(long.MinValue)]
    [InlineData(long.MaxValue)]
    public void Absurd_quantities_are_refused(long quantity)
    {
        var state = After(Received(10), new StockHeld("a", 5, null));
        StockRules.Receive(state, new ReceiveStock(quantity), Now).Refuses("invalid_quantity", "/quantity");
        StockRules.Hold(state, new HoldStock("b", quantity)).Refuses("invalid_quantity");
        StockRules.Post(state, new PostHold("a", quantity), Now).Refuses("invalid_quantity");
        StockRules.Return(state, new ReturnStock(quantity, "r"), Now).Refuses("invalid_quantity");
        if (quantity != -1) StockRules.Adjust(state, new AdjustStock(quantity, "count"), Now).Refuses("invalid_quantity", "/change");
    }

    [Fact]
    public void A_receipt_from_the_future_is_refused() =>
        StockRules.Receive(After(), new ReceiveStock(1, null, Now.AddDays(1)), Now).Refuses("invalid_time", "/occurredAt");

    [Fact]
    public void Posting_takes_units_off_the_shelf_and_out_of_the_hold()
    {
        var state = After(Received(10), new StockHeld("a", 5, null), new HoldPosted("a", 3, Now));
        Assert.Equal((7L, 2L, 5L), (state.OnHand, state.Holds.Held, state.Available));
        StockRules.Post(state, new PostHold("a", 2), Now).Accepts(new HoldPosted("a", 2, Now));
        StockRules.Post(state, new PostHold("a", 2, Now.AddDays(-9)), Now).Accepts(new HoldPosted("a", 2, Now.AddDays(-9)));
        StockRules.Post(state, new PostHold("a", 3), Now).Refuses("hold_exceeded");
        StockRules.Post(state, new PostHold("x", 1), Now).Refuses("unknown_hold");
    }

    [Fact]
    public void What_is_not_on_the_shelf_does_not_leave_it_whatever_is_held()
    {
        var state = After(new BackorderAllowed(true), Received(2), new StockHeld("a", 5, null));
        var refusal = StockRules.Post(state, new PostHold("a", 5), Now).Refuses("not_on_shelf", "/quantity");
        Assert.Equal(2, refusal.Values!.OnHand);
        StockRules.Post(state, new PostHold("a", 2), Now).Single();
        StockRules.Adjust(state, new AdjustStock(-3, "lost"), Now).Refuses("not_on_shelf", "/change");
    }

    [Fact]
    public void What_was_posted_can_be_held_again()
    {
        var end = Now.AddDays(1);
        var part = After(Received(10), new StockHeld("a", 5, end), new HoldPosted("a", 3, Now), new HoldUnposted("a", 3, end, Now));
        Assert.Equal((10L, 5L, 5L), (part.OnHand, part.Holds.Held, part.Holds.Find("a")!.Quantity));
        var all = After(Received(10), new StockHeld("a", 5, end), new HoldPosted("a", 5, Now), new HoldUnposted("a", 5, end, Now));
        Assert.Equal((10L, new Hold("a", 5, end)), (all.OnHand, all.Holds.Find("a")));
        StockRules.Unpost(all, new UnpostHold("b", 1, end), Now).Accepts(new HoldUnposted("b", 1, end, Now));
    }

    [Fact]
    public void A_voided_hold_is_available_again_and_voiding_twice_is_fine()
    {
        var state = After(Received(10), new StockHeld("a", 5, null));
        StockRules.Void(state, new VoidHold("a")).Accepts(new HoldVoided("a", 5));
        StockRules.Void(After(Received(10)), new VoidHold("a")).Accepts();
    }

    [Fact]
    public void Only_holds_whose_time_is_up_expire()
    {
        var state = After(Received(10), new StockHeld("a", 2, Now.AddMinutes(1)), new StockHeld("b", 3, Now.AddMinutes(9)));
        StockRules.Expire(state, Now).Accepts();
        StockRules.Expire(state, Now.AddMinutes(1)).Accepts(new HoldExpired("a", 2));
    }

    [Fact]
    public void Whatever_is_asked_nothing_is_sold_twice_and_units_are_conserved()
    {
        var command = Gen.Choose(0, 7).SelectMany(what => Gen.Choose(0, 4).SelectMany(id => Gen.Choose(-2, 12).Select(n => (what, id, n))));
        Prop.ForAll(command.ListOf().ToArbitrary(), commands =>
        {
            var state = StockState.Initial;
            long arrived = 0, left = 0;
            foreach (var (what, id, n) in commands)
            {
                var decision = what switch
                {
                    0 => StockRules.Receive(state, new ReceiveStock(n), Now),
                    1 => StockRules.Hold(state, new HoldStock($"h{id}", n)),
                    2 => StockRules.Post(state, new PostHold($"h{id}", n), Now),
                    3 => StockRules.Void(state, new VoidHold($"h{id}")),
                    4 => StockRules.Adjust(state, new AdjustStock(-n, "count"), Now),
                    5 => StockRules.AllowBackorder(state, new AllowBackorder(n > 4)),
                    6 => StockRules.Unpost(state, new UnpostHold($"h{id}", n), Now),
                    _ => StockRules.Return(state, new ReturnStock(n, "r"), Now),
                };
                foreach (var fact in decision.Facts)
                {
                    state = StockRules.Evolve(state, fact);
                    arrived += fact switch
                    {
                        StockReceived r => r.Quantity, StockReturned r => r.Quantity, HoldUnposted u => u.Quantity, _ => 0,
                    };
                    left += fact switch { HoldPosted p => p.Quantity, StockAdjusted a => -a.Change, _ => 0 };
                }

                Assert.True(state.OnHand >= 0 && (state.Backorder || state.Available >= 0));
                Assert.Equal(arrived - left, state.OnHand);
            }
        }).QuickCheckThrowOnFailure();
    }
}
