using Commerce.Catalogue;
using Commerce.Customers;
using Commerce.Inventory;
using Commerce.Kernel;

namespace Commerce.Orders;

/// <summary>The calls to other capabilities that orders and credit notes have in common.</summary>
internal static class OtherCapabilities
{
    /// <summary>What the catalogue says about each SKU; null where it has none.</summary>
    public static async Task<IReadOnlyDictionary<string, ProductView?>> Products(IEntities entities, IEnumerable<string> skus)
    {
        var views = await Batched.ForEach(skus.Distinct(), sku => entities.Get<IProduct>(sku).Get());
        return views.ToDictionary(v => v.Item, v => v.Result);
    }

    /// <summary>True when there is no customer to know, or the customer is registered.</summary>
    public static async Task<bool> Known(IEntities entities, string? customerId) =>
        customerId is null || await entities.Get<ICustomer>(customerId).Get() is not null;

    /// <summary>Puts units back on the shelf; the first refusal, or null. Each line has a call of its own.</summary>
    public static async Task<Refusal?> Restock(
        IEntities entities, Func<string, CallContext> callFor, string reference, DateTimeOffset? occurredAt,
        IEnumerable<(int Line, string Sku, long Quantity)> units)
    {
        var answers = await Batched.ForEach(units, u => entities.Get<IStock>(u.Sku).Return(
            new ReturnStock(u.Quantity, reference, occurredAt), callFor($"{u.Line}")));
        return answers.Select(a => a.Result.Refusal).FirstOrDefault(r => r is not null);
    }
}
