using Commerce.Kernel;

namespace Commerce.Engine.Contract;

/// <summary>The plainest entity: it counts. Made for trying an engine.</summary>
public interface ICounter : IEntity
{
    /// <summary>Adds. Refused: <c>nothing_to_add</c>, <c>below_zero</c>.</summary>
    Task<Result<CounterView>> Add(long by, CallContext call);

    /// <summary>Adds after a gate of the <see cref="World"/> was opened; logs <c>begin</c> and <c>end</c>.</summary>
    Task<Result<CounterView>> AddBehind(string gate, long by, CallContext call);

    /// <summary>Sets the wake-up time. When it has come, the counter rings: one more in <see cref="CounterView.Rings"/>.</summary>
    Task<Result<CounterView>> RingAt(DateTimeOffset at, CallContext call);

    Task Fail(CallContext call);

    /// <summary>The call as it arrived.</summary>
    Task<CallContext> Echo(CallContext call);

    /// <summary>The call as it arrived at another counter that this one passed it on to, as <c>{operation}/nested</c>.</summary>
    Task<CallContext> EchoBy(string other, CallContext call);

    [Interleaved]
    Task<CounterView> Get();

    /// <summary>As soon as it is at least <paramref name="value"/>, or as it is at the deadline.</summary>
    [Interleaved]
    Task<CounterView> WhenAtLeast(long value, DateTimeOffset deadline);
}

/// <summary>A counter whose calls overlap.</summary>
[Pipelined]
public interface ITally : IEntity
{
    /// <summary>Adds. Refused: <c>nothing_to_add</c>, <c>below_zero</c>.</summary>
    Task<Result<CounterView>> Add(long by, CallContext call);

    [Interleaved]
    Task<CounterView> Get();
}

/// <summary>How a counter stands.</summary>
public sealed record CounterView(long Value, int Rings, long Version);
