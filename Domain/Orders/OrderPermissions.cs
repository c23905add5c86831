using Commerce.Kernel;

namespace Commerce.Orders;

/// <summary>What not every client that sells may do.</summary>
public static class OrderPermissions
{
    public static readonly Permission Negotiate = new(
        "orders:negotiate", "Order at a price of one's own instead of the catalogue's.", "may_not_negotiate");

    public static readonly Permission Import = new(
        "orders:import", "Date an order or a credit note back, as an import from another channel does.", "may_not_import");

    public static readonly Permission Credit = new(
        "orders:credit", "Issue credit notes, which give money away.", "may_not_credit");

    public static readonly IReadOnlyList<Permission> All = [Negotiate, Import, Credit];
}
