using Commerce.Engine;

namespace Commerce.SingleProcess;

/// <summary>How the engine of one process runs.</summary>
public sealed record SingleProcessOptions : EngineOptions
{
    /// <summary>On what turns run; null: the thread pool. With a scheduler of one thread the whole engine is deterministic.</summary>
    public TaskScheduler? Scheduler { get; init; }

    /// <summary>How often idle entities and calls past their deadline are looked for.</summary>
    public TimeSpan SweepEvery { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>How many entities may be in memory before the least recently used idle ones are let go; null: any number.</summary>
    public int? MaxLive { get; init; }

    /// <summary>How many facts a reaction is given at once.</summary>
    public int DeliveryBatch { get; init; } = 256;

    /// <summary>How long a graceful stop waits for calls, and then for steps of processes.</summary>
    public TimeSpan StopGrace { get; init; } = TimeSpan.FromSeconds(30);

    internal TaskScheduler Target => Scheduler ?? TaskScheduler.Default;
}
