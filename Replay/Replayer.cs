using System.Collections.Concurrent;
using System.Net;

namespace Commerce.Replay;

/// <summary>What sending has told us that cannot be read back later.</summary>
/// <param name="Baselines">Units on hand before anything was received, for each SKU with a receipt.</param>
/// <param name="Problems">What was refused or did not settle, in words.</param>
internal sealed record Sent(IReadOnlyDictionary<string, long> Baselines, IReadOnlyList<string> Problems);

/// <summary>
/// Sends the plan. Safe to stop anywhere and to run again: all ids and idempotency keys come from the file, and what is there already is
/// asked for first.
/// </summary>
internal sealed class Replayer(GatewayClient gateway, Plan plan, int concurrency, IProgressDisplay progress)
{
    /// <summary>An order is about as much work as so many lines, for the time left.</summary>
    private const int OrderItself = 20;

    private static readonly TimeSpan SettlesWithin = TimeSpan.FromMinutes(5);

    private readonly ConcurrentDictionary<string, long> _baselines = new(StringComparer.Ordinal);
    private readonly ConcurrentQueue<string> _problems = new();
    private readonly ConcurrentDictionary<string, bool> _said = new();

    public async Task<Sent> Run(CancellationToken cancel)
    {
        var customers = Ids("/customers?email=customer-", (CustomerView c) => c.Id, cancel);
        var products = Ids("/products", (ProductView p) => p.Sku, cancel);
        var shipped = Ids($"/orders?status=shipped&{Period.Query(plan)}", (OrderSummary o) => o.Id, cancel);
        var credited = Ids($"/credit-notes?{Period.Query(plan)}", (CreditNoteView c) => c.Id, cancel);
        await Task.WhenAll(customers, products, shipped, credited);

        await Each(
            "customers", plan.Customers.Where(c => !customers.Result.Contains(c.Id)),
            c => Make(c.Request, "customer_exists", cancel), cancel);
        await Each(
            "products", plan.Products.Where(p => !products.Result.Contains(p.Sku)),
            p => Make(p.Request, "product_exists", cancel), cancel);
        await Each("receipts", plan.Receipts, r => Receive(r, cancel), cancel);
        // The longest orders first, so that none is left over when all others are done.
        await Each(
            "orders", plan.Orders.Where(o => !shipped.Result.Contains(o.Id)).OrderByDescending(o => o.Lines),
            o => PlaceAndShip(o, cancel), cancel, o => o.Lines + OrderItself);
        await Each("corrections", plan.Corrections, c => Make(c, null, cancel), cancel);
        await Each("returns", plan.Returns, r => Return(r.Order, r.Request, cancel), cancel);
        await Each(
            "credit notes", plan.CreditNotes.Where(c => !credited.Result.Contains(c.Id)),
            c => Make(c.Request, "credit_note_exists", cancel, wait: true), cancel);
        return new(_baselines, [.. _problems]);
    }

    private async Task<HashSet<string>> Ids<T>(string path, Func<T, string> id, CancellationToken cancel)
    {
        var ids = new HashSet<string>(StringComparer.Ordinal);
        await foreach (var item in gateway.List<T>(path, cancel)) ids.Add(id(item));
        return ids;
    }

    private Task Each<T>(
        string name, IEnumerable<T> parts, Func<T, Task> act, CancellationToken cancel, Func<T, int>? weight = null) =>
        InParallel.Each(progress, name, parts, concurrency, act, cancel, weight);

    /// <summary>What is there under that id already is left as it is: reading back tells whether it is what the file says.</summary>
    private async Task Make(Request request, string? existsCode, CancellationToken cancel, bool wait = false)
    {
        var reply = await gateway.Post<object>(request, wait, cancel);
        if (reply.Problem is { } problem && problem.Code != existsCode) Refused(request, problem);
    }

    private async Task Receive(PlannedReceipt receipt, CancellationToken cancel)
    {
        var reply = await gateway.Post<StockLevel>(receipt.Request, false, cancel);
        if (reply.Value is { } level) _baselines[receipt.Sku] = level.OnHand - receipt.Units;
        else if (reply.Problem is { } problem) Refused(receipt.Request, problem);
    }

    private async Task PlaceAndShip(PlannedOrder order, CancellationToken cancel)
    {
        var placed = await gateway.Post<OrderView>(order.Place, true, cancel);
        if (placed.Problem is { Code: not "order_exists" } refused)
        {
            Refused(order.Place, refused);
            return;
        }
        var view = await Settled(order.Id, placed, cancel);
        if (view?.Status is not ("confirmed" or "partly_shipped")) return;
        var shipped = await gateway.Post<OrderView>(order.Ship, true, cancel);
        if (shipped.Problem is { } problem) Refused(order.Ship, problem);
        else await Settled(order.Id, shipped, cancel);
    }

    private async Task Return(string order, Request request, CancellationToken cancel)
    {
        var reply = await gateway.Post<OrderView>(request, true, cancel);
        if (reply.Problem is { } problem) Refused(request, problem);
        else await Settled(order, reply, cancel);
    }

    /// <summary>Looks again until the order has nothing more to do; it may wait for a payment provider that is away.</summary>
    private async Task<OrderView?> Settled(string id, Reply<OrderView> reply, CancellationToken cancel)
    {
        // 202 carries a short receipt, which says nothing about being settled.
        var view = reply.Status == HttpStatusCode.Accepted ? null : reply.Value;
        var started = TimeProvider.System.GetTimestamp();
        for (var pause = 20; view is not { Settled: true }; pause = Math.Min(2_000, pause * 2))
        {
            view = await gateway.Get<OrderView>($"/orders/{id}", cancel);
            if (view is null or { Settled: true }) break;
            if (view.Waiting is { } reason && _said.TryAdd(reason, true)) progress.Say($"{id} and perhaps others wait: {reason}");
            if (TimeProvider.System.GetElapsedTime(started) > SettlesWithin)
            {
                _problems.Enqueue($"{id} has not settled in {SettlesWithin.TotalMinutes:0} minutes: {view.Waiting ?? view.Status}.");
                return view;
            }
            await Task.Delay(pause, cancel);
        }
        return view;
    }

    private void Refused(Request request, Problem problem) => _problems.Enqueue($"{request.About} was refused: {problem.InWords}");
}

/// <summary>The file's days as the API's filters take them.</summary>
internal static class Period
{
    /// <summary>For filters by instant; <c>to</c> is exclusive.</summary>
    public static string Query(Plan plan) => $"from={plan.From:yyyy-MM-dd}T00:00:00Z&to={plan.To.AddDays(1):yyyy-MM-dd}T00:00:00Z";

    /// <summary>For filters by day; both included.</summary>
    public static string Days(Plan plan) => $"from={plan.From:yyyy-MM-dd}&to={plan.To:yyyy-MM-dd}";
}
