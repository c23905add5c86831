using Commerce.Kernel;

namespace Commerce.SingleProcess;

/// <summary>How the engine runs. The defaults suit production; a simulation gives its own clock, scheduler and randomness.</summary>
public sealed record EngineOptions
{
    /// <summary>The only clock.</summary>
    public TimeProvider Clock { get; init; } = TimeProvider.System;

    /// <summary>On what turns run; null: the thread pool. With a scheduler of one thread the whole engine is deterministic.</summary>
    public TaskScheduler? Scheduler { get; init; }

    /// <summary>For jitter. Must be safe for many threads unless <see cref="Scheduler"/> has only one.</summary>
    public Random Random { get; init; } = Random.Shared;

    /// <summary>How long an entity stays in memory after its last call, and up to a sixteenth longer.</summary>
    public TimeSpan IdleTime { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>How often idle entities and calls past their deadline are looked for.</summary>
    public TimeSpan SweepEvery { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>How many entities may be in memory before the least recently used idle ones are let go; null: any number.</summary>
    public int? MaxLive { get; init; }

    /// <summary>Told of failures that no caller sees.</summary>
    public Action<EntityId, Exception> Report { get; init; } = (_, _) => { };

    /// <summary>Told of failures of a subscription or of the alarms of a capability, by name.</summary>
    public Action<string, Exception> ReportFlow { get; init; } = (_, _) => { };

    /// <summary>How many facts a reaction is given at once.</summary>
    public int DeliveryBatch { get; init; } = 256;

    /// <summary>To how many entities' facts one partition of a subscription reacts at the same time.</summary>
    public int DeliveryParallelism { get; init; } = 32;

    /// <summary>
    /// How often a fact's reaction may fail before the fact is parked. Being unavailable is waited out and does not count.
    /// </summary>
    public int MaxDeliveryAttempts { get; init; } = 8;

    /// <summary>How long one reaction to one fact may take.</summary>
    public TimeSpan DeliveryTimeout { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>The pause after a first failure; it doubles with each further one.</summary>
    public TimeSpan FirstRetry { get; init; } = TimeSpan.FromMilliseconds(100);

    /// <summary>The longest pause between two tries.</summary>
    public TimeSpan MaxRetry { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>How often the journals are asked for alarms that are due.</summary>
    public TimeSpan AlarmPoll { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>After what pause an alarm that changed nothing rings again.</summary>
    public TimeSpan AlarmRetry { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>How many alarms of a capability ring at once.</summary>
    public int AlarmBatch { get; init; } = 256;

    /// <summary>How long a graceful stop waits for calls, and then for steps of processes.</summary>
    public TimeSpan StopGrace { get; init; } = TimeSpan.FromSeconds(30);

    internal TaskScheduler Target => Scheduler ?? TaskScheduler.Default;

    /// <summary>How alarms ring.</summary>
    internal AlarmOptions Alarms => new()
    {
        Clock = Clock,
        Poll = AlarmPoll,
        Retry = AlarmRetry,
        Batch = AlarmBatch,
        Pause = RetryPause,
        Report = Report,
        ReportFlow = ReportFlow,
    };

    /// <summary>How facts are delivered to reactions.</summary>
    internal DeliveryOptions Delivery => new()
    {
        Clock = Clock,
        Random = Random,
        ReportFlow = ReportFlow,
        Parallelism = DeliveryParallelism,
        MaxAttempts = MaxDeliveryAttempts,
        Timeout = DeliveryTimeout,
        FirstRetry = FirstRetry,
        MaxRetry = MaxRetry,
    };

    internal TimeSpan RetryPause(int failures) => Delivery.RetryPause(failures);
}
