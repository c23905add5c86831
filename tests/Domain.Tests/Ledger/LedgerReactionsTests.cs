using Commerce.Engine;
using Commerce.Journal.Memory;
using Commerce.Kernel;
using Commerce.Ledger;
using Commerce.Orders;
using Commerce.Payments;
using Commerce.SingleProcess;
using Commerce.Testing;
using Xunit;

namespace Commerce.Domain.Tests.Ledger;

public sealed class LedgerReactionsTests
{
    private static readonly DateTimeOffset Day = new(2010, 12, 1, 8, 26, 0, TimeSpan.Zero);
    private static readonly Money Ten = new(10, "GBP");

    [Fact]
    public void What_ships_is_sold_and_the_customer_owes_it()
    {
        var entry = Entry("ord_1", Shipped("shp_1", "cus_1", Ten));

        Assert.Equal(("ord_1/shipment/shp_1", Day, "ord_1", "GBP"), (entry.Id, entry.OccurredAt, entry.Reference, entry.Currency));
        Assert.Equal([new("receivable", 10, 0, "cus_1"), new("sales", 0, 10)], entry.Postings);
    }

    [Fact]
    public void What_is_credited_is_owed_to_the_customer()
    {
        var returned = Entry("ord_1", Returned("ret_1", "cus_1", 10, 10));
        var credited = Entry("crn_1", new CreditNoteIssued("cus_1", Ten, [], "Broken", null, Day));

        Assert.Equal(("ord_1/return/ret_1", "crn_1"), (returned.Id, credited.Id));
        foreach (var entry in new[] { returned, credited })
            Assert.Equal([new("refunds", 10, 0), new("customer_credit", 0, 10, "cus_1")], entry.Postings);
    }

    [Fact]
    public void What_is_captured_is_with_the_provider_and_no_more_owed_by_the_customer()
    {
        var entry = Entry("pay_1", new PaymentCaptured("ord_1", "shp_1", Ten, Day, "cus_1"));

        Assert.Equal(("pay_1/capture/shp_1", Day, "ord_1"), (entry.Id, entry.OccurredAt, entry.Reference));
        Assert.Equal([new("provider_clearing", 10, 0), new("receivable", 0, 10, "cus_1")], entry.Postings);
    }

    [Fact]
    public void A_refund_is_owed_until_the_order_says_what_it_was()
    {
        var entry = Entry("pay_1", new PaymentRefunded("ord_1", "ret_1", Ten, Day, "cus_1"));

        Assert.Equal(("pay_1/refund/ret_1", Day, "ord_1"), (entry.Id, entry.OccurredAt, entry.Reference));
        Assert.Equal([new("receivable", 10, 0, "cus_1"), new("provider_clearing", 0, 10)], entry.Postings);
    }

    [Fact]
    public void A_return_takes_back_from_what_was_sold_what_it_refunds_and_credits()
    {
        var refunded = Entry("ord_1", Returned("ret_1", "cus_1", 10, 0));
        var both = Entry("ord_1", Returned("ret_2", "cus_1", 15, 5));

        Assert.Equal([new("refunds", 10, 0), new("receivable", 0, 10, "cus_1")], refunded.Postings);
        Assert.Equal(
            [new("refunds", 15, 0), new("receivable", 0, 10, "cus_1"), new("customer_credit", 0, 5, "cus_1")], both.Postings);
    }

    [Fact]
    public void What_is_given_back_by_hand_is_booked_as_what_it_was()
    {
        var allowance = Entry("ord_1", Noted(RefundKind.Allowance));
        var paidOut = Entry("ord_1", Noted(RefundKind.CustomerCredit));

        Assert.Equal(("ord_1/allowance/rfd_1", "ord_1/credit_paid_out/rfd_1"), (allowance.Id, paidOut.Id));
        Assert.Equal([new("refunds", 10, 0), new("receivable", 0, 10, "cus_1")], allowance.Postings);
        Assert.Equal([new("customer_credit", 10, 0, "cus_1"), new("receivable", 0, 10, "cus_1")], paidOut.Postings);
    }

    [Fact]
    public void What_was_captured_for_nothing_and_cannot_go_back_is_owed_to_the_customer()
    {
        var entry = Entry("ord_1", Closed(4));

        Assert.Equal(("ord_1/closed", "ord_1", "GBP"), (entry.Id, entry.Reference, entry.Currency));
        Assert.Equal([new("receivable", 4, 0, "cus_1"), new("customer_credit", 0, 4, "cus_1")], entry.Postings);
    }

    [Fact]
    public void A_guest_owes_without_a_party() =>
        Assert.Equal([new("receivable", 10, 0), new("sales", 0, 10)], Entry("ord_1", Shipped("shp_1", null, Ten)).Postings);

    [Fact]
    public void What_moves_no_money_or_is_booked_with_its_refund_needs_no_entry()
    {
        Assert.Null(LedgerReactions.EntryOf("ord_1", Day, Shipped("shp_1", null, Money.Zero("GBP"))));
        Assert.Null(LedgerReactions.EntryOf("ord_1", Day, Returned("ret_1", null, 0, 0)));
        Assert.Null(LedgerReactions.EntryOf("ord_1", Day, Noted(RefundKind.Prepayment)));
        Assert.Null(LedgerReactions.EntryOf("ord_1", Day, Closed(0)));
        Assert.Null(LedgerReactions.EntryOf("crn_1", Day, new CreditNoteIssued(null, Money.Zero("GBP"), [], "Broken", null, Day)));
    }

    [Fact]
    public async Task Each_fact_about_money_is_booked_once_however_often_it_is_delivered()
    {
        var clock = new FakeClock();
        var orders = new InMemoryStore(new Capability("Orders", [], OrdersCapability.Facts, []), clock);
        var payments = new InMemoryStore(new Capability("Payments", [], PaymentsCapability.Facts, []), clock);
        var ledger = new InMemoryStore(LedgerCapability.Definition, clock);
        await Happened(
            orders, "order", "ord_1", Shipped("shp_1", null, Ten), Returned("ret_1", null, 3, 3), Returned("ret_2", null, 0, 0),
            Noted(RefundKind.Allowance));
        await Happened(orders, "credit_note", "crn_1", new CreditNoteIssued(null, new Money(5, "GBP"), [], "Broken", null, Day));
        await Happened(
            payments, "payment", "pay_1", new PaymentCaptured("ord_1", "shp_1", Ten, Day, null),
            new PaymentRefunded("ord_1", "ret_1", new Money(7, "GBP"), Day, null));
        string[] booked =
        [
            "ord_1/shipment/shp_1", "ord_1/return/ret_1", "ord_1/allowance/rfd_1", "crn_1", "pay_1/capture/shp_1", "pay_1/refund/ret_1",
        ];

        await Follow();
        foreach (var reaction in LedgerCapability.Definition.Reactions)
            for (var partition = 0; partition < orders.Partitions; partition++)
                await ledger.Checkpoints.Save(reaction.Name, partition, 0, TestContext.Current.CancellationToken);
        await Follow();

        Assert.Equal(booked.Length, ledger.Commits);

        // A process starts, follows until nothing is left, and stops.
        async Task Follow()
        {
            await using var engine = new SingleProcessEngine(
                [orders.Store, payments.Store, ledger.Store], new TestServices(),
                new SingleProcessOptions { Clock = clock, Scheduler = clock.Scheduler });
            engine.Start();
            await clock.Until(
                async () => (await engine.Lag(TestContext.Current.CancellationToken)).All(l => l.Facts == 0), "all is handled");
            var entries = await Task.WhenAll(booked.Select(id => engine.Get<ILedgerEntry>(id).Get()));
            Assert.Equal([10L, 3, 10, 5, 10, 7], entries.Select(e => e?.Postings.Sum(p => p.Debit) ?? 0));
            Assert.All(entries, e => Assert.Equal(Day, e!.OccurredAt));
            Assert.Empty(await engine.Parked(TestContext.Current.CancellationToken));
        }

        Task Happened(InMemoryStore store, string kind, string key, params object[] facts) => store.Append(new AppendRequest(
            new EntityId(kind, key), 0, [.. facts.Select(store.Store.Capability.Facts.Encode)], "op", null, "{}", clock.Now, "test"));
    }

    private static LedgerEntry Entry(string key, object fact)
    {
        var entry = LedgerReactions.EntryOf(key, Day, fact)!;
        Assert.Null(LedgerRules.Fault(entry));
        return entry;
    }

    private static OrderClosed Closed(long credited) => new(
        OrderStatus.Cancelled, "why", "cus_1", Ten, true, 1, 1, 10, Day, "pay_1", credited);

    private static ShipmentCompleted Shipped(string id, string? customer, Money amount) =>
        new(OrderStatus.Shipped, id, customer, amount, Day, amount.Minor);

    private static RefundNoted Noted(RefundKind kind) => new(OrderStatus.Shipped, "pay_1", "rfd_1", kind, "cus_1", Ten, Day, "late");

    private static ReturnCompleted Returned(string id, string? customer, long amount, long credited) => new(
        OrderStatus.Shipped, id, customer, new Money(amount, "GBP"),
        credited > 0 ? RefundedTo.CustomerCredit : RefundedTo.PaymentMethod, Day, credited);
}
