using Commerce.Kernel;

namespace Commerce.Grains;

/// <summary>How a silo hosts entities. The defaults suit production; tests give their own clock.</summary>
public sealed record GrainOptions
{
    /// <summary>The clock that entities, alarms and reactions go by.</summary>
    public TimeProvider Clock { get; init; } = TimeProvider.System;

    /// <summary>For jitter. Must be safe for many threads.</summary>
    public Random Random { get; init; } = Random.Shared;

    /// <summary>Told of failures of entities that no caller sees.</summary>
    public Action<EntityId, Exception> Report { get; init; } = (_, _) => { };

    /// <summary>Told of failures of a subscription or of the alarms of a capability, by name.</summary>
    public Action<string, Exception> ReportFlow { get; init; } = (_, _) => { };

    /// <summary>How long an entity stays in memory after its last call.</summary>
    public TimeSpan IdleTime { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>How often the journals are asked for alarms that are due.</summary>
    public TimeSpan AlarmPoll { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>After what pause an alarm that changed nothing rings again.</summary>
    public TimeSpan AlarmRetry { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>How many alarms of a capability ring at once.</summary>
    public int AlarmBatch { get; init; } = 256;

    /// <summary>How often a fact's reaction may fail before the fact is parked. Being unavailable does not count.</summary>
    public int MaxDeliveryAttempts { get; init; } = 8;
}
