namespace Commerce.Engine;

/// <summary>Times as finely as PostgreSQL keeps them: in whole microseconds, UTC.</summary>
public static class TimestampPrecision
{
    /// <summary>The last whole microsecond that is not later: of what has happened.</summary>
    public static DateTimeOffset Down(DateTimeOffset at) => new(at.UtcTicks - (at.UtcTicks % TimeSpan.TicksPerMicrosecond), TimeSpan.Zero);

    /// <summary>Rounded up to a whole microsecond: for wake-up times, so that no alarm rings early.</summary>
    public static DateTimeOffset Up(DateTimeOffset at)
    {
        var down = Down(at);
        return down == at || down == Down(DateTimeOffset.MaxValue) ? down : down.AddTicks(TimeSpan.TicksPerMicrosecond);
    }
}
