using Commerce.Access;
using Commerce.Catalogue;
using Commerce.Customers;
using Commerce.Inventory;
using Commerce.Kernel;
using Commerce.Ledger;
using Commerce.Orders;
using Commerce.Payments;

namespace Commerce;

/// <summary>All that the business can do. A new capability is one folder and one line here.</summary>
public static class Capabilities
{
    public static readonly IReadOnlyList<Capability> All =
    [
        CustomersCapability.Definition,
        CatalogueCapability.Definition,
        InventoryCapability.Definition,
        OrdersCapability.Definition,
        PaymentsCapability.Definition,
        LedgerCapability.Definition,
        AccessCapability.Definition,
    ];
}
