using Commerce.Kernel;
using Commerce.Ledger;
using Commerce.Orders;
using Commerce.Payments;
using Xunit;

namespace Commerce.ReadModels.Tests;

public sealed class LedgerQueriesTests(LedgerQueriesTests.Filled shop) : IClassFixture<LedgerQueriesTests.Filled>
{
    private const string Customer = "cus_1";

    private static readonly DateOnly First = DateOnly.FromDateTime(Shop.Day1.UtcDateTime);

    private LedgerQueries Ledger => new(shop.Database("Ledger"));

    [Fact]
    public async Task The_trial_balance_sums_what_was_posted_and_balances_per_currency()
    {
        var rows = await Ledger.TrialBalance(null, null, default);
        Assert.Equal(
            [
                new AccountBalance("EUR", OrderAccounts.Receivable.Name, 300, 0),
                new AccountBalance("EUR", OrderAccounts.Sales.Name, 0, 300),
                new AccountBalance("GBP", OrderAccounts.CustomerCredit.Name, 0, 25),
                new AccountBalance("GBP", PaymentAccounts.ProviderClearing.Name, 1000, 150),
                new AccountBalance("GBP", OrderAccounts.Receivable.Name, 1000, 1000),
                new AccountBalance("GBP", OrderAccounts.Refunds.Name, 175, 0),
                new AccountBalance("GBP", OrderAccounts.Sales.Name, 0, 1000),
            ],
            rows);
        Assert.All(rows.GroupBy(r => r.Currency), g => Assert.Equal(0, g.Sum(r => r.Balance)));
    }

    [Fact]
    public async Task The_trial_balance_of_some_days_has_all_of_them()
    {
        Assert.Equal(
            [
                new AccountBalance("GBP", PaymentAccounts.ProviderClearing.Name, 0, 150),
                new AccountBalance("GBP", OrderAccounts.Refunds.Name, 150, 0),
            ],
            await Ledger.TrialBalance(Start(1), Start(2), default));
        Assert.Equal(3, (await Ledger.TrialBalance(null, Start(1), default)).Count);
        Assert.Empty(await Ledger.TrialBalance(Start(4), null, default));
    }

    // The entries of the first day are at 9:30 and 10:30, and then one is at 9:30 of each day.
    [Theory]
    [InlineData(9, 10, 1000)] // within a day
    [InlineData(9.5, 9.75, 1000)]
    [InlineData(9.75, 10.5, 0)]
    [InlineData(10, 23, 1000)]
    [InlineData(9, 23, 2000)]
    [InlineData(20, 28, 0)] // over one midnight
    [InlineData(9, 28, 2000)]
    [InlineData(10, 34, 1150)]
    [InlineData(-5, 58, 2175)] // with whole days between
    [InlineData(-5, 57, 2150)]
    [InlineData(10.5, 58, 1175)]
    [InlineData(0, 48, 2150)] // whole days alone
    public async Task The_trial_balance_has_each_entry_of_its_range_once(double fromHour, double toHour, long debit)
    {
        var rows = await Ledger.TrialBalance(Start(0).AddHours(fromHour), Start(0).AddHours(toHour), default);
        Assert.Equal((debit, debit), (rows.Sum(r => r.Debit), rows.Sum(r => r.Credit)));
    }

    private static DateTimeOffset Start(int day) => ZoneCalendar.Utc.Start(First.AddDays(day));

    [Fact]
    public async Task Entries_are_listed_by_day_the_oldest_first_with_their_postings()
    {
        var all = await Entries();
        Assert.Equal(
            ["ord_1/shipment/shp_1", "pay_1/capture/cap_1", "pay_1/refund/ref_1", "crn_1", "ord_2/shipment/shp_1"], all.Select(e => e.Id));
        Assert.Equal(
            [new Posting(PaymentAccounts.ProviderClearing.Name, 1000, 0), new Posting(OrderAccounts.Receivable.Name, 0, 1000, Customer)],
            all[1].Postings);
        Assert.Equal(("ord_1", "GBP", Shop.Day1.AddHours(1)), (all[1].Reference, all[1].Currency, all[1].OccurredAt));
    }

    [Fact]
    public async Task Entries_are_filtered_by_account_reference_and_days()
    {
        Assert.Equal(["pay_1/refund/ref_1", "crn_1"], (await Entries(account: OrderAccounts.Refunds.Name)).Select(e => e.Id));
        Assert.Equal(["pay_1/refund/ref_1"], (await Entries(OrderAccounts.Refunds.Name, "ord_1")).Select(e => e.Id));
        Assert.Equal(3, (await Entries(reference: "ord_1")).Count);
        Assert.Empty(await Entries(account: "no such account"));
        Assert.Equal(["pay_1/refund/ref_1", "crn_1"], (await Entries(from: Start(1), to: Start(3))).Select(e => e.Id));
        Assert.Equal(["ord_1/shipment/shp_1"], (await Entries(from: Shop.Day1, to: Shop.Day1.AddHours(1))).Select(e => e.Id));
    }

    [Fact]
    public async Task An_entry_of_a_closed_day_says_which_that_was()
    {
        var late = (await Entries(reference: "crn_1")).Single();
        Assert.Equal((Shop.Day1.AddDays(2), Shop.Day1.AddDays(-2)), (late.OccurredAt, late.DocumentDate));
        Assert.Null((await Entries(reference: "ord_2")).Single().DocumentDate);
    }

    [Fact]
    public async Task Each_party_has_a_balance_of_its_own_on_accounts_that_have_parties()
    {
        Assert.Equal([new AccountBalance("GBP", OrderAccounts.Receivable.Name, 1000, 1000)], await Ledger.BalancesOf(Customer, default));
        Assert.Equal([new AccountBalance("EUR", OrderAccounts.Receivable.Name, 300, 0)], await Ledger.BalancesOf("cus_2", default));
        Assert.Empty(await Ledger.BalancesOf("cus_3", default));
    }

    private Task<List<LedgerEntry>> Entries(string? account = null, string? reference = null, DateTimeOffset? from = null,
        DateTimeOffset? to = null) =>
        Shop.Walk(1, page => Ledger.Entries(account, reference, from, to, page, default));

    public sealed class Filled : Shop
    {
        protected override async Task Fill()
        {
            await Posted("ord_1/shipment/shp_1", Day1, "ord_1", new Money(1000, "GBP"), OrderAccounts.Receivable, OrderAccounts.Sales);
            await Posted(
                "pay_1/capture/cap_1", Day1.AddHours(1), "ord_1", new(1000, "GBP"), PaymentAccounts.ProviderClearing,
                OrderAccounts.Receivable);
            await CatchUp();
            await Posted(
                "pay_1/refund/ref_1", Day1.AddDays(1), "ord_1", new(150, "GBP"), OrderAccounts.Refunds, PaymentAccounts.ProviderClearing);
            await Posted(
                "crn_1", Day1.AddDays(2), "crn_1", new Money(25, "GBP"), OrderAccounts.Refunds, OrderAccounts.CustomerCredit, null);
            await Posted(
                "ord_2/shipment/shp_1", Day1.AddDays(3), "ord_2", new Money(300, "EUR"), OrderAccounts.Receivable, OrderAccounts.Sales,
                "cus_2");
            await CatchUp();
        }

        private Task Posted(
            string id, DateTimeOffset at, string reference, Money amount, Account debit, Account credit,
            string? party = Customer)
        {
            var entry = LedgerEntry.Of(id, at, $"About {reference}", reference, amount, debit, credit, party);
            return Happened("ledger_entry", id, new EntryPosted(id == "crn_1" ? entry with { DocumentDate = Day1.AddDays(-2) } : entry));
        }
    }
}
