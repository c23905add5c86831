namespace Commerce.Simulation;

/// <summary>How entities keep their memory true, and processes go on after a crash.</summary>
internal static class OfEntities
{
    private const string Entity = "Domain/Kernel/Entity.cs";
    private const string Process = "Domain/Kernel/ProcessEntity.cs";
    private const string Engine = "SingleProcess/Activation.cs";

    public static IReadOnlyList<Mutant> All { get; } =
    [
        new("entity/forget-on-failure", "An entity whose append failed reads the journal again (J4).", Entity,
            "            Forget(epoch);\n            throw;", "            throw;", 20),
        new("entity/forget-on-conflict", "An entity that lost against another writer reads the journal again.", Entity,
            "            default:\n                Forget(epoch);", "            default:", 150),
        new("entity/forget-on-duplicate", "An entity whose decision was a repetition forgets what it decided.", Entity,
            "if (decision.Facts.Count > 0) Forget(epoch);\n                else Doubt(epoch);",
            "if (decision.Facts.Count == 0) Doubt(epoch);", 20),
        new("entity/read-after-duplicate", "Whoever tells an answer that another activation gave reads what that has done.", Entity,
            "else Doubt(epoch);", "", 250),
        new("entity/look-again", "Before saying that there is nothing, an entity reads the journal.", Entity,
            "if (silent && !sure && (before.Version == 0 || !Trustworthy))", "if (silent && !sure && !Trustworthy)", 250),
        new("entity/first-answer", "A repeated operation gets its first answer.", Entity,
            "return (Repeat<T>(call, duplicate), null);", "return (reply, null);", 20),
        new("entity/same-content", "An operation id that comes again with other content is refused.", Entity,
            "call.Fingerprint is not null && duplicate.Fingerprint is not null && call.Fingerprint != duplicate.Fingerprint", "false", 20),
        new("entity/expected-version-of-callers", "A change based on an old version is refused.", Entity,
            "call.IfVersion is { } seen && seen != before.Version ? Refusals.Stale(seen, before.Version) : decide(before.State)",
            "decide(before.State)", 20),
        new("entity/memory-trusted-briefly", "Memory is trusted for 10 s only.", Entity,
            "Trusted => TimeSpan.FromSeconds(10);", "Trusted => TimeSpan.FromDays(1000);", 150),
        new("entity/committed-before-answered", "Nobody is answered before the commit.", Entity,
            "switch (await TryAppend(append, epoch))",
            """
            _ = TryAppend(append, epoch);
            Commit(epoch, after, version, append.WakeAt, asked);
            if (version >= 0) return (reply, null);
            switch ((Appended)new Appended.Conflict(0))
            """, 20),
        new("process/resume", "An unfinished process is resumed after a crash.", Process,
            "resume = Next(state) is null ? null : ResumeAt(Now);", "resume = null;", 60),
    ];
}
