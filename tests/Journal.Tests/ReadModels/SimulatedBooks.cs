using Commerce.Kernel;
using Commerce.Orders;
using Commerce.Payments;
using Commerce.Simulation;
using Xunit;

namespace Commerce.Journal.Tests;

/// <summary>The books that the simulation has kept of every commit, against what the lists and reports say. They share no code.</summary>
internal sealed class SimulatedBooks(Books books, Shop shop)
{
    private const string Currency = Simulation.Shop.Currency;

    private static readonly CancellationToken None = CancellationToken.None;

    private IReadOnlyCollection<OrderBook.Sheet> Sheets => [.. books.Orders.Sheets.Values];

    public async Task AssertAgree()
    {
        await Orders();
        await Sales();
        await Stock();
        await TrialBalance();
        await Customers();
    }

    private async Task Orders()
    {
        var queries = new OrderQueries(shop.Database("Orders"));
        var listed = await Shop.Walk(100, page => queries.List(new OrderFilter(), page, None));
        Assert.Equal(
            Sheets.Select(s => (s.Id, Status(s), s.CustomerId, new Money(s.Total, Currency), s.Lines.Count)).Order(),
            listed.Select(o => (o.Id, o.Status, o.CustomerId, o.Total, o.Lines)).Order());
        Assert.True(listed.Select(o => o.Status).Distinct().Count() > 2, "Too few statuses occurred for this test to mean much.");
        var notes = await Shop.Walk(100, page => queries.CreditNotes(null, null, null, page, None));
        Assert.Equal(books.Orders.CreditNotes, notes.Sum(n => n.Total.Minor));
        Assert.All(notes, n => Assert.Equal(WorkStatus.Completed, n.Status));
    }

    private async Task Sales()
    {
        var days = await new OrderQueries(shop.Database("Orders")).SalesByDay(DateOnly.MinValue, DateOnly.MaxValue, None);
        var confirmed = Sheets.Where(s => s.IsConfirmed).ToList();
        Assert.Equal(
            (
                confirmed.LongCount(s => s.Closed != OrderStatus.Cancelled),
                confirmed.Sum(s => s.Closed is null ? s.Lines.Sum(l => l.Quantity) : s.Shipped.Sum()),
                confirmed.Sum(s => s.Closed is null ? s.Total : s.Sold),
                Sheets.Sum(s => s.GivenBack),
                books.Orders.CreditNotes),
            (days.Sum(d => d.Orders), days.Sum(d => d.Units), days.Sum(d => d.Gross), days.Sum(d => d.Refunds), days.Sum(d => d.Credits)));
    }

    private async Task Stock()
    {
        var queries = new StockQueries(shop.Database("Inventory"));
        var levels = await Shop.Walk(100, page => queries.List(page, None));
        var shelves = books.Stock.Shelves.Select(s => (s.Key, s.Value.OnHand, s.Value.Held)).Order().ToList();
        Assert.Equal(shelves, levels.Select(l => (l.Sku, l.OnHand, l.Held)).Order());
        var moved = await Shop.Walk(500, page => queries.Movements(null, null, null, null, page, None));
        Assert.Equal(shelves.Select(s => (s.Key, s.OnHand)), moved.GroupBy(m => m.Sku).Select(g => (g.Key, g.Sum(m => m.Units))).Order());
    }

    private async Task TrialBalance()
    {
        var balances = await new LedgerQueries(shop.Database("Payments")).TrialBalance(null, null, None);
        var said = balances.ToDictionary(b => (b.Currency, b.Account), b => b.Debit - b.Credit);
        string[] accounts =
            [Accounts.Receivable, Accounts.ProviderClearing, Accounts.Sales, Accounts.Refunds, Accounts.CustomerCredit];
        foreach (var (currency, account) in said.Keys.Union(accounts.Select(a => (Currency, a))))
            Assert.Equal(
                (account, books.Ledger.Balance(currency, account)), (account, said.GetValueOrDefault((currency, account))));
    }

    private async Task Customers()
    {
        var queries = new CustomerQueries(shop.Database("Customers"));
        var listed = (await Shop.Walk(100, page => queries.Search(null, null, page, None))).ToDictionary(c => c.Id);
        foreach (var orders in Sheets.Where(s => s.CustomerId is not null).GroupBy(s => s.CustomerId!))
        {
            var figures = listed[orders.Key].Lifetime.FirstOrDefault(f => f.Currency == Currency);
            Assert.Equal(
                (orders.Key, orders.LongCount(o => o.IsConfirmed), orders.Sum(o => o.Sold), orders.Sum(o => o.GivenBack)),
                (orders.Key, figures?.Orders ?? 0, figures?.Spent ?? 0, figures?.Returned ?? 0));
        }
    }

    // Nothing is under way any more when a simulated run is over.
    private static OrderStatus Status(OrderBook.Sheet sheet) =>
        sheet.Closed is { } outcome ? outcome
        : !sheet.IsOpen ? OrderStatus.Shipped
        : sheet.Shipped.Any(units => units > 0) ? OrderStatus.PartlyShipped
        : OrderStatus.Confirmed;
}
