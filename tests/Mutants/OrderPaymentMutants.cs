namespace Commerce.Mutants;

/// <summary>How an order handles its money.</summary>
internal static class OrderPaymentMutants
{
    private const string Money = "Domain/Orders/PaymentSteps.cs";

    public static IReadOnlyList<Mutant> All { get; } =
    [
        new("order-money/void-before-close", "An order closes only when its money is given back.", Money,
            "_ => Wait(payment, \"the authorization to be given back\"),", "_ => null,", 20),
        new("order-money/void-refused", "A refused void keeps the order open.", Money,
            "{ Settled: true } => VoidRefused(payment),", "{ Settled: true } => null,", 20),
        new("order-money/void-again", "A refused void is asked for again.", Money,
            "var attempt = payment.Settled ? $\"void@{payment.Version}\" : \"void\";", "var attempt = \"void\";", 20),
        new("order-money/verified", "Before no refund is asked for, what was captured is read from the journal.", Money,
            "if (Due(payment) < returned.Amount) payment = await Payment.GetLatest() ?? payment;", "", 150),
        new("order-money/credit", "What the payment method does not take back goes to the customer's credit.", Money,
            "Due(seen) is > 0 and var due ? Done(RefundedTo.CustomerCredit, due) : Done(RefundedTo.PaymentMethod);",
            "Done(RefundedTo.PaymentMethod);", 20),
        new("order-money/captured-first", "A shipment is completed only when its money is there.", Money,
            "if (!payment.Settled) return (Wait(payment, $\"the capture for shipment '{shipment.Id}'\"), null);",
            "if (!payment.Settled) return (new Outcome.Done(s => OrderRules.Captured(s, shipment.Id)), null);", 20),
        new("order-money/confirmed-is-authorized", "An order is confirmed only when its money is authorized.", Money,
            "_ => Wait(payment, \"the answer to the authorization\"),",
            "_ => new Outcome.Done(s => OrderRules.Confirmed(s, payment.Id)),", 20),
    ];
}
