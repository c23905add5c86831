using System.Diagnostics;

namespace Commerce.Bench;

/// <summary>What the machine's cores have done so far, and what of that this bench and all that it has started.</summary>
/// <param name="Busy">CPU seconds of all processes.</param>
/// <param name="Ours">CPU seconds of this process and its descendants, those included that have ended.</param>
/// <param name="At">When, as a timestamp.</param>
internal readonly record struct MachineCpu(double Busy, double Ours, long At)
{
    /// <summary>More work of others than this, in cores, and a round does not begin, or is noted as disturbed.</summary>
    public const double Quiet = 0.2;

    private static readonly TimeSpan Look = TimeSpan.FromSeconds(0.5);

    public static MachineCpu Read() => new(ProcessStat.BusySeconds(), ProcessStat.OfTree(Environment.ProcessId), Stopwatch.GetTimestamp());

    /// <summary>Cores that other work has kept busy since then.</summary>
    public double OthersSince(MachineCpu before) => Math.Max(
        0, (Busy - before.Busy - (Ours - before.Ours)) / Stopwatch.GetElapsedTime(before.At, At).TotalSeconds);

    /// <summary>Waits while others work, but not longer than that.</summary>
    public static async Task UntilQuiet(TimeSpan patience, Action<string> tell, CancellationToken cancel)
    {
        for (var since = Stopwatch.GetTimestamp(); ;)
        {
            var before = Read();
            await Task.Delay(Look, cancel);
            var others = Read().OthersSince(before);
            if (others <= Quiet) return;
            if (Stopwatch.GetElapsedTime(since) >= patience)
            {
                tell($"other work keeps {others:0.0} cores busy: going on beside it");
                return;
            }
        }
    }
}
