using Commerce.Kernel;

namespace Commerce.Orders;

/// <summary>What not every caller that sells may do.</summary>
public static class OrderScopes
{
    /// <summary>Order at a price of one's own instead of the catalogue's.</summary>
    public static readonly Scope Negotiate = new("orders:negotiate", "may_not_negotiate");

    /// <summary>Date an order or a credit note back, as an import from another system does.</summary>
    public static readonly Scope Import = new("orders:import", "may_not_import");

    /// <summary>Take the goods of a return in, which refunds money.</summary>
    public static readonly Scope Receive = new("orders:return-receive", "may_not_receive");
}
