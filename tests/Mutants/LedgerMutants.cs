namespace Commerce.Mutants;

/// <summary>How facts are booked.</summary>
internal static class LedgerMutants
{
    private const string Reactions = "Domain/Ledger/LedgerReactions.cs";

    private const string Closing = "Domain/Ledger/BooksRules.cs";

    public static IReadOnlyList<Mutant> All { get; } =
    [
        new("ledger/captures", "What is captured is booked.", Reactions,
            "PaymentCaptured f => Captured(key, f),", "PaymentCaptured => null,", 20),
        new("ledger/captures-followed", "The ledger follows captures.", Reactions,
            "[typeof(PaymentCaptured), typeof(PaymentRefunded)]", "[typeof(PaymentRefunded)]", 20),
        new("ledger/party", "What is captured is booked as the customer's.", Reactions,
            "PaymentAccounts.ProviderClearing, OrderAccounts.Receivable, fact.CustomerId);",
            "PaymentAccounts.ProviderClearing, OrderAccounts.Receivable);", 20),
        new("ledger/closed-days", "What belongs to a closed day is booked on an open one.", "Domain/Ledger/LedgerRules.cs",
            "return new EntryPosted(entry.OccurredAt < books.OpenFrom",
            "return new EntryPosted(entry.OccurredAt < DateTimeOffset.MinValue", 20),
        new("ledger/document-date", "An entry that is booked again is the same with its own day.", "Domain/Ledger/LedgerRules.cs",
            "OccurredAt = posted.DocumentDate ?? posted.OccurredAt, ", "", 60,
            "An entry is posted under an operation id of its own, and a repeated one gets its first answer; tests of the rules notice."),
        new("ledger/closed-for-good", "Closed days are not opened again.", Closing,
            "|| command.OpenFrom > closed.OpenFrom)", "|| command.OpenFrom != closed.OpenFrom)", 20),
    ];
}
