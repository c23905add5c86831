using Commerce.Catalogue;
using Commerce.Customers;
using Commerce.Inventory;
using Commerce.Kernel;

namespace Commerce.Orders;

/// <summary>The calls to other capabilities that orders and credit notes have in common.</summary>
internal static class Neighbours
{
    /// <summary>How many calls of one step are under way at a time: enough to share commits, few enough to leave room for others.</summary>
    private const int AtATime = 64;

    /// <summary>Runs over all items, so many at a time; every call that was started has ended when this ends.</summary>
    public static async Task<IReadOnlyList<(T Item, TResult Result)>> ForEach<T, TResult>(IEnumerable<T> items, Func<T, Task<TResult>> run)
    {
        var results = new List<(T, TResult)>();
        foreach (var batch in items.Chunk(AtATime))
            results.AddRange(batch.Zip(await Task.WhenAll(batch.Select(run))));
        return results;
    }

    /// <summary>What the catalogue says about each SKU; null where it has none.</summary>
    public static async Task<IReadOnlyDictionary<string, ProductView?>> Products(IEntities entities, IEnumerable<string> skus)
    {
        var views = await ForEach(skus.Distinct(), sku => entities.Get<IProduct>(sku).Get());
        return views.ToDictionary(v => v.Item, v => v.Result);
    }

    /// <summary>True when there is no customer to know, or the customer is registered.</summary>
    public static async Task<bool> Known(IEntities entities, string? customerId) =>
        customerId is null || await entities.Get<ICustomer>(customerId).Get() is not null;

    /// <summary>Puts units back on the shelf; the first refusal, or null. The operation id is made of the caller's and the line.</summary>
    public static async Task<Refusal?> Restock(
        IEntities entities, CallContext call, string reference, DateTimeOffset? occurredAt,
        IEnumerable<(int Line, string Sku, long Quantity)> units)
    {
        var answers = await ForEach(units, u => entities.Get<IStock>(u.Sku).Return(
            new ReturnStock(u.Quantity, reference, occurredAt), call.For($"{call.OperationId}/{u.Line}")));
        return answers.Select(a => a.Result.Refusal).FirstOrDefault(r => r is not null);
    }
}
