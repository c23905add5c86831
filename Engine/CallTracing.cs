using System.Diagnostics;

using Commerce.Kernel;

namespace Commerce.Engine;

/// <summary>What every engine does with a call before the entity sees it.</summary>
public static class CallTracing
{
    /// <summary>Calls appear as activities of this source, as children of the caller's span.</summary>
    private static readonly ActivitySource Traces = new("Commerce.Entities");

    /// <summary>The call's span, if the caller has one and there is a listener; the engine adds the entity.</summary>
    public static Activity? Trace(CallContext? call, string method)
    {
        if (call?.TraceParent is not { } trace || !Traces.HasListeners()) return null;
        return ActivityContext.TryParse(trace, null, isRemote: true, out var parent)
            ? Traces.StartActivity(method, ActivityKind.Internal, parent)
            : null;
    }

    /// <summary>Its deadline had passed before the call's turn came (E8).</summary>
    public static DeadlineExceededException TooLate(EntityId entity, CallContext? call, string method) => new(
        $"{entity} was too busy: the deadline {call?.Deadline:O} passed before {method} could start. Nothing was done.");
}
