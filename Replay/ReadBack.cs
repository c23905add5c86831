using System.Collections.Concurrent;

namespace Commerce.Replay;

/// <summary>Reads the books from the API and compares, until they agree with the file or have stopped moving.</summary>
internal sealed class ReadBack(CommerceClient shop, ReplayPlan plan, Sent sent, int concurrency, IProgressDisplay progress)
{
    // After this time without a change the books are taken as final.
    private static readonly TimeSpan Quiet = TimeSpan.FromSeconds(3);

    private readonly StockHistory _trail = new(plan);
    private readonly ConcurrentDictionary<string, OrderView> _orders = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, PaymentView> _payments = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, CreditNoteView> _creditNotes = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, IReadOnlyList<StockMovement>> _movements = new(StringComparer.Ordinal);

    public async Task<ReplayOutcome> Run(CancellationToken cancel)
    {
        var fresh = await ReadLag.CaughtUp(shop, cancel);
        await Orders("orders read back", plan.Orders.Select(o => o.Id), cancel);
        await Each("credit notes read back", plan.CreditNotes.Select(c => c.Id), async id =>
        {
            if (await shop.GetCreditNoteAsync(id, cancel).OrNull() is { } note) _creditNotes[id] = note;
        }, cancel);
        var outcome = await Compare(cancel);
        var (seen, since) = (outcome, TimeProvider.System.GetTimestamp());
        while ((outcome.Differences.Count > 0 || !fresh) && TimeProvider.System.GetElapsedTime(since) < Quiet)
        {
            await Task.Delay(250, cancel);
            outcome = await Compare(cancel);
            if (outcome.Differences.SequenceEqual(seen.Differences)) continue;
            (seen, since) = (outcome, TimeProvider.System.GetTimestamp());
        }
        if (outcome.Surprises.Count == 0) return outcome;
        await Movements(outcome.Surprises, cancel);
        return await Compare(cancel);
    }

    private async Task<ReplayOutcome> Compare(CancellationToken cancel)
    {
        var (from, to) = Period.Instants(plan);
        var listed = All<OrderSummary>(async next => await shop.ListOrdersAsync(
            from: from, to: to, limit: Wire.PageSize, cursor: next, cancellationToken: cancel));
        var notes = All<CreditNoteView>(async next => await shop.ListCreditNotesAsync(
            from: from, to: to, limit: Wire.PageSize, cursor: next, cancellationToken: cancel));
        var adjustments = All<StockMovement>(async next => await shop.ListStockMovementsAsync(
            kind: MovementKind.Adjustment, from: from, to: to, limit: Wire.PageSize, cursor: next, cancellationToken: cancel));
        var levels = All<StockLevel>(async next => await shop.ListStockAsync(Wire.PageSize, next, cancel));
        var report = shop.ReportSalesAsync(plan.From, plan.To, "UTC", cancel);
        var trial = shop.GetTrialBalanceAsync(plan.From, plan.To, "UTC", cancel);
        await Task.WhenAll(listed, notes, adjustments, levels, report, trial);

        await Orders("orders of others", listed.Result.Select(o => o.Id).Where(id => !_orders.ContainsKey(id)), cancel);
        foreach (var note in notes.Result) _creditNotes.TryAdd(note.Id, note);
        await Movements(plan.StockChange.Keys.Where(sku => !sent.Baselines.ContainsKey(sku) && !HasAll(sku)), cancel);
        var books = new SystemSnapshot(
            [.. _orders.Values.OrderBy(o => o.Id, StringComparer.Ordinal)], _payments,
            [.. _creditNotes.Values.OrderBy(c => c.Id, StringComparer.Ordinal)], adjustments.Result, report.Result.Days,
            trial.Result, levels.Result.ToDictionary(l => l.Sku, l => l.OnHand), _movements);
        return Reconciliation.Compare(plan, sent, books);
    }

    // The movements of a SKU without a receipt of ours are read until ours are among them.
    private bool HasAll(string sku) => _movements.TryGetValue(sku, out var known) && _trail.OurChange(known) == plan.StockChange[sku];

    private Task Orders(string name, IEnumerable<string> ids, CancellationToken cancel) => Each(name, ids, async id =>
    {
        if (await shop.GetOrderAsync(id, cancel).OrNull() is not { } order) return;
        if (order.PaymentId is { } payment && await shop.GetPaymentAsync(payment, cancel).OrNull() is { } paid)
            _payments[payment] = paid;
        _orders[id] = order;
    }, cancel);

    private Task Movements(IEnumerable<string> skus, CancellationToken cancel) => Each("stock movements", skus, async sku =>
        _movements[sku] = await All<StockMovement>(async next => await shop.ListStockMovementsAsync(
            sku, limit: Wire.PageSize, cursor: next, cancellationToken: cancel)), cancel);

    private Task Each<T>(string name, IEnumerable<T> parts, Func<T, Task> act, CancellationToken cancel) =>
        InParallel.Each(progress, name, parts, concurrency, act, cancel);

    private static async Task<List<T>> All<T>(Func<string?, Task<IPage<T>>> page)
    {
        var all = new List<T>();
        await foreach (var item in CommerceClient.All(page)) all.Add(item);
        return all;
    }
}
