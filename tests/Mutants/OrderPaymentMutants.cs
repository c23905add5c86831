namespace Commerce.Mutants;

/// <summary>How an order handles its money.</summary>
internal static class OrderPaymentMutants
{
    private const string Money = "Domain/Orders/PaymentSteps.cs";
    private const string Rules = "Domain/Orders/OrderRules.cs";
    private const string Returns = "Domain/Orders/ReturnRules.cs";

    private static readonly Mutant CapturedWhenShipped = new(
        "order-money/captured-when-shipped", "What is captured is looked at once more when the shipment is recorded.", Rules,
        "if (shipment.Amount > 0 && payments.Sum(p => p.Captured) < state.Due + shipment.Amount) return Decision<OrderFact>.Nothing;",
        "", 60, "The step looks at it before.");

    private const string OnlyByTests = "It takes about 500 runs; OrderPaymentTests has the case.";

    public static IReadOnlyList<Mutant> All { get; } =
    [
        new("order-money/void-before-close", "An order closes only when its money is given back.", Money,
            "if (!payment.Settled) return ([], Wait(payment, \"the authorization to be given back\"));",
            "if (!payment.Settled) return ([], new Outcome.Done(s => OrderRules.Closed(s, [payment])));", 20),
        new("order-money/void-refused", "A refused void keeps the order open.", Money,
            "if (payment is { Settled: true, Authorized: > 0 }) return ([], VoidRefused(payment));", "", 20),
        new("order-money/void-again", "A refused void is asked for again.", Money,
            "var attempt = payment.Settled ? $\"void@{payment.Version}\" : \"void\";", "var attempt = \"void\";", 20),
        new("order-money/verified", "Before no refund is asked for, what was captured is read from the journal.", Money,
            "if (seen.Sum(p => p.Captured - p.Refunded) < due - Moved()) seen = [.. await Latest(state)];", "", 150),
        new("order-money/credit", "What the payment method does not take back goes to the customer's credit.", Returns,
            "var credited = refused ? RefundRules.Due(state, pending) - refunded : 0;", "var credited = refused ? 0L : 0;", 20),
        new("order-money/captured-first", "A shipment is completed only when its money is there.", Money,
            "return new(payments) { Waiting = Reason(payment, $\"the capture for shipment '{shipment.Id}'\") };", "return new(payments);",
            20, Also: CapturedWhenShipped),
        new("order-money/unearned-is-credited", "What a method does not take back of what has not shipped is credited.", Rules,
            "state.PaymentId ?? payments.FirstOrDefault()?.Id, RefundRules.Unearned(state, payments));",
            "state.PaymentId ?? payments.FirstOrDefault()?.Id);", 150),
        new("order-money/late-authorization", "An authorization on its way cannot come after the order was closed.", Money,
            "if (!IsKnown(state, id) && await IsNotAuthorized(id, step)) continue;",
            "if (!IsKnown(state, id) && await Payment(id).Get() is null) continue;", 120),
        new("order-money/confirmed-is-authorized", "An order is confirmed only when its money is authorized.", Money,
            "_ => new Outcome.Wait(s => OrderRules.AwaitingPayment(s, payment.Id, Reason(payment, \"the answer to the authorization\"))),",
            "_ => new Outcome.Done(s => OrderRules.Confirmed(s, payment.Id)),", 20),
        new("order-money/refunds-are-noted", "What a clerk gives back is part of the order.", "Domain/Orders/OrderReactions.cs",
            "ProviderAnswered f => Moved(delivery, f.OrderId),", "ProviderAnswered f => Continue(delivery, f.OrderId),", 20),
        new("order-money/refusals-are-looked-at", "A refused refund wakes the order: it may have hidden a void.",
            "Domain/Orders/OrderReactions.cs", "PaymentAuthorized or PaymentDeclined => Continue(",
            "PaymentAuthorized or PaymentDeclined or RefundRefused => Continue(", 60, OnlyByTests),
        new("order-money/asked-for-in-vain", "A payment that was asked for while all shipped is given back.",
            "Domain/Orders/OrderPaymentRules.cs", "PaymentMethod = f.PaymentMethod, MayHoldTooMuch = true,",
            "PaymentMethod = f.PaymentMethod,", 60, OnlyByTests),
        new("order-money/captured-of-a-replaced", "What a clerk captures of a replaced payment pays for shipments.", Rules,
            "Covered = f.PaymentId == state.PaymentId ? state.Covered : state.Covered + f.Amount.Minor,", "", 60, OnlyByTests),
        new("order-money/nothing-for-nothing", "A prepayment that was given back pays for nothing.", "Domain/Orders/OrderState.cs",
            "public long Due => Sold + Given(RefundKind.Prepayment);", "public long Due => Sold;", 20),
        new("order-money/what-is-left", "A return gives back no more than is left of the sale.", "Domain/Orders/RefundRules.cs",
            "Math.Clamp(state.Earned, 0, returned.Amount ?? 0);", "returned.Amount ?? 0;", 20),
        new("order-money/gone-is-noted", "An authorization that is gone shows on the order.", "Domain/Orders/OrderPaymentRules.cs",
            "if (Lost(state, payments) is not { } lost) return Decision<OrderFact>.Of(facts);",
            "if (payments.Count >= 0) return Decision<OrderFact>.Of(facts);\n        var lost = payments[0];", 40),
    ];
}
