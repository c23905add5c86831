using System.Collections.Concurrent;
using System.Diagnostics;

namespace Commerce.Testing;

/// <summary>
/// What the tests give as personal, wherever they are: no log and no trace of a program may have any of it (decision 23).
/// </summary>
public static class PersonalWords
{
    private static readonly string[] All = ["@example.", "Lovelace", "Quintilla", "Larkspur", "Far away", "pm_sandbox"];

    private static readonly ConcurrentQueue<string> Traced = new();

    private static readonly Lazy<ActivityListener> Listener = new(Listen);

    /// <summary>The first line with such a word; null: there is none.</summary>
    public static string? In(string said) => Array.Exists(All, w => said.Contains(w, StringComparison.OrdinalIgnoreCase))
        ? said.Split('\n').First(line => Array.Exists(All, w => line.Contains(w, StringComparison.OrdinalIgnoreCase))) : null;

    /// <summary>Looks at all traces of this process from now on.</summary>
    public static void WatchTraces() => _ = Listener.Value;

    /// <summary>The first trace with such a word; null: there is none so far.</summary>
    public static string? InTraces() => Traced.TryPeek(out var first) ? first : null;

    private static ActivityListener Listen()
    {
        var listener = new ActivityListener
        {
            ShouldListenTo = source => source.Name != "System.Net.Http", // which is the client of the tests
            Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllDataAndRecorded,
            ActivityStopped = activity =>
            {
                var tags = activity.TagObjects.Concat(activity.Events.SelectMany(e => e.Tags)).Select(t => $"{t.Key}={t.Value}");
                if (In($"{activity.Source.Name} {activity.DisplayName} {string.Join(' ', tags)}") is { } found) Traced.Enqueue(found);
            },
        };
        ActivitySource.AddActivityListener(listener);
        return listener;
    }
}
