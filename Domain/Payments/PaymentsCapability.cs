using Commerce.Kernel;
using Commerce.Orders;

namespace Commerce.Payments;

/// <summary>Payments: moves money through a provider and books every movement in the ledger.</summary>
public static class PaymentsCapability
{
    /// <summary>Its facts by their kept names.</summary>
    public static readonly FactCatalog Facts = new FactCatalog()
        .Add<AuthorizationRequested>("authorization-requested")
        .Add<PaymentWaiting>("payment-waiting")
        .Add<RequestTimedOut>("request-timed-out")
        .Add<RequestNotFound>("request-not-found")
        .Add<PaymentAuthorized>("payment-authorized")
        .Add<PaymentDeclined>("payment-declined")
        .Add<CaptureRequested>("capture-requested")
        .Add<PaymentCaptured>("payment-captured")
        .Add<CaptureRefused>("capture-refused")
        .Add<VoidRequested>("void-requested")
        .Add<PaymentVoided>("payment-voided")
        .Add<VoidRefused>("void-refused")
        .Add<AuthorizationExpired>("authorization-expired")
        .Add<RefundRequested>("refund-requested")
        .Add<PaymentRefunded>("payment-refunded")
        .Add<RefundRefused>("refund-refused")
        .Add<EntryPosted>("entry-posted");

    /// <summary>What ships, comes back to the customer's credit or is credited is booked in the ledger.</summary>
    public static readonly Reaction FromOrders = new(
        "payments-from-orders", "Orders", [typeof(ShipmentCompleted), typeof(ReturnCompleted), typeof(CreditNoteIssued)], Book);

    /// <summary>The capability. It needs an <see cref="IPaymentProvider"/> from the host.</summary>
    public static readonly Capability Definition = new(
        "Payments",
        [
            EntityKind.Of<IPayment>("payment", context => new Payment(context)) with { Family = Ids.Family },
            EntityKind.Of<ILedgerEntry>("ledger_entry", context => new LedgerDocument(context)) with { Family = Ids.Family },
        ],
        Facts,
        [FromOrders]);

    private static async Task Book(FactContext delivery)
    {
        if (Ledger.Of(delivery.Recorded.Entity.Key, delivery.Fact) is not { } entry) return;
        var answer = await delivery.Entities.Get<ILedgerEntry>(entry.Id).Post(entry, delivery.Call);

        // The same entry again is accepted, so a refusal is money that would go unbooked: an operator must see it.
        if (answer.Refusal is { } no) throw new InvalidOperationException($"{entry.Id} could not be booked: {no.Detail} {no.Remedy}");
    }
}
