namespace Commerce.Mutants;

/// <summary>How facts are booked.</summary>
internal static class LedgerMutants
{
    private const string Reactions = "Domain/Ledger/LedgerReactions.cs";

    public static IReadOnlyList<Mutant> All { get; } =
    [
        new("ledger/captures", "What is captured is booked.", Reactions,
            "PaymentCaptured f => Captured(key, f),", "PaymentCaptured => null,", 20),
        new("ledger/captures-followed", "The ledger follows captures.", Reactions,
            "[typeof(PaymentCaptured), typeof(PaymentRefunded)]", "[typeof(PaymentRefunded)]", 20),
        new("ledger/party", "What is captured is booked as the customer's.", Reactions,
            "PaymentAccounts.ProviderClearing, OrderAccounts.Receivable, fact.CustomerId);",
            "PaymentAccounts.ProviderClearing, OrderAccounts.Receivable);", 20),
    ];
}
