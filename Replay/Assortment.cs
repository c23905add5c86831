using System.Text.RegularExpressions;

namespace Commerce.Replay;

/// <summary>What the file's stock codes are: goods with stock, or services.</summary>
internal sealed partial class Assortment
{
    private readonly Dictionary<string, Product> _products = new(StringComparer.Ordinal);

    /// <summary>All codes of the invoices, as spelled, by their first occurrence.</summary>
    public Assortment(IReadOnlyList<Invoice> invoices)
    {
        foreach (var invoice in invoices)
        {
            foreach (var row in invoice.Rows)
            {
                var seen = _products.GetValueOrDefault(row.Sku) ?? new(row.Sku, IsGoods(row.Sku), null, null);
                _products[row.Sku] = seen with
                {
                    // Goods that are counted have stock, also with an unusual code.
                    Goods = seen.Goods || invoice.Kind == InvoiceKind.Correction,
                    Name = seen.Name ?? (row.Description.Length > 0 ? row.Description : null),
                    Price = seen.Price ?? (row.UnitPrice > 0 ? row.UnitPrice : null),
                };
            }
        }
    }

    public IReadOnlyCollection<Product> Products => _products.Values;

    public bool HasStock(string sku) => _products[sku].Goods;

    // Five digits and perhaps letters, or the DCGS range; postage, fees, discounts, gift vouchers and the like have no stock.
    private static bool IsGoods(string sku) => GoodsCode().IsMatch(sku);

    [GeneratedRegex("^([0-9]{5}[A-Za-z]*|DCGS[0-9A-Z]+)\\z")]
    private static partial Regex GoodsCode();

    /// <param name="Goods">True when it has stock.</param>
    /// <param name="Name">The first description that is not empty; null when there is none.</param>
    /// <param name="Price">The first price above zero, in pence; null when it is only ever given away.</param>
    internal sealed record Product(string Sku, bool Goods, string? Name, decimal? Price);
}
