namespace Commerce.Mutants;

/// <summary>How facts reach reactions, and alarms their entities.</summary>
internal static class ReactionMutants
{
    private const string Delivery = "Engine/ReactionDispatcher.cs";
    private const string Alarms = "Engine/AlarmScheduler.cs";
    private const string Following = "SingleProcess/ReactionLoop.cs";

    private const string HandleThenSave =
        """
                        await delivery.Handle(facts, cancel);
                        Volatile.Write(ref _handled[partition], seenTo);
                        if (options.Clock.GetUtcNow() >= saveAt) await Save();
        """;

    private const string SaveThenHandle =
        """
                        Volatile.Write(ref _handled[partition], seenTo);
                        if (options.Clock.GetUtcNow() >= saveAt) await Save();
                        await delivery.Handle(facts, cancel);
        """;

    public static IReadOnlyList<Mutant> All { get; } =
    [
        new("flow/checkpoint-after-handling", "A checkpoint is kept only after all before it was handled (E4).", Following,
            HandleThenSave, SaveThenHandle, 20),
        new("flow/checkpoint-kept", "A checkpoint is kept.", Following,
            "await delivery.Keeper.Save(Name, partition, handled, default);", "await Task.CompletedTask;", 500),
        new("flow/order", "Facts of one entity are handled one after the other (E4).", Delivery,
            "                foreach (var fact in ofOne)\n                {\n                    await Deliver(fact, cancel);",
            "                await Task.WhenAll(ofOne.Select(f => Deliver(f, cancel)));\n"
            + "                foreach (var fact in ofOne)\n                {",
            20),
        new("flow/retry", "A reaction that failed is tried again (E4).", Delivery,
            "                options.ReportFlow(Name, problem);\n",
            "                options.ReportFlow(Name, problem);\n                return;\n", 20),
        new("flow/operation-id", "A fact that is delivered again has its effect once.", Delivery,
            "$\"{Name}/{fact.Partition}/{fact.Position}\"",
            "$\"{Name}/{fact.Partition}/{fact.Position}/{options.Clock.GetUtcNow():O}\"", 20),
        new("flow/cause", "What a reaction does says who caused the fact.", Delivery, "fact.Origin", "fact.Caller", 20),
        new("alarms/ring", "Alarms ring (E5).", Alarms,
            "_rung[entity] = new Ring(wakeAt, now, Wake(entity));", "_rung[entity] = new Ring(wakeAt, now, Task.CompletedTask);", 30),
    ];
}
