using Commerce.Kernel;

namespace Commerce.Engine.Contract;

/// <summary>A running engine of any kind that hosts the <see cref="TrialCapabilities"/>.</summary>
public interface IEngineUnderTest : IAsyncDisposable
{
    /// <summary>As a caller from outside has them.</summary>
    IEntities Entities { get; }

    Task Stop();

    /// <summary>Ends without finishing anything, as if the process had died.</summary>
    Task Crash();
}

/// <summary>How an engine under test is to be run.</summary>
/// <param name="World">A port that the trial entities ask for.</param>
public sealed record EngineSetup(World World)
{
    /// <summary>How long an entity stays in memory after its last call.</summary>
    public TimeSpan IdleTime { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>How often a fact's reaction may fail before the fact is parked.</summary>
    public int MaxDeliveryAttempts { get; init; } = 5;
}
