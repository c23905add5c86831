using Commerce.Catalogue;
using Commerce.Kernel;
using Commerce.Orders;
using Xunit;

namespace Commerce.ReadModels.Tests;

public sealed class OrderQueriesTests(OrderQueriesTests.Filled shop) : IClassFixture<OrderQueriesTests.Filled>
{
    private static readonly DateOnly First = DateOnly.FromDateTime(Shop.Day1.UtcDateTime);

    private OrderQueries Orders => new(shop.Database("Orders"), shop.Databases.Personal("Orders"));

    [Fact]
    public async Task Orders_are_listed_the_latest_first()
    {
        Assert.Equal(["ord_5", "ord_4", "ord_3", "ord_2", "ord_1"], (await List(new OrderFilter())).Select(o => o.Id));
        Assert.Equal(
            new OrderSummary("ord_2", OrderStatus.PartlyShipped, "cus_1", new Money(60, "GBP"), 2, "536366", Shop.Day1.AddHours(2)),
            (await List(new OrderFilter(Reference: "536366"))).Single());
    }

    [Fact]
    public async Task Orders_are_filtered_by_customer_status_time_and_reference()
    {
        Assert.Equal(["ord_4", "ord_2", "ord_1"], (await List(new OrderFilter(CustomerId: "cus_1"))).Select(o => o.Id));
        Assert.Equal(["ord_3"], (await List(new OrderFilter(Status: OrderStatus.Rejected))).Select(o => o.Id));
        Assert.Equal(["ord_4"], (await List(new OrderFilter("cus_1", OrderStatus.Placed))).Select(o => o.Id));
        Assert.Equal(
            ["ord_3", "ord_2"], (await List(new OrderFilter(From: Shop.Day1.AddHours(2), To: Shop.Day1.AddHours(4)))).Select(o => o.Id));
        Assert.Empty(await List(new OrderFilter(Reference: "' or true --\0")));
        Assert.Empty(await List(new OrderFilter("cus_1", OrderStatus.Rejected)));
    }

    [Fact]
    public async Task Credit_notes_are_listed_the_latest_first_with_their_lines()
    {
        var all = await CreditNotes();
        Assert.Equal(["crn_3", "crn_2", "crn_1"], all.Select(c => c.Id));
        Assert.Equal(["crn_2"], (await CreditNotes("cus_1")).Select(c => c.Id));
        Assert.Equal(["crn_2"], (await CreditNotes(from: Shop.Day1.AddDays(1), to: Shop.Day1.AddDays(2))).Select(c => c.Id));
        Assert.Equal((CreditNoteStatus.Completed, 2L), (all[2].Status, all[2].Version));
        Assert.Equal((CreditNoteStatus.Issued, 1L, "C536379"), (all[1].Status, all[1].Version, all[1].Reference));
        Assert.Equal([Line], all[1].Lines);
    }

    [Fact]
    public async Task Sales_count_on_the_day_of_the_order_and_refunds_and_credits_on_their_own() => Assert.Equal(
        [
            new SalesDay(First, "EUR", 1, 1, 2, 30, 0, 0),
            new SalesDay(First, "GBP", 2, 4, 8, 120, 0, 21),
            new SalesDay(First.AddDays(1), "GBP", 0, 0, 0, 0, 7 + 2, 21), // a return and an allowance
        ],
        await Orders.SalesByDay(ZoneCalendar.Utc, First.AddDays(-1), First.AddDays(1), default));

    [Fact]
    public async Task The_sales_report_has_both_ends_included()
    {
        Assert.Equal([First, First], (await Orders.SalesByDay(ZoneCalendar.Utc, First, First, default)).Select(d => d.Day));
        Assert.Equal(4, (await Orders.SalesByDay(ZoneCalendar.Utc, null, null, default)).Count);
    }

    [Fact]
    public async Task Each_time_zone_has_days_of_its_own()
    {
        var honolulu = ZoneCalendar.Of("Pacific/Honolulu")!; // where the first order was made at 23:30, and the second two hours later
        var days = new[]
        {
            new SalesDay(First.AddDays(-1), "GBP", 1, 2, 4, 60, 0, 21),
            new SalesDay(First, "EUR", 1, 1, 2, 30, 0, 0),
            new SalesDay(First, "GBP", 1, 2, 4, 60, 9, 21),
            new SalesDay(First.AddDays(1), "GBP", 0, 0, 0, 0, 0, 21),
        };
        Assert.Equal(days, await Orders.SalesByDay(honolulu, null, null, default));
        Assert.Equal(days[1..3], await Orders.SalesByDay(honolulu, First, First, default));
        Assert.Equal(days[1..], await Orders.SalesByDay(honolulu, First, null, default));
        Assert.Empty(await Orders.SalesByDay(honolulu, null, First.AddDays(-2), default));
    }

    [Theory]
    [InlineData("")]
    [InlineData("x")]
    [InlineData("AAAA")]
    [InlineData("[]")]
    [InlineData("null")]
    [InlineData("[\"orders\",null,\"x\"]")]
    [InlineData("[\"orders\",\"soon\",\"x\"]")]
    [InlineData("[\"orders\",\"99999999999999999999\",\"x\"]")]
    [InlineData("[\"orders\",{},[]]")]
    [InlineData("'; drop table orders; --")]
    public async Task A_cursor_that_was_never_given_out_is_refused(string cursor) => Assert.Equal(
        cursor, (await Assert.ThrowsAsync<BadCursorException>(() => Page(cursor))).Cursor);

    [Fact]
    public async Task A_damaged_or_foreign_cursor_is_refused()
    {
        var good = (await Orders.List(new OrderFilter(), Reach.Everything, new PageRequest(1), default)).Next!;
        await Assert.ThrowsAsync<BadCursorException>(() => Page(good[..^2]));
        await Assert.ThrowsAsync<BadCursorException>(() => Page(good.Replace(",\"ord_", ",null,\"ord_")));
        await Assert.ThrowsAsync<BadCursorException>(() =>
            Orders.CreditNotes(null, null, null, Reach.Everything, new PageRequest(1, good), default));
        Assert.Equal("ord_4", (await Page(good)).Items.Single().Id);
    }

    [Theory]
    [InlineData(ReachKind.Nothing, null, "")]
    [InlineData(ReachKind.Customer, "cus_1", "ord_1 ord_2 ord_4")]
    [InlineData(ReachKind.Customer, "cus_9", "")]
    [InlineData(ReachKind.Order, "ord_2", "ord_2")]
    [InlineData(ReachKind.Channel, "market", "")]
    public async Task A_list_holds_only_what_is_within_reach(ReachKind kind, string? id, string expected)
    {
        var page = await Orders.List(new OrderFilter(), new Reach(kind, id), new PageRequest(), default);
        Assert.Equal(expected, string.Join(' ', page.Items.Select(o => o.Id).Order()));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(-1)]
    [InlineData(PageRequest.MaxLimit + 1)]
    public async Task A_page_of_an_impossible_size_is_refused(int limit) => await Assert.ThrowsAsync<ArgumentOutOfRangeException>(
        () => Orders.List(new OrderFilter(), Reach.Everything, new PageRequest(limit), default));

    private static CreditedLine Line => new(1, "SKU 1", "Red thing", ProductKind.Goods, 2, 10.5m, 21, Restock: true);

    private Task<Page<OrderSummary>> Page(string cursor) =>
        Orders.List(new OrderFilter(), Reach.Everything, new PageRequest(1, cursor), default);

    private Task<List<OrderSummary>> List(OrderFilter filter) => Shop.Walk(2, page => Orders.List(filter, Reach.Everything, page, default));

    private Task<List<CreditNoteView>> CreditNotes(string? customer = null, DateTimeOffset? from = null, DateTimeOffset? to = null) =>
        Shop.Walk(1, page => Orders.CreditNotes(customer, from, to, Reach.Everything, page, default));

    public sealed class Filled : Shop
    {
        protected override async Task Fill()
        {
            // The first two are of a day that has begun in UTC only.
            await Placed("ord_1", "cus_1", Day1.ToOffset(TimeSpan.FromHours(-12)), null, "GBP", 2);
            await Placed("ord_2", "cus_1", Day1.AddHours(2), "536366", "GBP", 2);
            await Placed("ord_3", null, Day1.AddHours(3), null, "GBP", 1);
            await Placed("ord_4", "cus_1", Day1.AddHours(4), null, "GBP", 1);
            await Placed("ord_5", "cus_2", Day1.AddHours(5), null, "EUR", 1);
            await CatchUp();
            await Happened("order", "ord_3", new OrderFailed(OrderStatus.Closing, "out_of_stock", "None left"));
            foreach (var id in new[] { "ord_1", "ord_2" }) await Confirmed(id, "cus_1", 2, "GBP", id == "ord_1" ? Day1 : Day1.AddHours(2));
            await Confirmed("ord_5", "cus_2", 1, "EUR", Day1.AddHours(5));
            await Happened("order", "ord_3", new OrderClosed(
                OrderStatus.Rejected, "None left", null, new Money(30, "GBP"), false, 0, 0, 0, Day1.AddHours(3)));
            await Happened("order", "ord_2", Shipment("shp_1", new LineQuantity(1, 2)), Completed(OrderStatus.PartlyShipped, "shp_1"));
            await Happened("order", "ord_1", Shipment("shp_1", new LineQuantity(1, 2), new LineQuantity(2, 2)));
            await CatchUp();
            await Happened("order", "ord_1", Completed(OrderStatus.Shipped, "shp_1"), new ReturnCompleted(
                OrderStatus.Shipped, "ret_1", "cus_1", new Money(7, "GBP"), RefundedTo.PaymentMethod, Day1.AddDays(1), 0));
            await Happened(
                "order", "ord_1", Refund(RefundKind.Allowance, 2), Refund(RefundKind.Prepayment, 4), Refund(RefundKind.CustomerCredit, 8));
            await Happened("credit-note", "crn_1", Credit(null, Day1, null), new CreditNoteCompleted());
            await Happened("credit-note", "crn_2", Credit("cus_1", Day1.AddDays(1), "C536379"));
            await Happened("credit-note", "crn_3", Credit(null, Day1.AddDays(2), null));
            await CatchUp();
        }

        private static ShipmentRequested Shipment(string id, params LineQuantity[] lines) =>
            new(OrderStatus.Confirmed, new Shipment(id, ShipmentStatus.Requested, lines, 30, null, null, Day1));

        private static ShipmentCompleted Completed(OrderStatus status, string id) => new(
            status, id, "cus_1", new Money(30, "GBP"), Day1, 30);

        private static RefundNoted Refund(RefundKind kind, long amount) => new(
            OrderStatus.Shipped, "pay_1", "rfd_1", kind, "cus_1", new Money(amount, "GBP"), Day1.AddDays(1), null);

        private static CreditNoteIssued Credit(string? customer, DateTimeOffset at, string? reference) =>
            new(customer, new Money(21, "GBP"), [Line], "Goodwill", reference, at);

        private Task Placed(string id, string? customer, DateTimeOffset at, string? reference, string currency, int lines) => Happened(
            "order", id, new OrderPlaced(
                OrderStatus.Placed, customer, null, new Money(30 * lines, currency),
                [.. Enumerable.Range(1, lines).Select(n => new OrderLine(n, $"SKU {n}", "Red thing", ProductKind.Goods, 2, 15m, 30, 1))],
                null, null, "pm", reference, at, Day1));

        private Task Confirmed(string id, string customer, int lines, string currency, DateTimeOffset at) => Happened(
            "order", id, new OrderConfirmed(
                OrderStatus.Confirmed, customer, "pay_1", new Money(30 * lines, currency), lines, 2 * lines, at));
    }
}
