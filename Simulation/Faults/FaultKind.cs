namespace Commerce.Simulation;

/// <summary>What can go wrong, each at moments drawn from the seed.</summary>
internal enum FaultKind
{
    /// <summary>A process is killed at any moment, and started again.</summary>
    Crash,

    /// <summary>A process is killed just before an append is committed.</summary>
    CrashBeforeCommit,

    /// <summary>A process is killed when an append is committed, before it gets the answer.</summary>
    CrashAfterCommit,

    /// <summary>A process is stopped gracefully, and started again.</summary>
    Restart,

    /// <summary>A second process is started beside the first: two activations of the same entity.</summary>
    SecondProcess,

    /// <summary>An append is refused: nothing was done.</summary>
    AppendRefused,

    /// <summary>An append is committed, and its answer is lost.</summary>
    AppendAnswerLost,

    /// <summary>An append is lost on its way: it is not committed, and gets no answer.</summary>
    AppendLost,

    /// <summary>An append times out, and is committed some time after all.</summary>
    AppendLate,

    /// <summary>Appends of a process wait for some seconds, and are then committed in their order.</summary>
    AppendsSlow,

    /// <summary>A load fails, takes its time, or returns an older state.</summary>
    LoadFails,

    /// <summary>A follower's read, or the notice of new facts, fails or comes late.</summary>
    FeedFails,

    /// <summary>Keeping a checkpoint fails, before or after it was kept.</summary>
    CheckpointFails,

    /// <summary>A process cannot reach its databases for a while.</summary>
    DatabaseAway,

    /// <summary>A request to the provider is answered late.</summary>
    ProviderSlow,

    /// <summary>A request to the provider is turned away: nothing was done.</summary>
    ProviderAway,

    /// <summary>A request to the provider is lost on its way.</summary>
    ProviderRequestLost,

    /// <summary>The provider moves the money, and its answer is lost.</summary>
    ProviderAnswerLost,

    /// <summary>A request reaches the provider minutes after it was given up.</summary>
    ProviderRequestLate,

    /// <summary>A request reaches the provider a second time.</summary>
    ProviderRequestTwice,

    /// <summary>The provider declines an authorization.</summary>
    ProviderDeclines,

    /// <summary>The provider refuses a capture, a void or a refund.</summary>
    ProviderRefuses,

    /// <summary>The provider is away for minutes, long enough to open the circuit.</summary>
    ProviderOutage,

    /// <summary>A customer's request is lost before it reaches a process.</summary>
    RequestLost,

    /// <summary>A customer's request is carried out and its answer is lost.</summary>
    AnswerLost,

    /// <summary>A customer's request reaches two processes, or one of them twice.</summary>
    RequestTwice,

    /// <summary>Entities are put out of memory while they are in use.</summary>
    MemoryShort,

    /// <summary>The clock of a process is wrong by some seconds.</summary>
    ClockWrong,

    /// <summary>A follower gets what it read some seconds late: reactions wait, and the copies of a replica are outdated.</summary>
    FeedLate,
}
