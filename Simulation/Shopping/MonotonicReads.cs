using Commerce.Engine;
using Commerce.Kernel;

namespace Commerce.Simulation;

/// <summary>
/// Monotonic reads: a caller that gets an answer and then reads, in the same process, sees at least that state. (Another process may be
/// older, up to the maximum staleness of memory, decision 12.)
/// </summary>
internal sealed class MonotonicReads(RunVerdict verdict)
{
    private readonly Dictionary<(SimulatedProcess, string Entity), long> _told = [];

    /// <summary>The latest version that the process has returned.</summary>
    public long Told(SimulatedProcess life, string? entity) => entity is null ? 0 : _told.GetValueOrDefault((life, entity));

    /// <summary>A process has answered.</summary>
    /// <param name="entity">About what; null: about nothing in particular.</param>
    /// <param name="before">The latest version it had returned when it began to answer.</param>
    public void Answered(SimulatedProcess life, string? entity, object? value, long before)
    {
        if (entity is null) return;
        var (version, isRead) = VersionOf(value);
        if (isRead && version < before)
            verdict.Broken(
                "what a process has told it does not take back",
                $"process {life.Number} told of {entity} at version {before}, and then shows it at version {version}");
        _told[(life, entity)] = Math.Max(version, Told(life, entity));
    }

    private static (long Version, bool IsRead) VersionOf(object? value) => value switch
    {
        null => (0, true),
        _ when VersionIn(value) is { } read => (read, true),
        _ when value.GetType() is { IsGenericType: true } type && type.GetGenericTypeDefinition() == typeof(Result<>)
            && type.GetProperty(nameof(Result<object>.Value))!.GetValue(value) is { } told => (VersionIn(told) ?? 0, false),
        _ => (0, false),
    };

    // Views say their entity's version in a member of that name.
    private static long? VersionIn(object view) => view.GetType().GetProperty("Version")?.GetValue(view) as long?;
}
