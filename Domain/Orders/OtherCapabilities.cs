using Commerce.Catalogue;
using Commerce.Customers;
using Commerce.Inventory;
using Commerce.Kernel;

namespace Commerce.Orders;

/// <summary>The calls to other capabilities that orders and credit notes have in common.</summary>
internal static class OtherCapabilities
{
    /// <summary>
    /// What the catalogue says about each SKU, or said a moment ago; null where it has none. What <paramref name="refused"/> would not do
    /// with copies is asked of the products themselves: nothing is refused for what was so a moment ago (decision 18).
    /// </summary>
    public static async Task<IReadOnlyDictionary<string, ProductView?>> Products(
        IEntities entities, IEnumerable<string> skus, Func<IReadOnlyDictionary<string, ProductView?>, bool> refused)
    {
        var copies = await Views(sku => entities.Replica<IProduct, ProductView>(sku, p => p.Get()));
        return refused(copies) ? await Views(sku => entities.Get<IProduct>(sku).Get()) : copies;

        async Task<IReadOnlyDictionary<string, ProductView?>> Views(Func<string, Task<ProductView?>> ask) =>
            (await Batched.ForEach(skus.Distinct(), ask)).ToDictionary(v => v.Item, v => v.Result);
    }

    /// <summary>
    /// Why nothing can be made out to a customer; null: there is none, or one that is registered and that the caller sees.
    /// </summary>
    public static async Task<Refusal?> Unknown(IEntities entities, string? customerId, Caller caller)
    {
        if (customerId is null) return null;
        return await entities.Get<ICustomer>(customerId).Get() switch
        {
            { } customer when caller.Reach.Includes(customer.Owner) => customer.Erasure is null
                ? null
                : Refusals.Erased("customer", customerId) with { Field = "/customerId" },
            _ => LineRules.UnknownCustomer(customerId),
        };
    }

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
