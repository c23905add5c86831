using Commerce.Kernel;
using Commerce.Ledger;
using Xunit;

namespace Commerce.Domain.Tests.Ledger;

public sealed class BooksRulesTests
{
    private static readonly DateTimeOffset Now = new(2026, 1, 10, 12, 0, 0, TimeSpan.Zero);

    [Fact]
    public void Days_that_are_over_are_closed_in_order_and_never_opened_again()
    {
        var state = Closed(BooksState.Initial, Through(2025, 12, 31));
        var view = BooksRules.View(state, 1);
        Assert.Equal(new DateOnly(2025, 12, 31), view.ClosedThrough);
        Assert.Equal(new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero), view.OpenFrom);
        Assert.Equal(Now + BooksRules.FinalAfter, view.FinalAt);

        var again = BooksRules.Close(state, Through(2025, 12, 31), Now);
        Assert.Equal((null, 0), (again.Refusal, again.Facts.Count));
        Assert.Equal("already_closed", BooksRules.Close(state, Through(2025, 11, 30), Now).Refusal?.Code);
        state = Closed(state, Through(2026, 1, 9));
        Assert.Equal(new DateOnly(2026, 1, 9), BooksRules.View(state, 2).ClosedThrough);
        Assert.Equal((null, null), (BooksRules.View(BooksState.Initial, 0).ClosedThrough, BooksRules.View(BooksState.Initial, 0).FinalAt));
    }

    [Fact]
    public void A_day_that_is_not_over_is_not_closed()
    {
        var today = BooksRules.Close(BooksState.Initial, Through(2026, 1, 10), Now).Refusal;
        Assert.Equal(("invalid_through", "/through", RefusalKind.Invalid), (today?.Code, today?.Field, today!.Kind));
    }

    private static BooksState Closed(BooksState state, CloseBooks command) =>
        BooksRules.Evolve(state, Assert.Single(BooksRules.Close(state, command, Now).Facts));

    private static CloseBooks Through(int year, int month, int day) =>
        new(new DateOnly(year, month, day), new DateTimeOffset(year, month, day, 0, 0, 0, TimeSpan.Zero).AddDays(1));
}
