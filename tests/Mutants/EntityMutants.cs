namespace Commerce.Mutants;

/// <summary>How entities keep their memory true, and processes go on after a crash.</summary>
internal static class EntityMutants
{
    private const string Memory = "Engine/EntityMemory.cs";
    private const string Entity = "Engine/JournaledDecider.cs";
    private const string Engine = "SingleProcess/Activation.cs";

    public static IReadOnlyList<Mutant> All { get; } =
    [
        new("entity/forget-on-failure", "An entity whose append failed reads the journal again (J4).", Memory,
            "            Invalidate(epoch);\n            throw;", "            throw;", 20),
        new("entity/forget-on-conflict", "An entity that lost against another writer reads the journal again.", Entity,
            "            default:\n                _memory.Invalidate(epoch);", "            default:", 150),
        new("entity/forget-on-duplicate", "An entity whose decision was a repetition forgets what it decided.", Entity,
            "if (decision.Facts.Count > 0) _memory.Invalidate(epoch);\n                else _memory.MarkStale(epoch);",
            "if (decision.Facts.Count == 0) _memory.MarkStale(epoch);", 20),
        new("entity/read-after-duplicate", "Whoever tells an answer that another activation gave reads what that has done.", Entity,
            "else _memory.MarkStale(epoch);", "", 250),
        new("entity/look-again", "Before saying that there is nothing, an entity reads the journal.", "Engine/Attempt.cs",
            "(Basis.Confirmed, _) when exists => Course.Answer,", "(Basis.Confirmed, _) => Course.Answer,", 250),
        new("entity/first-answer", "A repeated operation gets its first answer.", Entity,
            "return (await Repeat(call, duplicate, answer), null);", "return (reply, null);", 20),
        new("entity/same-content", "An operation id that comes again with other content is refused.", Entity,
            "call.Fingerprint is not null && duplicate.Fingerprint is not null && Kept(call.Fingerprint) != duplicate.Fingerprint", "false",
            20),
        new("entity/sealed", "What is personal is sealed.", "Engine/Sealing/SealedJson.cs",
            "if (TellsNothing(value))", "if (value is not null)", 20),
        new("entity/erased-state", "The state of who was erased holds nothing of them.", "Domain/Customers/CustomerErasureRules.cs",
            "            Name = Marks.Erased, Email = \"\", Phone = null, Addresses = CustomerState.Initial.Addresses,", "", 150),
        new("entity/erased-keys", "The commit that records an erasure destroys the keys.", "Engine/JournaledDecider.cs",
            "Erases = [.. facts.OfType<IErasure>().SelectMany(f => f.Erases).Distinct()],", "", 20),
        new("entity/expected-version-of-callers", "A change based on an old version is refused.", Entity,
            "decision = Refusals.Stale(seen, before.Version);", "{ }", 20),
        new("entity/memory-trusted-briefly", "Memory is trusted for 10 s only.", "Domain/Kernel/EntityDefinition.cs",
            "MaxStaleness { get; init; } = TimeSpan.FromSeconds(10);", "MaxStaleness { get; init; } = TimeSpan.FromDays(1000);", 150),
        new("entity/committed-before-answered", "Nobody is answered before the commit.", Entity,
            "switch (await _memory.Append(append, epoch))",
            """
            _ = _memory.Append(append, epoch);
            if (_memory.Commit(epoch, after, asked)) SetAlarm(append.WakeAt);
            if (after.Version >= 0) return (reply, null);
            switch ((AppendResult)new AppendResult.Conflict(0))
            """, 20),
        new("process/cause", "What a step does says who caused it.", "Engine/StepRunner.cs", "_decider.Origin", "null", 20),
        new("process/cause-reloaded", "Who caused a step is known after a crash.", Memory,
            "read.Version, read.Origin", "read.Version, null", 20),
        new("process/resume", "An unfinished process is resumed after a crash.", Entity,
            "Unfinished = hasStep && !waits,", "Unfinished = false,", 60),
        new("process/resume-waiting", "A process that waits is resumed after a crash.", Entity,
            "resume = waits && HasStep(state) ? now + ProcessTimes.ResumeAfter : null;", "resume = null;", 60,
            "In the simulation somebody asks each order and payment again, which takes the step. ProcessTests has the alarm."),
    ];
}
