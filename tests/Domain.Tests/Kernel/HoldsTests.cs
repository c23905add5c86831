using Commerce.Kernel;
using FsCheck;
using FsCheck.Fluent;
using Xunit;

namespace Commerce.Domain.Tests.Kernel;

public sealed class HoldsTests
{
    private static readonly DateTimeOffset Noon = Given.Now;

    [Fact]
    public void What_is_left_of_a_hold_after_posting_stays_set_aside()
    {
        var holds = Holds.None.Place(new Hold("a", 5, null)).Post("a", 2);
        Assert.Equal(3, holds.Held);
        Assert.Equal(3, holds.Find("a")!.Quantity);
    }

    [Fact]
    public void A_hold_posted_in_full_is_gone() => Assert.Equal(Holds.None, Holds.None.Place(new Hold("a", 5, null)).Post("a", 5));

    [Fact]
    public void More_than_a_hold_has_cannot_be_posted()
    {
        var holds = Holds.None.Place(new Hold("a", 5, null));
        Assert.Throws<ArgumentOutOfRangeException>(() => holds.Post("a", 6));
        Assert.Throws<ArgumentOutOfRangeException>(() => holds.Post("a", 0));
    }

    [Fact]
    public void Voiding_what_is_not_open_changes_nothing()
    {
        var holds = Holds.None.Place(new Hold("a", 5, null));
        Assert.Same(holds, holds.Void("b"));
    }

    [Fact]
    public void Only_holds_whose_time_is_up_are_due_in_order_of_expiry()
    {
        var holds = Holds.None
            .Place(new Hold("late", 1, Noon.AddHours(2)))
            .Place(new Hold("second", 1, Noon.AddMinutes(2)))
            .Place(new Hold("first", 1, Noon.AddMinutes(1)))
            .Place(new Hold("never", 1, null));
        Assert.Equal(Noon.AddMinutes(1), holds.WakeAt);
        Assert.Empty(holds.DueAt(Noon));
        Assert.Equal(["first", "second"], holds.DueAt(Noon.AddMinutes(2)).Select(h => h.Id));
    }

    [Fact]
    public void The_wake_up_time_never_lies_after_an_expiry_whatever_was_done()
    {
        var steps = Gen.Choose(0, 2).SelectMany(what => Gen.Choose(0, 5).SelectMany(id => Gen.Choose(1, 9).Select(n => (what, id, n))));
        Prop.ForAll(steps.ListOf().ToArbitrary(), moves =>
        {
            var holds = Holds.None;
            foreach (var (what, id, n) in moves)
            {
                var name = $"h{id}";
                holds = (what, holds.Find(name)) switch
                {
                    (0, null) => holds.Place(new Hold(name, n, n == 9 ? null : Noon.AddMinutes(n))),
                    (1, { } open) => holds.Post(name, Math.Min(n, open.Quantity)),
                    (2, _) => holds.Void(name),
                    _ => holds,
                };
            }

            Assert.Equal(holds.Open.Values.Sum(h => h.Quantity), holds.Held);
            Assert.All(holds.Open.Values, h => Assert.True(h.ExpiresAt is null || holds.WakeAt <= h.ExpiresAt));
            Assert.Equal(holds.Open.Values.Min(h => h.ExpiresAt), holds.Rewound().WakeAt);
        }).QuickCheckThrowOnFailure();
    }
}
