using Commerce.Engine;
using Commerce.Inventory;
using Commerce.Kernel;
using Commerce.Orders;
using Commerce.Payments;

namespace Commerce.Simulation;

/// <summary>What entities report in the end, from a live process: compared with what was committed and what was accepted.</summary>
internal sealed class EntityAudit(SimulationContext world, RetryingClient requests)
{
    private const string FactsRule = "an entity says what its facts say";
    private const string AcceptedRule = "what was accepted is done, and once";

    private readonly Dictionary<string, OrderView> _orders = [];
    private readonly Dictionary<string, PaymentView> _payments = [];

    private Invariants Books => world.Books;

    private RunVerdict Verdict => world.Verdict;

    /// <summary>Reads all of them and compares.</summary>
    public async Task Check()
    {
        foreach (var sheet in Books.Orders.Sheets.Values)
        {
            if (Verdict.Violation is not null) return;
            _orders[sheet.Id] = (await requests.Read((e, deadline) => e.Get<IOrder>(sheet.Id).WhenSettled(deadline)))!;
            CheckOrder(sheet, _orders[sheet.Id]);
        }

        foreach (var purse in Books.Money.Purses.Values)
        {
            if (Verdict.Violation is not null) return;
            _payments[purse.Payment] = (await requests.Read((e, _) => e.Get<IPayment>(purse.Payment).Get()))!;
            CheckPayment(purse, _payments[purse.Payment]);
        }

        foreach (var (sku, shelf) in Books.Stock.Shelves)
            CheckStock(sku, shelf, (await requests.Read((e, _) => e.Get<IStock>(sku).Get()))!);
        if (Verdict.Violation is null) CheckAccepted();
    }

    private void CheckOrder(OrderInvariants.Sheet sheet, OrderView view)
    {
        var seen = (view.Shipments.Where(s => s.Status == ShipmentStatus.Completed).Sum(s => s.Amount),
            view.Returns.Sum(r => r.Refunded) + view.Refunds.Where(r => r.Kind == RefundKind.Allowance).Sum(r => r.Amount));
        var units = view.Lines.Where((l, n) => (l.Shipped, l.Returned) != (sheet.Shipped[n], sheet.Returned[n]));
        if (seen != (sheet.Sold, sheet.Refunded) || units.Any()) Verdict.Broken(FactsRule, $"{sheet.Id}: {view}");
    }

    private void CheckPayment(MoneyInvariants.ExpectedPayment purse, PaymentView view)
    {
        if ((view.Authorized, view.Captured, view.Refunded, view.Currency) != (purse.Held, purse.Captured, purse.Refunded, purse.Currency))
            Verdict.Broken(
                FactsRule,
                $"{view}; its facts are {purse.Held} held, {purse.Captured} captured, {purse.Refunded} refunded, in {purse.Currency}");
    }

    private void CheckStock(string sku, StockInvariants.ExpectedStock shelf, StockLevel level)
    {
        if ((level.OnHand, level.Held) != (shelf.OnHand, shelf.Held))
            Verdict.Broken(FactsRule, $"{level}; its facts are {shelf.OnHand} on hand, {shelf.Held} held");
        if (shelf.Received != Books.Accepted.Units(sku))
            Verdict.Broken(AcceptedRule, $"{sku}: {Books.Accepted.Units(sku)} units were accepted, and {shelf.Received} came");
    }

    private void CheckAccepted()
    {
        foreach (var (order, id) in Books.Accepted.Shipments)
            if (_orders[order].Shipments.Count(s => s.Id == id && !s.IsPending) != 1) Broken($"shipment {id} of {order}");
        foreach (var (order, id, end) in Books.Accepted.Returns)
            if (_orders[order].Returns.Count(r => r.Id == id && r.Status == end) != 1) Broken($"return {id} of {order}, {end},");
        foreach (var (payment, kind, id, amount) in Books.Accepted.Moves)
            if (_payments[payment].Movements.Where(m => (m.Kind, m.Id) == (kind, id)).ToArray() is not [var move]
                || move.Status == PaymentOperationStatus.Pending || move.Amount != (amount ?? move.Amount))
                Broken($"{kind} {id} of {amount} of {payment}");

        void Broken(string what) => Verdict.Broken(AcceptedRule, $"{what} was accepted, and is not there once and done");
    }
}
