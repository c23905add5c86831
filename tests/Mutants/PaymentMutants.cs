namespace Commerce.Mutants;

/// <summary>Money moves once, and never more than there is.</summary>
internal static class PaymentMutants
{
    private const string Rules = "Domain/Payments/PaymentRules.cs";
    private const string State = "Domain/Payments/PaymentState.cs";
    private const string Provider = "Providers/ResilientProvider.cs";

    public static IReadOnlyList<Mutant> All { get; } =
    [
        new("payment/lookup", "A request that got no answer is looked up before it is made again.", Rules,
            "RequestTimedOut => Retry(state, r => r with { Unanswered = true }),",
            "RequestTimedOut => Retry(state, r => r with { Attempt = r.Attempt + 1 }),", 20),
        new("payment/same-reference", "Every attempt of a request has the same reference.", State,
            "public string Reference(string paymentId) => $\"{paymentId}/{Subject}\";",
            "public string Reference(string paymentId) => $\"{paymentId}/{Name}\";", 20),
        new("payment/capturable", "What is being captured cannot be captured again.", State,
            "Holds.Held - Promised(ProviderOperation.Capture);", "Holds.Held;", 30),
        new("payment/refundable", "What is being refunded cannot be refunded again.", State,
            "Captured - Refunded - Promised(ProviderOperation.Refund);", "Captured - Refunded;", 20),
        new("payment/capture-limit", "No more is captured than is authorized.", Rules,
            "if (state.Capturable < (command.Amount ?? 1)) return CaptureTooMuch(state, command.Amount);", "", 20),
        new("payment/refund-limit", "No more is refunded than was captured.", Rules,
            "if (state.Refundable < (command.Amount ?? 1)) return RefundTooMuch(state, command.Amount);", "", 20),
        new("payment/no-capture-after-void", "Nothing is captured once a void was asked for.", "Domain/Payments/PaymentStateMachine.cs",
            " && (!state.Voiding || row.Move == PaymentMove.Refund)", "", 70),
        new("payment/capture-once", "A capture that is known is not made again.", Rules,
            "if (Find(state, command) is { } known) return Again(state, known, PaymentOperation.Capture, command);", "", 20),
        new("payment/refund-once", "A refund that is known is not made again.", Rules,
            "if (Find(state, command) is { } known) return Again(state, known, PaymentOperation.Refund, command);", "", 20),
        new("payment/outcome-once", "An outcome is recorded once.", Rules,
            "if (state.Current?.Name != request.Name) return Decision<PaymentFact>.Nothing; // recorded already", "", 60,
            Also: SurvivingMutants.OutcomeOfAnyStep),
        new("payment/authorization-runs-out", "An authorization that nobody uses runs out.", Rules,
            "state.Current is null && state.Holds.Held > 0 ? state.Terms!.ExpiresAt : null,", "null,", 30),
        new("payment/same-terms", "The same authorization asked for again is accepted.", Rules,
            "if (Same(state.Terms, command)) return Decision<PaymentFact>.Nothing;", "", 110,
            "It is asked for again under the same operation, and the journal tells that it was done."),
        new("payment/timeout-once", "That a request got no answer is recorded once, and not of another one.", Rules,
            "if (state.Current?.Name != request.Name || state.Current.Unanswered) return Decision<PaymentFact>.Nothing;", "", 60,
            Also: SurvivingMutants.OutcomeOfAnyStep),
        new("payment/no-capture-after-expiry", "Nothing is captured of an authorization that has run out.", Rules,
            "if (state.Terms.ExpiresAt <= now) return TooLate(state.Terms.ExpiresAt);", "", 20),
        new("provider/no-blind-repeat", "A request that got no answer is not repeated blindly.", Provider,
            "ShouldHandle = new PredicateBuilder().Handle<ProviderUnavailableException>(),",
            "ShouldHandle = new PredicateBuilder().Handle<Exception>(),", 20),
    ];
}
