using Commerce.Kernel;
using Commerce.Payments;
using Xunit;

namespace Commerce.Journal.Tests;

public sealed class LedgerQueriesTests(LedgerQueriesTests.Filled shop) : IClassFixture<LedgerQueriesTests.Filled>
{
    private static readonly DateOnly First = DateOnly.FromDateTime(Shop.Day1.UtcDateTime);

    private LedgerQueries Ledger => new(shop.Database("Payments"));

    [Fact]
    public async Task The_trial_balance_sums_what_was_posted_and_balances_per_currency()
    {
        var rows = await Ledger.TrialBalance(null, null, default);
        Assert.Equal(
            [
                new AccountBalance("EUR", Accounts.Receivable, 300, 0),
                new AccountBalance("EUR", Accounts.Sales, 0, 300),
                new AccountBalance("GBP", Accounts.CustomerCredit, 0, 25),
                new AccountBalance("GBP", Accounts.ProviderClearing, 1000, 150),
                new AccountBalance("GBP", Accounts.Receivable, 1000, 1000),
                new AccountBalance("GBP", Accounts.Refunds, 175, 0),
                new AccountBalance("GBP", Accounts.Sales, 0, 1000),
            ],
            rows);
        Assert.All(rows.GroupBy(r => r.Currency), g => Assert.Equal(0, g.Sum(r => r.Balance)));
    }

    [Fact]
    public async Task The_trial_balance_of_some_days_has_both_ends_included()
    {
        Assert.Equal(
            [new AccountBalance("GBP", Accounts.ProviderClearing, 0, 150), new AccountBalance("GBP", Accounts.Refunds, 150, 0)],
            await Ledger.TrialBalance(First.AddDays(1), First.AddDays(1), default));
        Assert.Equal(3, (await Ledger.TrialBalance(null, First, default)).Count);
        Assert.Empty(await Ledger.TrialBalance(First.AddDays(4), null, default));
    }

    [Fact]
    public async Task Entries_are_listed_by_day_the_oldest_first_with_their_postings()
    {
        var all = await Entries();
        Assert.Equal(
            ["ord_1/shipment/shp_1", "pay_1/capture/cap_1", "pay_1/refund/ref_1", "crn_1", "ord_2/shipment/shp_1"], all.Select(e => e.Id));
        Assert.Equal([new Posting(Accounts.ProviderClearing, 1000, 0), new Posting(Accounts.Receivable, 0, 1000)], all[1].Postings);
        Assert.Equal(("ord_1", "GBP", Shop.Day1.AddHours(1)), (all[1].Reference, all[1].Currency, all[1].OccurredAt));
    }

    [Fact]
    public async Task Entries_are_filtered_by_account_reference_and_days()
    {
        Assert.Equal(["pay_1/refund/ref_1", "crn_1"], (await Entries(account: Accounts.Refunds)).Select(e => e.Id));
        Assert.Equal(["pay_1/refund/ref_1"], (await Entries(Accounts.Refunds, "ord_1")).Select(e => e.Id));
        Assert.Equal(3, (await Entries(reference: "ord_1")).Count);
        Assert.Empty(await Entries(account: "no such account"));
        Assert.Equal(["pay_1/refund/ref_1", "crn_1"], (await Entries(from: First.AddDays(1), to: First.AddDays(2))).Select(e => e.Id));
        Assert.Equal(5, (await Entries(from: DateOnly.MinValue, to: DateOnly.MaxValue)).Count);
    }

    private Task<List<LedgerEntry>> Entries(string? account = null, string? reference = null, DateOnly? from = null, DateOnly? to = null) =>
        Shop.Walk(1, page => Ledger.Entries(account, reference, from, to, page, default));

    public sealed class Filled : Shop
    {
        protected override async Task Fill()
        {
            await Posted("ord_1/shipment/shp_1", Day1, "ord_1", new Money(1000, "GBP"), Accounts.Receivable, Accounts.Sales);
            await Happened(
                "payment", "pay_1",
                new AuthorizationRequested("ord_1", new Money(1000, "GBP"), "pm_sandbox_ok", "sandbox", Day1.AddDays(7)),
                new PaymentAuthorized("ord_1", "auth_1", new Money(1000, "GBP")),
                new CaptureRequested("cap_1", 1000, Day1.AddHours(1), null),
                new PaymentCaptured(
                    "ord_1", "cap_1", new Money(1000, "GBP"),
                    Entry(
                        "pay_1/capture/cap_1", Day1.AddHours(1), "ord_1", new(1000, "GBP"), Accounts.ProviderClearing,
                        Accounts.Receivable)));
            await CatchUp();
            await Happened(
                "payment", "pay_1",
                new PaymentRefunded(
                    "ord_1", "ref_1", new Money(150, "GBP"),
                    Entry("pay_1/refund/ref_1", Day1.AddDays(1), "ord_1", new(150, "GBP"), Accounts.Refunds, Accounts.ProviderClearing)));
            await Posted("crn_1", Day1.AddDays(2), "crn_1", new Money(25, "GBP"), Accounts.Refunds, Accounts.CustomerCredit);
            await Posted("ord_2/shipment/shp_1", Day1.AddDays(3), "ord_2", new Money(300, "EUR"), Accounts.Receivable, Accounts.Sales);
            await CatchUp();
        }

        private Task Posted(string id, DateTimeOffset at, string reference, Money amount, string debit, string credit) =>
            Happened("ledger_entry", id, new EntryPosted(Entry(id, at, reference, amount, debit, credit)));

        private static LedgerEntry Entry(string id, DateTimeOffset at, string reference, Money amount, string debit, string credit) =>
            LedgerEntry.Of(id, at, $"About {reference}", reference, amount, debit, credit);
    }
}
