namespace Commerce.Mutants;

/// <summary>How an order handles its money.</summary>
internal static class OrderPaymentMutants
{
    private const string Money = "Domain/Orders/PaymentSteps.cs";

    public static IReadOnlyList<Mutant> All { get; } =
    [
        new("order-money/void-before-close", "An order closes only when its money is given back.", Money,
            "_ => Wait(payment, \"the authorization to be given back\"),",
            "_ => new Outcome.Done(s => OrderRules.Closed(s, payment.Id)),", 20),
        new("order-money/void-refused", "A refused void keeps the order open.", Money,
            "{ Settled: true } => VoidRefused(payment),",
            "{ Settled: true } => new Outcome.Done(s => OrderRules.Closed(s, payment.Id)),", 20),
        new("order-money/void-again", "A refused void is asked for again.", Money,
            "var attempt = payment.Settled ? $\"void@{payment.Version}\" : \"void\";", "var attempt = \"void\";", 20),
        new("order-money/verified", "Before no refund is asked for, what was captured is read from the journal.", Money,
            "if (Due(payment) < returned.Amount) payment = await Payment.GetLatest() ?? payment;", "", 150),
        new("order-money/credit", "What the payment method does not take back goes to the customer's credit.", Money,
            "Due(seen) is > 0 and var due ? Done(RefundedTo.CustomerCredit, due) : Done(RefundedTo.PaymentMethod);",
            "Done(RefundedTo.PaymentMethod);", 20),
        new("order-money/captured-first", "A shipment is completed only when its money is there.", Money,
            "return (Reason(payment, $\"the capture for shipment '{shipment.Id}'\"), null);", "return default;", 20),
        new("order-money/given-up-is-credited", "What a method does not take back of a shipment that was given up is credited.", Money,
            "Math.Max(0, Unearned(payment))", "0", 60),
        new("order-money/late-authorization", "An authorization on its way cannot come after the order was closed.", Money,
            "if (state.Total.Minor == 0 || (state.PaymentId is null && await IsNotAuthorized(step)))",
            "if (state.Total.Minor == 0 || (state.PaymentId is null && await Payment.Get() is null))", 120),
        new("order-money/confirmed-is-authorized", "An order is confirmed only when its money is authorized.", Money,
            "_ => new Outcome.Wait(s => OrderRules.AwaitingPayment(s, payment.Id, Reason(payment, \"the answer to the authorization\"))),",
            "_ => new Outcome.Done(s => OrderRules.Confirmed(s, payment.Id)),", 20),
    ];
}
