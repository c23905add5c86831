using Commerce.Kernel;
using Commerce.Ledger;
using Xunit;

namespace Commerce.Domain.Tests.Ledger;

public sealed class LedgerRulesTests
{
    private static readonly DateTimeOffset Day = new(2010, 12, 1, 8, 26, 0, TimeSpan.Zero);

    private static readonly BooksView Open = new(null, null, null, 0);

    private static readonly LedgerEntry Balanced = Entry(new("receivable", 10, 0, "cus_1"), new("sales", 0, 7), new("refunds", 0, 3));

    public static TheoryData<string, string, LedgerEntry> Bad => new()
    {
        { "entry_unbalanced", "/postings", Entry(new("receivable", 10, 0), new("sales", 0, 9)) },
        { "entry_unbalanced", "/postings", Entry(new("receivable", 10, 0), new("sales", 10, 0)) },
        { "invalid_entry", "/postings", Entry() },
        { "invalid_entry", "/postings", Entry(new Posting("receivable", 10, 0)) },
        { "invalid_entry", "/postings", Balanced with { Postings = null! } },
        { "invalid_entry", "/postings/1", Entry(new("receivable", 1, 0), new("sales", 0, -1)) },
        { "invalid_entry", "/postings/0", Entry(new("receivable", 10, 10), new("sales", 1, 0), new("sales", 0, 1)) },
        { "invalid_entry", "/postings/2", Entry(new("receivable", 10, 0), new("sales", 0, 10), new("sales", 0, 0)) },
        { "invalid_entry", "/postings/0", Entry(new("receivable", long.MaxValue, 0), new("sales", 0, long.MaxValue)) },
        { "unknown_account", "/postings/1/account", Entry(new("receivable", 10, 0), new("slush", 0, 10)) },
        { "invalid_entry", "/postings/0/party", Entry(new("receivable", 10, 0, "Ann"), new("sales", 0, 10)) },
        { "invalid_entry", "/postings/1/party", Entry(new("receivable", 10, 0), new("sales", 0, 10, "cus_1")) },
        { "invalid_entry", "/currency", Balanced with { Currency = "GBP,EUR" } },
        { "invalid_entry", "/id", Balanced with { Id = "ord_2" } },
    };

    [Fact]
    public void A_balanced_entry_is_posted_and_posting_it_again_changes_nothing()
    {
        var posted = Assert.Single(LedgerRules.Post(LedgerEntryState.Initial, "ord_1", Balanced, Open).Facts);
        var kept = (EntryPosted)LedgerCapability.Facts.Decode(LedgerCapability.Facts.Encode(posted));
        var state = LedgerRules.Evolve(LedgerEntryState.Initial, kept);

        var again = LedgerRules.Post(state, "ord_1", Balanced, Open);

        Assert.Equal((null, 0), (again.Refusal, again.Facts.Count));
    }

    [Fact]
    public void A_posted_entry_cannot_be_changed()
    {
        var state = new LedgerEntryState(Balanced);

        Assert.Equal("entry_exists", LedgerRules.Post(state, "ord_1", Balanced with { OccurredAt = Day.AddDays(1) }, Open).Refusal!.Code);
        Assert.Equal(
            "entry_exists", LedgerRules.Post(state, "ord_1", Entry(new("receivable", 10, 0), new("sales", 0, 10)), Open).Refusal!.Code);
    }

    [Fact]
    public void What_belongs_to_a_closed_day_is_posted_on_the_first_open_one()
    {
        var books = new BooksView(new DateOnly(2010, 12, 1), Day.AddHours(20), Day.AddDays(1), 1);

        var posted = Assert.Single(LedgerRules.Post(LedgerEntryState.Initial, "ord_1", Balanced, books).Facts).Entry;
        Assert.Equal((Day.AddHours(20), Day), (posted.OccurredAt, posted.DocumentDate));
        Assert.Equal(Balanced.Postings, posted.Postings);

        var state = new LedgerEntryState(posted);
        var again = new[] { books, Open, books with { OpenFrom = Day.AddDays(40) } }
            .Select(seen => LedgerRules.Post(state, "ord_1", Balanced, seen));
        Assert.All(again, a => Assert.Equal((null, 0), (a.Refusal, a.Facts.Count)));
        var another = Balanced with { OccurredAt = posted.OccurredAt };
        Assert.Equal("entry_exists", LedgerRules.Post(state, "ord_1", another, books).Refusal?.Code);
        var onTheDay = Balanced with { OccurredAt = books.OpenFrom!.Value };
        Assert.Null(Assert.Single(LedgerRules.Post(LedgerEntryState.Initial, "ord_1", onTheDay, books).Facts).Entry.DocumentDate);
    }

    [Theory]
    [MemberData(nameof(Bad))]
    public void What_is_no_entry_of_a_double_entry_ledger_is_refused(string code, string field, LedgerEntry entry)
    {
        var refusal = LedgerRules.Post(LedgerEntryState.Initial, "ord_1", entry, Open).Refusal!;

        Assert.Equal((code, field, RefusalKind.Invalid), (refusal.Code, refusal.Field, refusal.Kind));
    }

    private static LedgerEntry Entry(params Posting[] postings) => new("ord_1", Day, "An entry", "ord_1", "GBP", postings);
}
