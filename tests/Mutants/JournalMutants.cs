namespace Commerce.Mutants;

/// <summary>What the journal promises; its stand-in in memory is held to the same answers as the one on PostgreSQL.</summary>
internal static class JournalMutants
{
    private const string Journal = "Journal.Memory/MemoryJournal.cs";

    public static IReadOnlyList<Mutant> All { get; } =
    [
        new("journal/expected-version", "An append is committed only on the version it was decided on (J1).", Journal,
            "append.ExpectedVersion != kept.Version || !kept.IsAfter(append.After)", "!kept.IsAfter(append.After)", 30),
        new("journal/after", "An append on top of one that lost is not committed, though the version be right (J1).", Journal,
            "append.ExpectedVersion != kept.Version || !kept.IsAfter(append.After)", "append.ExpectedVersion != kept.Version", 600),
        new("journal/operations", "An operation that was committed is not committed again (J1).", Journal,
            "if (!append.Own && kept.Operations.TryGetValue(append.OperationId, out var first))\n"
            + "            return new AppendResult.Duplicate(first.Fingerprint, first.Answer, first.Keys);",
            "kept.Operations.Remove(append.OperationId);", 20),
        new("journal/claims", "A value is claimed by one entity only.", Journal,
            "if (_claims.TryGetValue(claim, out var owner) && owner != append.Entity) "
            + "return new AppendResult.Taken(claim, owner);",
            "{ }", 20),
        new("journal/alarms", "The time to wake up is committed with the facts.", Journal,
            "if (append.WakeAt is { } wakeAt) SetAlarm(append.Entity, kept, Earlier(kept.WakeAt, TimestampPrecision.Up(wakeAt)));\n"
            + "        else if (append.AlarmOver)",
            "if (append.AlarmOver)", 30),
        new("journal/sweep", "A process that does not go on gets an alarm.", Journal,
            "if (!(kept.UnfinishedSince <= until)) continue;", "continue;", 60),
        new("journal/alarm-at-version", "An alarm of an entity that has gone on is not moved by who has not seen that.", Journal,
            "out var kept) && kept.Version == version)", "out var kept))", 150,
            "A hole: it takes two activations of one entity, one of them behind. LogContract has the case."),
        new("journal/gapless", "A reader skips no position (J2).", Journal,
            "return (facts, Math.Max(seen, after));", "return (facts, Math.Max(seen, after) + (facts.Count > 1 ? 1 : 0));", 20),
    ];
}
