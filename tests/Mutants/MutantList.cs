namespace Commerce.Mutants;

/// <summary>All safeguards that are taken away, one at a time.</summary>
internal static class MutantList
{
    public static IReadOnlyList<Mutant> All { get; } =
    [
        .. JournalMutants.All, .. EntityMutants.All, .. ReactionMutants.All, .. StockMutants.All, .. OrderMutants.All,
        .. OrderPaymentMutants.All, .. PaymentMutants.All, .. LedgerMutants.All, .. ReplicaMutants.All, .. SurvivingMutants.All,
    ];

    /// <summary>Those that every test run takes out; all of them take half an hour.</summary>
    public static IReadOnlyList<Mutant> InEveryTestRun { get; } =
    [
        .. new[]
        {
            "journal/expected-version", "journal/operations", "order/unpost", "entity/forget-on-failure",
            "entity/committed-before-answered", "flow/checkpoint-after-handling", "flow/order", "flow/operation-id", "flow/cause",
            "stock/available", "stock/expire", "order/terminal-guard", "order/every-hold-back", "order/restock-operation",
            "order-money/void-before-close", "payment/lookup", "payment/same-reference", "payment/capturable", "order/hold-lapses",
            "order-money/captured-first", "ledger/captures-followed",
        }.Select(name => All.Single(m => m.Name == name)),
    ];
}
