using Commerce.Kernel;
using Commerce.Orders;
using Commerce.Payments;
using Commerce.Simulation;
using Xunit;

namespace Commerce.ReadModels.Tests;

/// <summary>The books that the simulation has kept of every commit, against what the lists and reports say. They share no code.</summary>
internal sealed class SimulatedBooks(SimulationContext world, Shop shop)
{
    private readonly Invariants _books = world.Books;

    private static readonly CancellationToken None = CancellationToken.None;

    private IReadOnlyCollection<OrderInvariants.Sheet> Sheets => [.. _books.Orders.Sheets.Values];

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
        var queries = new OrderQueries(shop.Database("Orders"), world.PersonalOf("Orders"));
        var listed = await Shop.Walk(100, page => queries.List(new OrderFilter(), Reach.Everything, page, None));
        Assert.Equal(
            Sheets.OrderBy(s => s.Id).Select(s => (s.Id, Status(s), s.CustomerId, new Money(s.Total, s.Currency), s.Lines.Count)),
            listed.OrderBy(o => o.Id).Select(o => (o.Id, o.Status, o.CustomerId, o.Total, o.Lines)));
        Assert.True(listed.Select(o => o.Status).Distinct().Count() > 2, "Too few statuses occurred for this test to mean much.");
        var notes = await Shop.Walk(100, page => queries.CreditNotes(null, null, null, Reach.Everything, page, None));
        Assert.Equal(
            _books.Orders.CreditNotes.Select(c => (c.Key, c.Value)).Order(),
            notes.GroupBy(n => n.Total.Currency).Select(g => (g.Key, g.Sum(n => n.Total.Minor))).Order());
        Assert.All(notes, n => Assert.Equal(CreditNoteStatus.Completed, n.Status));
    }

    private async Task Sales()
    {
        var queries = new OrderQueries(shop.Database("Orders"), world.PersonalOf("Orders"));
        var all = await queries.SalesByDay(ZoneCalendar.Utc, null, null, None);
        foreach (var currency in Simulation.SimulatedShop.Currencies)
        {
            var days = all.Where(d => d.Currency == currency).ToList();
            var sheets = Sheets.Where(s => s.Currency == currency).ToList();
            var confirmed = sheets.Where(s => s.IsConfirmed).ToList();
            Assert.Equal(
                (
                    confirmed.LongCount(s => s.Closed != OrderStatus.Cancelled),
                    confirmed.Sum(s => s.Closed is null ? s.Lines.Sum(l => l.Quantity) : s.Shipped.Sum()),
                    confirmed.Sum(s => s.Closed is null ? s.Total : s.Sold),
                    sheets.Sum(s => s.Refunded),
                    _books.Orders.CreditNotes.GetValueOrDefault(currency)),
                (
                    days.Sum(d => d.Orders), days.Sum(d => d.Units), days.Sum(d => d.Gross), days.Sum(d => d.Refunds),
                    days.Sum(d => d.Credits)));
        }
    }

    private async Task Stock()
    {
        var queries = new StockQueries(shop.Database("Inventory"));
        var levels = await Shop.Walk(100, page => queries.List(page, None));
        var shelves = _books.Stock.Shelves.Select(s => (s.Key, s.Value.OnHand, s.Value.Held)).Order().ToList();
        Assert.Equal(shelves, levels.Select(l => (l.Sku, l.OnHand, l.Held)).Order());
        var moved = await Shop.Walk(500, page => queries.Movements(null, null, null, null, page, None));
        Assert.Equal(shelves.Select(s => (s.Key, s.OnHand)), moved.GroupBy(m => m.Sku).Select(g => (g.Key, g.Sum(m => m.Units))).Order());
    }

    private async Task TrialBalance()
    {
        var balances = await new LedgerQueries(shop.Database("Ledger")).TrialBalance(null, null, None);
        var said = balances.ToDictionary(b => (b.Currency, b.Account), b => b.Debit - b.Credit);
        Assert.NotEmpty(said);
        foreach (var at in said.Keys.Union(_books.Ledger.Balances.Keys))
            Assert.Equal((at, _books.Ledger.Balances.GetValueOrDefault(at)), (at, said.GetValueOrDefault(at)));
    }

    private async Task Customers()
    {
        var queries = new CustomerQueries(shop.Database("Customers"), world.PersonalOf("Customers"));
        var listed = (await Shop.Walk(100, page => queries.Search(null, null, Reach.Everything, page, None))).ToDictionary(c => c.Id);
        foreach (var orders in Sheets.Where(s => s.CustomerId is not null).GroupBy(s => (Customer: s.CustomerId!, s.Currency)))
        {
            if (_books.IsErased($"customer/{orders.Key.Customer}"))
            {
                Assert.DoesNotContain(orders.Key.Customer, listed.Keys);
                continue;
            }

            var figures = listed[orders.Key.Customer].Lifetime.FirstOrDefault(f => f.Currency == orders.Key.Currency);
            Assert.Equal(
                (orders.Key, orders.LongCount(o => o.IsConfirmed), orders.Sum(o => o.Sold), orders.Sum(o => o.Refunded)),
                (orders.Key, figures?.Orders ?? 0, figures?.Spent ?? 0, figures?.Refunded ?? 0));
        }
    }

    // Nothing is under way any more when a simulated run is over.
    private static OrderStatus Status(OrderInvariants.Sheet sheet) =>
        sheet.Closed is { } outcome ? outcome
        : !sheet.IsOpen ? OrderStatus.Shipped
        : sheet.Shipped.Any(units => units > 0) ? OrderStatus.PartlyShipped
        : OrderStatus.Confirmed;
}
