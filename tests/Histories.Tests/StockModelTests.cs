using Commerce.ReadModels;
using Xunit;
using Op = Commerce.Histories.Operation<Commerce.Histories.StockAsked, Commerce.Histories.StockAnswer>;

namespace Commerce.Histories.Tests;

/// <summary>What the model of stock takes for possible.</summary>
public sealed class StockModelTests
{
    private static readonly StockAnswer Done = new StockAnswer.Done();
    private static readonly StockAnswer No = new StockAnswer.Refused();
    private static readonly StockAnswer Over = new StockAnswer.Over();
    private static readonly StockAnswer Perhaps = new StockAnswer.Perhaps();

    [Fact]
    public void Units_are_held_shipped_and_taken_back()
    {
        var hold = Hold("ord_1", 2, 2, 5, Done);
        Explained(Receive(3), hold, Ship("ord_1", 2, 6, 9), Get(7, 8, 3, 2, 2), Get(10, 11, 1, 0, 3), Return("ord_1", 2, 12, 13),
            Get(14, 15, 3, 0, 4));
    }

    [Fact]
    public void A_read_while_an_order_is_placed_sees_its_hold_or_not_and_then_goes_on_seeing_it()
    {
        Explained(Receive(3), Hold("ord_1", 2, 2, 9, Done), Get(3, 4, 3, 0, 1), Get(5, 6, 3, 2, 2));
        NotExplained(Receive(3), Hold("ord_1", 2, 2, 9, Done), Get(3, 4, 3, 2, 2), Get(5, 6, 3, 0, 1));
    }

    [Fact]
    public void The_last_unit_is_sold_once()
    {
        Explained(Receive(1), Hold("ord_1", 1, 2, 9, Done), Hold("ord_2", 1, 3, 8, No));
        NotExplained(Receive(1), Hold("ord_1", 1, 2, 9, Done), Hold("ord_2", 1, 3, 8, Done));
    }

    [Fact]
    public void Nobody_is_refused_while_there_is_enough()
    {
        NotExplained(Receive(1), Hold("ord_1", 1, 2, 9, No));
        NotExplained(Receive(1), Adjust(-1, 2, 3, new StockAnswer.Refused(1)));
        NotExplained(Receive(1), Adjust(-2, 2, 3, new StockAnswer.Refused(0)));
        Explained(Receive(1), Adjust(-2, 2, 3, new StockAnswer.Refused(1)));
    }

    [Fact]
    public void A_version_that_no_change_made_is_not_explained() => NotExplained(Receive(1), Get(2, 3, 1, 0, 2));

    [Fact]
    public void What_is_cancelled_is_free_for_the_next_one()
    {
        var first = Hold("ord_1", 1, 2, 3, Done);
        Explained(Receive(1), first, Free(first, 4, 9, Done), Hold("ord_2", 1, 5, 8, Done), Get(10, 11, 1, 1, 4));
        NotExplained(Receive(1), first, Free(first, 6, 9, Done), Hold("ord_2", 1, 4, 5, Done));
    }

    [Fact]
    public void A_hold_that_its_order_gives_back_is_seen_before_that_or_never_and_not_after()
    {
        var hold = Hold("ord_1", 1, 2, 9, Over);
        Explained(Receive(1), hold, Free(hold, 2, 9, Over), Get(3, 4, 1, 1, 2), Get(10, 11, 1, 0, 3));
        Explained(Receive(1), hold with { Asked = new StockAsked.Hold("ord_1", 2) }, Get(10, 11, 1, 0, 1));
        NotExplained(Receive(1), hold, Free(hold, 2, 9, Over), Get(10, 11, 1, 1, 2));
        NotExplained(Receive(1), hold, Free(hold, 2, 9, Over), Get(10, 11, 1, 0, 1)); // there was enough, so it was held
        var perhaps = Hold("ord_1", 1, 2, 9, Perhaps);
        Explained(Receive(1), perhaps, Free(perhaps, 2, 9, Over), Get(10, 11, 1, 0, 1));
        Explained(Receive(1), perhaps, Free(perhaps, 2, 9, Over), Get(10, 11, 1, 0, 3));
    }

    [Fact]
    public void An_order_whose_placing_was_never_answered_holds_its_units_or_does_not()
    {
        var hold = new Op("buyer", new StockAsked.Hold("ord_1", 1), 2, null, null);
        Explained(Receive(1), hold, Get(3, 4, 1, 0, 1));
        Explained(Receive(1), hold, Get(3, 4, 1, 1, 2));
        NotExplained(Receive(1), hold, Get(3, 4, 1, 1, 2), Get(5, 6, 1, 0, 3));
    }

    private static void Explained(params Op[] history)
    {
        var finding = Linearizability.Check("stock A", new StockModel(), history);
        Assert.True(finding.Explained, finding.Why);
    }

    private static void NotExplained(params Op[] history) =>
        Assert.False(Linearizability.Check("stock A", new StockModel(), history).Explained);

    private static Op Receive(long units) =>
        new("clerk", new StockAsked.Receive(units), 0, 1, new StockAnswer.Level(units, 0, 1));

    private static Op Adjust(long change, long sent, long answered, StockAnswer answer) =>
        new("clerk", new StockAsked.Adjust(change), sent, answered, answer);

    private static Op Get(long sent, long answered, long onHand, long held, long version) =>
        new("reader", new StockAsked.Get(), sent, answered, new StockAnswer.Level(onHand, held, version));

    private static Op Hold(string order, long units, long sent, long settled, StockAnswer answer) =>
        new("buyer", new StockAsked.Hold(order, units), sent, settled, answer);

    private static Op Ship(string order, long units, long sent, long settled) =>
        new("buyer", new StockAsked.Ship(order, units), sent, settled, Done);

    private static Op Return(string order, long units, long sent, long settled) =>
        new("buyer", new StockAsked.Return(order, units), sent, settled, Done);

    private static Op Free(Op hold, long sent, long settled, StockAnswer answer)
    {
        var asked = (StockAsked.Hold)hold.Asked;
        return new("buyer", new StockAsked.Free(asked.Order, asked.Units), sent, settled, answer, hold);
    }
}
