namespace Commerce.Payments;

/// <summary>Which commands a payment can follow in which state. A void that is not listed is accepted and changes nothing.</summary>
public static class PaymentStateMachine
{
    /// <summary>To take money.</summary>
    public const string Capture = "capture";

    /// <summary>To give back what is held.</summary>
    public const string Void = "void";

    /// <summary>To give back what was taken.</summary>
    public const string Refund = "refund";

    public static readonly IReadOnlyDictionary<PaymentStatus, IReadOnlyList<string>> Allowed =
        new Dictionary<PaymentStatus, IReadOnlyList<string>>
        {
            [PaymentStatus.Authorizing] = [Void],
            [PaymentStatus.Authorized] = [Capture, Void],
            [PaymentStatus.PartlyCaptured] = [Capture, Void, Refund],
            [PaymentStatus.Captured] = [Refund],
            [PaymentStatus.Declined] = [],
            [PaymentStatus.Voided] = [],
            [PaymentStatus.Expired] = [],
        };

    /// <summary>The moves that a payment allows now; after the request of a void, no capture.</summary>
    public static IReadOnlyList<string> Of(PaymentState state) =>
        state.Voiding ? [.. Allowed[state.Status].Where(m => m == Refund)] : Allowed[state.Status];
}
