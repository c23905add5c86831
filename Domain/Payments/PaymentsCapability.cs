using Commerce.Kernel;

namespace Commerce.Payments;

/// <summary>Payments: moves money through a provider.</summary>
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
        .Add<PaymentErased>("payment-erased");

    /// <summary>The capability. It needs an <see cref="IPaymentProvider"/> from the host.</summary>
    public static readonly Capability Definition = new(
        "Payments",
        [EntityKind.Of<IPayment>("payment", context => new Payment(context)) with { Family = Ids.Family }],
        Facts,
        [])
    {
        Accounts = PaymentAccounts.All,
    };
}
