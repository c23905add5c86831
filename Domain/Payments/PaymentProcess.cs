using Commerce.Kernel;

namespace Commerce.Payments;

/// <summary>What is done next for a payment: one request to the provider. Each attempt has its own name.</summary>
public abstract record PaymentStep(PendingRequest Request, string Name) : ProcessStep(Name)
{
    /// <summary>A request that was lost twice is repeated after a pause; otherwise it would be repeated in a tight loop.</summary>
    public override int FailedBefore => Math.Max(0, Request.Attempt - 2);

    /// <summary>Hold the money.</summary>
    public sealed record AskAuthorization(PendingRequest Request, Money Amount, string Method) : PaymentStep(Request, Request.Name);

    /// <summary>Take part of it.</summary>
    public sealed record AskCapture(PendingRequest Request, string Authorization, Money Amount) : PaymentStep(Request, Request.Name);

    /// <summary>Let go of what is left.</summary>
    public sealed record AskVoid(PendingRequest Request, string Authorization) : PaymentStep(Request, Request.Name);

    /// <summary>Give captured money back.</summary>
    public sealed record AskRefund(PendingRequest Request, string Authorization, Money Amount) : PaymentStep(Request, Request.Name);

    /// <summary>Finds the outcome of a request that got no answer.</summary>
    public sealed record LookUp(PendingRequest Request, string? Authorization) : PaymentStep(Request, $"{Request.Name}/lookup")
    {
        /// <summary>A lookup changes nothing, so nothing has to be waited for.</summary>
        public override int FailedBefore => 0;
    }
}

/// <summary>
/// The process of a payment. One request at a time, in order of arrival; each is durable before it is sent to the provider, and stays first
/// in the queue until its outcome is known.
/// </summary>
public static class PaymentProcess
{
    /// <summary>The next step, or null when nothing is pending with the provider.</summary>
    public static PaymentStep? Next(PaymentState state) => state.Current switch
    {
        null => null,

        // Happy path
        { Kind: ProviderOperation.Authorize, Unanswered: false } r =>
            new PaymentStep.AskAuthorization(r, state.Terms!.Amount, state.Terms.Method),
        { Kind: ProviderOperation.Capture, Unanswered: false } r =>
            new PaymentStep.AskCapture(r, state.Authorization!, state.Money(r.Amount)),

        // Compensation
        { Unanswered: true } r => new PaymentStep.LookUp(r, state.Authorization),
        { Kind: ProviderOperation.Void } r => new PaymentStep.AskVoid(r, state.Authorization!),
        { Kind: ProviderOperation.Refund } r => new PaymentStep.AskRefund(r, state.Authorization!, state.Money(r.Amount)),
        { } r => throw new InvalidOperationException($"A payment does not know the request {r}."),
    };

    /// <summary>Sends the request; null only from a lookup, for a request that the provider never saw.</summary>
    /// <exception cref="ProviderTimeoutException">There is no answer, or one that cannot be right.</exception>
    public static async Task<ProviderResult?> Ask(
        IPaymentProvider provider, PaymentStep step, PaymentState state, string id, CancellationToken cancel)
    {
        var reference = step.Request.Reference(id);
        return ProviderAnswers.Checked(step switch
        {
            PaymentStep.AskAuthorization s => await provider.Authorize(reference, s.Amount, s.Method, cancel),
            PaymentStep.AskCapture s => await provider.Capture(reference, s.Authorization, s.Amount, cancel),
            PaymentStep.AskVoid s => await provider.Void(reference, s.Authorization, cancel),
            PaymentStep.AskRefund s => await provider.Refund(reference, s.Authorization, s.Amount, cancel),
            PaymentStep.LookUp s => await provider.Lookup(reference, s.Authorization, cancel),
            _ => throw new InvalidOperationException($"A payment does not know the step {step.GetType().Name}."),
        }, asked: step.Request.Kind switch
        {
            ProviderOperation.Authorize => state.Terms!.Amount,
            ProviderOperation.Void => null,
            _ => state.Money(step.Request.Amount),
        });
    }
}
