using System.Collections.Concurrent;
using System.Net;

namespace Commerce.Replay;

/// <summary>Results of sending that cannot be read back later.</summary>
/// <param name="Baselines">Units on hand before anything was received, for each SKU with a receipt.</param>
/// <param name="Problems">What was refused or did not settle, in words.</param>
internal sealed record Sent(IReadOnlyDictionary<string, long> Baselines, IReadOnlyList<string> Problems);

/// <summary>
/// Sends the plan. Safe to stop anywhere and to run again: all ids and idempotency keys come from the file, and existing entities are
/// looked up first.
/// </summary>
internal sealed class Replayer(CommerceClient shop, ReplayPlan plan, int concurrency, IProgressDisplay progress)
{
    /// <summary>The work of an order itself, in lines, for the estimate of the time left.</summary>
    private const int OrderItself = 20;

    private static readonly TimeSpan SettlesWithin = TimeSpan.FromMinutes(5);

    private readonly ConcurrentDictionary<string, long> _baselines = new(StringComparer.Ordinal);
    private readonly ConcurrentQueue<string> _problems = new();
    private readonly ConcurrentDictionary<string, bool> _said = new();

    public async Task<Sent> Run(CancellationToken cancel)
    {
        var (from, to) = Period.Instants(plan);
        var customers = Ids<CustomerView>(
            async next => await shop.SearchCustomersAsync(
                email: "customer-", limit: Wire.PageSize, cursor: next, cancellationToken: cancel),
            c => c.Id);
        var products = Ids<ProductView>(
            async next => await shop.ListProductsAsync(limit: Wire.PageSize, cursor: next, cancellationToken: cancel), p => p.Sku);
        var shipped = Ids<OrderSummary>(
            async next => await shop.ListOrdersAsync(
                status: OrderStatus.Shipped, from: from, to: to, limit: Wire.PageSize, cursor: next, cancellationToken: cancel),
            o => o.Id);
        var credited = Ids<CreditNoteView>(
            async next => await shop.ListCreditNotesAsync(
                from: from, to: to, limit: Wire.PageSize, cursor: next, cancellationToken: cancel),
            c => c.Id);
        await Task.WhenAll(customers, products, shipped, credited);

        await Each(
            "customers", plan.Customers.Where(c => !customers.Result.Contains(c.Id)),
            c => Ask(c.Request, (r, key) => shop.RegisterCustomerAsync(r, key, cancel), "customer_exists"), cancel);
        await Each(
            "products", plan.Products.Where(p => !products.Result.Contains(p.Sku)),
            p => Ask(p.Request, (r, key) => shop.CreateProductAsync(r, key, cancel), "product_exists"), cancel);
        await Each("receipts", plan.Receipts, r => Receive(r, cancel), cancel);
        // The longest orders first, so that none is left over when all others are done.
        await Each(
            "orders", plan.Orders.Where(o => !shipped.Result.Contains(o.Id)).OrderByDescending(o => o.Lines),
            o => PlaceAndShip(o, cancel), cancel, o => o.Lines + OrderItself);
        await Each(
            "corrections", plan.Corrections,
            c => Ask(c.Request, (r, key) => shop.AdjustStockAsync(c.Sku, r, key, cancellationToken: cancel)), cancel);
        await Each("returns", plan.Returns, r => Return(r.Order, r.Request, cancel), cancel);
        await Each(
            "credit notes", plan.CreditNotes.Where(c => !credited.Result.Contains(c.Id)),
            c => Ask(c.Request, (r, key) => shop.IssueCreditNoteAsync(r, key, Wire.Wait, cancel), "credit_note_exists"), cancel);
        return new(_baselines, [.. _problems]);
    }

    private static async Task<HashSet<string>> Ids<T>(Func<string?, Task<IPage<T>>> page, Func<T, string> id)
    {
        var ids = new HashSet<string>(StringComparer.Ordinal);
        await foreach (var item in CommerceClient.All(page)) ids.Add(id(item));
        return ids;
    }

    private Task Each<T>(
        string name, IEnumerable<T> parts, Func<T, Task> act, CancellationToken cancel, Func<T, int>? weight = null) =>
        InParallel.Each(progress, name, parts, concurrency, act, cancel, weight);

    /// <summary>
    /// Requests a change. An entity that exists already under that id is left as it is: reading back compares it with the file.
    /// </summary>
    /// <returns>Whether it is there now, and the answer if it is by this request.</returns>
    private async Task<(bool Done, TAnswer? Answer)> Ask<T, TAnswer>(
        Request<T> request, Func<T, string, Task<TAnswer>> ask, string? existsCode = null) where T : class where TAnswer : class
    {
        try
        {
            return (true, await ask(request.Body, request.Key));
        }
        catch (CommerceException refused) when (refused.Problem is not null
            && refused.StatusCode is not (HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden))
        {
            if (refused.Code == existsCode) return (true, null);
            _problems.Enqueue($"{request.About} was refused: {refused.Message}");
            return (false, null);
        }
    }

    private async Task Receive(PlannedReceipt receipt, CancellationToken cancel)
    {
        var (_, level) = await Ask(
            receipt.Request, (r, key) => shop.ReceiveStockAsync(receipt.Sku, r, key, cancellationToken: cancel));
        if (level is not null) _baselines[receipt.Sku] = level.OnHand - receipt.Units;
    }

    private async Task PlaceAndShip(PlannedOrder order, CancellationToken cancel)
    {
        var placed = await Ask(order.Place, (r, key) => shop.PlaceOrderAsync(r, key, Wire.Wait, cancel), "order_exists");
        if (!placed.Done) return;
        if (await Settled(order.Id, placed.Answer, cancel) is not (OrderStatus.Confirmed or OrderStatus.PartlyShipped)) return;
        var shipped = await Ask(
            order.Ship, (r, key) => shop.ShipOrderAsync(order.Id, key, prefer: Wire.Wait, body: r, cancellationToken: cancel));
        if (shipped.Done) await Settled(order.Id, shipped.Answer, cancel);
    }

    private async Task Return(string order, Request<NewReturn> request, CancellationToken cancel)
    {
        var returned = await Ask(
            request, (r, key) => shop.RequestReturnAsync(order, r, key, prefer: Wire.Wait, cancellationToken: cancel));
        if (returned.Done) await Settled(order, returned.Answer, cancel);
    }

    /// <summary>Polls until the order has nothing more to do; it may wait for a payment provider that is away.</summary>
    private async Task<OrderStatus?> Settled(string id, OrderReceipt? answer, CancellationToken cancel)
    {
        if (answer is { Settled: true }) return answer.Status;
        var started = TimeProvider.System.GetTimestamp();
        for (var pause = 20; ; pause = Math.Min(2_000, pause * 2))
        {
            var view = await shop.GetOrderAsync(id, cancel).OrNull();
            if (view is null or { Settled: true }) return view?.Status;
            if (view.Waiting is { } reason && _said.TryAdd(reason, true)) progress.Say($"{id} and perhaps others wait: {reason}");
            if (TimeProvider.System.GetElapsedTime(started) > SettlesWithin)
            {
                var why = view.Waiting ?? Wire.Word(view.Status);
                _problems.Enqueue($"{id} has not settled in {SettlesWithin.TotalMinutes:0} minutes: {why}.");
                return view.Status;
            }

            await Task.Delay(pause, cancel);
        }
    }
}

/// <summary>The file's days as the API's filters take them.</summary>
internal static class Period
{
    /// <summary>For filters by instant; the end is exclusive.</summary>
    public static (string From, string To) Instants(ReplayPlan plan) =>
        ($"{plan.From:yyyy-MM-dd}T00:00:00Z", $"{plan.To.AddDays(1):yyyy-MM-dd}T00:00:00Z");
}
