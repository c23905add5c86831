using Commerce.Kernel;
using Commerce.Orders;
using Commerce.Payments;
using Xunit;

namespace Commerce.Domain.Tests.Payments;

public sealed class LedgerEntryRulesTests
{
    private static readonly DateTimeOffset Day = new(2010, 12, 1, 8, 26, 0, TimeSpan.Zero);

    private static readonly LedgerEntry Balanced = Entry(new("receivable", 10, 0), new("sales", 0, 7), new("refunds", 0, 3));

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
        { "invalid_entry", "/postings/1/account", Entry(new("receivable", 10, 0), new("slush", 0, 10)) },
        { "invalid_entry", "/currency", Balanced with { Currency = "GBP,EUR" } },
        { "invalid_entry", "/id", Balanced with { Id = "ord_2" } },
    };

    [Fact]
    public void A_balanced_entry_is_posted_and_posting_it_again_changes_nothing()
    {
        var posted = Assert.Single(LedgerEntryRules.Post(LedgerEntryState.Initial, "ord_1", Balanced).Facts);
        var kept = (EntryPosted)PaymentsCapability.Facts.Decode(PaymentsCapability.Facts.Encode(posted));
        var state = LedgerEntryRules.Evolve(LedgerEntryState.Initial, kept);

        var again = LedgerEntryRules.Post(state, "ord_1", Balanced);

        Assert.Equal((null, 0), (again.Refusal, again.Facts.Count));
    }

    [Fact]
    public void A_posted_entry_cannot_be_changed()
    {
        var state = new LedgerEntryState(Balanced);

        Assert.Equal("entry_exists", LedgerEntryRules.Post(state, "ord_1", Balanced with { OccurredAt = Day.AddDays(1) }).Refusal!.Code);
        Assert.Equal(
            "entry_exists", LedgerEntryRules.Post(state, "ord_1", Entry(new("receivable", 10, 0), new("sales", 0, 10))).Refusal!.Code);
    }

    [Theory]
    [MemberData(nameof(Bad))]
    public void What_is_no_entry_of_a_double_entry_ledger_is_refused(string code, string field, LedgerEntry entry)
    {
        var refusal = LedgerEntryRules.Post(LedgerEntryState.Initial, "ord_1", entry).Refusal!;

        Assert.Equal((code, field, RefusalKind.Invalid), (refusal.Code, refusal.Field, refusal.Kind));
    }

    [Fact]
    public void What_ships_is_owed_and_sold()
    {
        var entry = Ledger.Of("ord_1", new ShipmentCompleted(OrderStatus.Shipped, "shp_1", null, new Money(10, "GBP"), Day))!;

        Assert.Equal(("ord_1/shipment/shp_1", Day, "ord_1", "GBP"), (entry.Id, entry.OccurredAt, entry.Reference, entry.Currency));
        Assert.Equal([new("receivable", 10, 0), new("sales", 0, 10)], entry.Postings);
    }

    [Fact]
    public void What_is_credited_is_owed_to_the_customer()
    {
        var returned = Ledger.Of("ord_1", new ReturnCompleted(OrderStatus.Shipped, "ret_1", null, new Money(15, "GBP"),
            RefundedTo.CustomerCredit, Day, 10))!;
        var credited = Ledger.Of("crn_1", new CreditNoteIssued(null, new Money(10, "GBP"), [], "Broken", null, Day))!;

        Assert.Equal(("ord_1/return/ret_1", "crn_1"), (returned.Id, credited.Id));
        foreach (var entry in new[] { returned, credited })
            Assert.Equal([new("refunds", 10, 0), new("customer_credit", 0, 10)], entry.Postings);
    }

    [Fact]
    public void What_moves_no_money_or_is_booked_with_its_movement_needs_no_entry()
    {
        Assert.Null(Ledger.Of("ord_1", new ShipmentCompleted(OrderStatus.Shipped, "shp_1", null, Money.Zero("GBP"), Day)));
        Assert.Null(Ledger.Of("ord_1", new ReturnCompleted(OrderStatus.Shipped, "ret_1", null, new Money(10, "GBP"),
            RefundedTo.PaymentMethod, Day, 0)));
        Assert.Null(Ledger.Of("crn_1", new CreditNoteIssued(null, Money.Zero("GBP"), [], "Broken", null, Day)));
    }

    private static LedgerEntry Entry(params Posting[] postings) => new("ord_1", Day, "An entry", "ord_1", "GBP", postings);
}
