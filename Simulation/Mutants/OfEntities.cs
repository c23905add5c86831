namespace Commerce.Simulation;

/// <summary>How entities keep their memory true, and processes go on after a crash.</summary>
internal static class OfEntities
{
    private const string Entity = "Domain/Kernel/Entity.cs";
    private const string Process = "Domain/Kernel/ProcessEntity.cs";
    private const string Engine = "SingleProcess/Activation.cs";

    public static IReadOnlyList<Mutant> All { get; } =
    [
        new("entity/loading-waits", "An entity is read again only when all its appends under way are over.", Entity,
            "await Decided(); // it may yet be committed; a state read before that would be older than an answer already given", "", 60),
        new("entity/forget-on-failure", "An entity whose append failed reads the journal again (J4).", Entity,
            "            Forget(epoch);\n            throw;", "            throw;", 60),
        new("entity/forget-on-conflict", "An entity that lost against another writer reads the journal again.", Entity,
            "            default:\n                Forget(epoch);", "            default:", 60),
        new("entity/forget-on-duplicate", "An entity whose decision was a repetition forgets what it decided.", Entity,
            "if (decision.Facts.Count > 0) Forget(epoch);", "", 60),
        new("entity/first-answer", "A repeated operation gets its first answer.", Entity,
            "return (Repeat<T>(call, duplicate), null);", "return (reply, null);", 60),
        new("entity/same-content", "An operation id that comes again with other content is refused.", Entity,
            "call.Fingerprint is not null && duplicate.Fingerprint is not null && call.Fingerprint != duplicate.Fingerprint", "false", 60),
        new("entity/expected-version-of-callers", "A change based on an old version is refused.", Entity,
            "call.IfVersion is { } seen && seen != before.Version ? Stale(seen, before.Version) : decide(before.State)",
            "decide(before.State)", 60),
        new("entity/memory-trusted-briefly", "Memory is trusted for 10 s only.", Entity,
            "Trusted = TimeSpan.FromSeconds(10);", "Trusted = TimeSpan.FromDays(1000);", 60),
        new("entity/old-epoch-commits", "A commit of before the memory was forgotten does not touch the new one.", Entity,
            "if (epoch != _epoch || version < _committed.Version) return;", "", 60),
        new("entity/old-epoch-loads", "What was read before the memory was forgotten again is not remembered.", Entity,
            "if (epoch == _epoch) Remember(loaded, asked);", "Remember(loaded, asked);", 60),
        new("entity/committed-before-answered", "Nobody is answered before the commit.", Entity,
            "switch (await TryAppend(append, epoch))",
            """
            _ = TryAppend(append, epoch);
            Commit(epoch, after, version, append.WakeAt);
            if (version >= 0) return (reply, null);
            switch ((Appended)new Appended.Conflict(0))
            """, 60),
        new("process/resume", "An unfinished process is resumed after a crash.", Process,
            "resume = Next(state) is null ? null : Now + ResumeAfter;", "resume = null;", 60),
        new("process/no-empty-outcomes", "An outcome without facts is not kept as the answer of its step.", Process,
            "Counted, (_, v) => v, keepAlways: false);", "Counted, (_, v) => v, keepAlways: true);", 60),
        new("process/retry", "A step that failed is taken again.", Process,
            "await Pause(Pauses.After(++failures, FirstBackoff, MaxBackoff, Random));", "return;", 60),
        new("engine/busy-stay", "An entity does not leave memory while its process is at work.", Engine,
            " || _entity is { Background.IsCompleted: false }", "", 60),
        new("engine/one-at-a-time", "An entity handles one call at a time (E1).", Engine,
            "if (!call.Overlaps && _busy) _mailbox.Enqueue(call);\n            else Begin(call);", "Begin(call);", 60),
    ];
}
