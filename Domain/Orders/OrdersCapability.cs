using Commerce.Kernel;

namespace Commerce.Orders;

/// <summary>Orders: from placed to cash, and back where need be.</summary>
public static class OrdersCapability
{
    /// <summary>Its facts by their kept names.</summary>
    public static readonly FactCatalog Facts = new FactCatalog()
        .Add<OrderPlaced>("order-placed")
        .Add<OrderHeld>("order-held")
        .Add<OrderWaiting>("order-waiting")
        .Add<OrderConfirmed>("order-confirmed")
        .Add<OrderFailed>("order-failed")
        .Add<CancellationRequested>("cancellation-requested")
        .Add<OrderClosed>("order-closed")
        .Add<ShipmentRequested>("shipment-requested")
        .Add<ShipmentPosted>("shipment-posted")
        .Add<ShipmentCompleted>("shipment-completed")
        .Add<ShipmentGivenUp>("shipment-given-up")
        .Add<ShipmentFailed>("shipment-failed")
        .Add<ReturnRequested>("return-requested")
        .Add<ReturnReceived>("return-received")
        .Add<ReturnRejected>("return-rejected")
        .Add<ReturnRestocked>("return-restocked")
        .Add<ReturnCompleted>("return-completed")
        .Add<CaptureNoted>("capture-noted")
        .Add<RefundNoted>("refund-noted")
        .Add<PaymentRequested>("payment-requested")
        .Add<PaymentReplaced>("payment-replaced")
        .Add<PaymentFailed>("payment-failed")
        .Add<RestReleased>("rest-released")
        .Add<AuthorizationLost>("authorization-lost")
        .Add<OrderErasureRequested>("order-erasure-requested")
        .Add<OrderErased>("order-erased")
        .Add<OrderErasureCompleted>("order-erasure-completed")
        .Add<InvoiceErased>("invoice-erased")
        .Add<CreditNoteIssued>("credit-note-issued")
        .Add<CreditNoteCompleted>("credit-note-completed")
        .Add<CreditNoteErased>("credit-note-erased");

    public static readonly Capability Definition = new(
        "Orders",
        [
            EntityKind.Of<IOrder>("order", context => new Order(context)) with { Family = Ids.Family },
            EntityKind.Of<ICreditNote>("credit_note", context => new CreditNote(context)) with { Family = Ids.Family },
        ],
        Facts,
        [OrderReactions.FromInventory, OrderReactions.FromPayments, CustomerErasures.FromCustomers, CustomerActivity.ToCustomers])
    {
        Accounts = OrderAccounts.All,
    };
}
