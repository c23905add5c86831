using Commerce.Engine;
using Commerce.Kernel;
using Commerce.Payments;

namespace Commerce.Simulation;

/// <summary>Money according to the payments, compared with the bank.</summary>
internal sealed class MoneyInvariants(SimulationContext world)
{
    /// <summary>Of the bank, of payments and of orders.</summary>
    public const string CurrencyRule = "money keeps its currency";

    private readonly Dictionary<string, ExpectedPayment> _purses = [];

    private RunVerdict Verdict => world.Verdict;

    /// <summary>Every payment, by its id.</summary>
    public IReadOnlyDictionary<string, ExpectedPayment> Purses => _purses;

    public void Add(string payment, PaymentFact fact)
    {
        if (!_purses.TryGetValue(payment, out var purse)) _purses[payment] = purse = new ExpectedPayment(payment);
        switch (fact)
        {
            case AuthorizationRequested f: (purse.Currency, purse.ExpiresAt) = (f.Amount.Currency, f.ExpiresAt); break;
            case CaptureRequested f: Asked(purse, f); break;
            case PaymentAuthorized f: Authorized(purse, f); break;
            case PaymentCaptured f: Captured(purse, f); break;
            case PaymentRefunded f: Refunded(purse, f); break;
            case RefundRefused f: purse.Refused.Add(f.Id); break;
            case PaymentVoided f: Voided(purse, f); break;
            case AuthorizationExpired f: Expired(purse, f); break;
        }
    }

    private void Keeps(ExpectedPayment purse, Money amount, PaymentFact fact)
    {
        if (amount.Currency != purse.Currency)
            Verdict.Broken(CurrencyRule, $"{purse.Payment} is in {purse.Currency}: {fact}");
    }

    private void Authorized(ExpectedPayment purse, PaymentAuthorized fact)
    {
        Keeps(purse, fact.Amount, fact);
        if (purse.Authorized > 0) Verdict.Broken("a payment is authorized once", $"{purse.Payment} was authorized again: {fact}");
        if (world.Bank.Of(purse.Payment) is not { } held || (held.Amount, held.Currency) != (fact.Amount.Minor, fact.Amount.Currency))
            Verdict.Broken("what is recorded has happened", $"{purse.Payment} is authorized, and the bank knows nothing of it: {fact}");
        purse.Authorized = purse.Held = fact.Amount.Minor;
    }

    // A shipment has a day of its own; a capture by hand happens at its request.
    private void Asked(ExpectedPayment purse, CaptureRequested fact)
    {
        if (purse.IsTill && fact.OccurredAt >= purse.ExpiresAt)
            Verdict.Broken("nothing is captured of what has run out", $"{purse.Payment} ran out at {purse.ExpiresAt:O}: {fact}");
    }

    private void Captured(ExpectedPayment purse, PaymentCaptured fact)
    {
        Keeps(purse, fact.Amount, fact);
        if (!purse.Movements.Add($"capture/{fact.Id}")) Verdict.Broken("no double charge", $"{purse.Payment} captured {fact.Id} again");
        purse.Captured += fact.Amount.Minor;
        purse.Held -= fact.Amount.Minor;
        if (purse.Held < 0 || purse.Captured > purse.Authorized)
            Verdict.Broken(
                "captured is at most authorized", $"{purse.Payment}: {purse.Captured} captured of {purse.Authorized}, {purse.Held} held");
        if (purse.Captured > (world.Bank.Of(purse.Payment)?.Captured ?? 0))
            Verdict.Broken("what is recorded has happened", $"{purse.Payment}: {fact.Id} was not captured at the bank");
    }

    private void Refunded(ExpectedPayment purse, PaymentRefunded fact)
    {
        Keeps(purse, fact.Amount, fact);
        if (!purse.Movements.Add($"refund/{fact.Id}")) Verdict.Broken("no double refund", $"{purse.Payment} refunded {fact.Id} again");
        purse.Refunded += fact.Amount.Minor;
        if (purse.Refunded > purse.Captured)
            Verdict.Broken("refunded is at most captured", $"{purse.Payment}: {purse.Refunded} refunded of {purse.Captured}");
        if (purse.Refunded > (world.Bank.Of(purse.Payment)?.Refunded ?? 0))
            Verdict.Broken("what is recorded has happened", $"{purse.Payment}: {fact.Id} was not refunded at the bank");
    }

    private void Expired(ExpectedPayment purse, AuthorizationExpired fact)
    {
        Keeps(purse, fact.Amount, fact);
        purse.Held = 0;
    }

    private void Voided(ExpectedPayment purse, PaymentVoided fact)
    {
        Keeps(purse, fact.Amount, fact);
        if (!purse.Movements.Add("void")) Verdict.Broken("a payment is voided once", purse.Payment);
        purse.Held = 0;
        if (world.Bank.Of(purse.Payment) is { Left: > 0 } held)
            Verdict.Broken("what is recorded has happened", $"{purse.Payment} is voided, and the bank still holds {held.Left}");
    }

    /// <summary>One payment: amounts are in minor units of its one currency.</summary>
    public sealed class ExpectedPayment(string payment)
    {
        public string Payment => payment;

        public string Currency { get; set; } = "";

        public DateTimeOffset ExpiresAt { get; set; }

        /// <summary>True when it has no order.</summary>
        public bool IsTill => payment.StartsWith(PaymentDriver.Prefix, StringComparison.Ordinal);

        public long Authorized { get; set; }

        public long Held { get; set; }

        public long Captured { get; set; }

        public long Refunded { get; set; }

        public HashSet<string> Movements { get; } = [];

        /// <summary>Refunds that the bank refused.</summary>
        public HashSet<string> Refused { get; } = [];
    }
}
