using Commerce.Kernel;

namespace Commerce.Engine;

/// <summary>How an engine runs. The defaults suit production; tests and the simulation give their own clock and randomness.</summary>
public record EngineOptions
{
    public TimeProvider Clock { get; init; } = TimeProvider.System;

    /// <summary>For jitter. Must be safe for concurrent use.</summary>
    public Random Random { get; init; } = Random.Shared;

    /// <summary>Receives failures of entities that no caller sees.</summary>
    public Action<EntityId, Exception> Report { get; init; } = (_, _) => { };

    /// <summary>Receives failures of a reaction or of the alarms of a capability, by name.</summary>
    public Action<string, Exception> ReportFlow { get; init; } = (_, _) => { };

    /// <summary>How long an entity stays in memory after its last call, and up to a sixteenth longer.</summary>
    public TimeSpan IdleTime { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>
    /// How old the copies of a replica may become that hears of no newer fact (<see cref="EntityKind.Replicated"/>): what is sold can be as
    /// old as that where facts do not arrive.
    /// </summary>
    public TimeSpan MaxReplicaAge { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>Poll interval for due alarms.</summary>
    public TimeSpan AlarmPoll { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>How often processes are looked for that do not go on.</summary>
    public TimeSpan SweepInterval { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>The pause after which an alarm rings again that has changed nothing.</summary>
    public TimeSpan AlarmRetry { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>How many alarms of a capability ring at once.</summary>
    public int AlarmBatch { get; init; } = 256;

    /// <summary>
    /// Facts are delivered to reactions at whole multiples of this time, those of all partitions together: a delivery of one costs as much
    /// as of many, and what reactions append then shares commits.
    /// </summary>
    public TimeSpan DeliverEvery { get; init; } = TimeSpan.FromMilliseconds(50);

    /// <summary>
    /// How often a reaction's checkpoint is kept, all of them together; what was handled since is handled again after a crash ("at least
    /// once").
    /// </summary>
    public TimeSpan CheckpointEvery { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>How many entities' facts one partition of a reaction handles at the same time.</summary>
    public int DeliveryParallelism { get; init; } = 32;

    /// <summary>
    /// How often a reaction to a fact may fail before the fact is parked. Being unavailable is waited out and does not count.
    /// </summary>
    public int MaxDeliveryAttempts { get; init; } = 8;

    /// <summary>How long one reaction to one fact may take.</summary>
    public TimeSpan DeliveryTimeout { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>The pause after a first failure; it doubles with each further one.</summary>
    public TimeSpan FirstRetry { get; init; } = TimeSpan.FromMilliseconds(100);

    /// <summary>The longest pause between two tries.</summary>
    public TimeSpan MaxRetry { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>The pause after a number of failures in a row.</summary>
    public TimeSpan RetryPause(int failures) => Backoff.After(failures, FirstRetry, MaxRetry, Random);
}
