using Commerce.Catalogue;
using Commerce.Kernel;

namespace Commerce.Orders;

/// <summary>What orders and credit notes require of their lines.</summary>
internal static class LineRules
{
    public const int MaxReference = 100;
    public const int MaxReason = 500;

    /// <summary>How far back a caller may date a document without the scope to import: what a slow till or a retry needs.</summary>
    public static readonly TimeSpan Tolerance = TimeSpan.FromMinutes(5);

    /// <summary>1 to <see cref="PlaceOrder.MaxLines"/> lines.</summary>
    public static Refusal? Count<T>(IReadOnlyList<T>? lines) => lines switch
    {
        null or { Count: 0 } => Refusals.Invalid(
            "no_lines", "/lines", "There are no lines.", $"Give 1 to {PlaceOrder.MaxLines} lines."),
        { Count: > PlaceOrder.MaxLines } => Refusals.Invalid(
            "too_many_lines", "/lines", $"There are {lines.Count} lines.", $"Give at most {PlaceOrder.MaxLines}; split what is larger."),
        _ => null,
    };

    /// <summary>A document of the past, at the prices of the past, is for callers that import from another channel.</summary>
    public static Refusal? Backdated(string field, DateTimeOffset? time, Caller caller, DateTimeOffset now) =>
        time is null || time >= now - Tolerance ? null : OrderScopes.Import.Check(
            caller, $"may not date anything back to {time?.Text()}", "Leave the time out for now", field);

    /// <summary>1 to <see cref="PlaceOrder.MaxQuantity"/> units.</summary>
    public static Refusal? Quantity(string field, long quantity) => quantity is >= 1 and <= PlaceOrder.MaxQuantity
        ? null
        : Refusals.Invalid(
            "invalid_quantity", field, $"{quantity} is not a quantity.", $"Give a whole number from 1 to {PlaceOrder.MaxQuantity}.");

    /// <summary>A line's own values; the form of its SKU is checked before another entity is called.</summary>
    public static Refusal? Line(int i, string? sku, long quantity, decimal? unitPrice) =>
        (Ids.IsSku(sku) ? null : UnknownSku(i, sku))
        ?? Quantity($"/lines/{i}/quantity", quantity)
        ?? (unitPrice is { } price ? Validate.UnitPrice($"/lines/{i}/unitPrice", price) : null);

    /// <summary>A line that is missing altogether, as <c>null</c> in a list.</summary>
    public static Refusal Missing(int i) =>
        Refusals.Invalid("invalid_line", $"/lines/{i}", "The line is null.", "Give a SKU and a quantity, or leave the line out.");

    /// <summary>The catalogue does not have it.</summary>
    public static Refusal UnknownSku(int i, string? sku) => Refusals.Invalid(
        "unknown_sku", $"/lines/{i}/sku", $"The catalogue has no '{sku}'.", "Create the product first, or check the SKU: case matters.");

    /// <summary>A customer that is not registered.</summary>
    public static Refusal UnknownCustomer(string id) => Refusals.Invalid(
        "unknown_customer", "/customerId", $"There is no customer '{id}'.", "Register the customer first, or check the id.");

    /// <summary>The sum of line totals, or the refusal for more than is booked.</summary>
    public static (long Total, Refusal? Refusal) Sum(IEnumerable<(decimal UnitPrice, long Quantity)> lines)
    {
        var (total, i) = (0L, 0);
        foreach (var (price, quantity) in lines)
        {
            if (Money.LineTotal(price, quantity) is not { } line || (total += line) > Money.Limit)
                return (0, Refusals.Invalid(
                    "total_too_large", $"/lines/{i}", $"With this line, {quantity} at {price}, the total is beyond {Money.Limit}.",
                    "Check price and quantity; split what is larger."));
            i++;
        }

        return (total, null);
    }

    /// <summary>What the catalogue says about a SKU of line <paramref name="i"/>; a null value means that it does not know it.</summary>
    public static (ProductView Product, Refusal? Refusal) Known(
        IReadOnlyDictionary<string, ProductView?> products, int i, string sku) =>
        products[sku] is { } product ? (product, null) : (null!, UnknownSku(i, sku));
}
