using System.Diagnostics;
using Commerce.Bench.Data;

namespace Commerce.Bench.Sections.Growing;

/// <summary>What entities cost that nobody wants anything of: those in memory, and those that only the journal knows.</summary>
internal static class OfIdleness
{
    private const double Costly = 5; // ms of CPU a second, which is half a percent of a core

    /// <summary>How long nothing is asked.</summary>
    private static readonly TimeSpan Quiet = TimeSpan.FromSeconds(10);

    /// <summary>Measures. The installations are stopped and started for it, and run again afterwards.</summary>
    /// <param name="turns">With what.</param>
    /// <param name="grown">The smallest first.</param>
    /// <param name="cancel">Gives up.</param>
    public static async Task<Part> Measure(Turns turns, IReadOnlyList<Installation> grown, CancellationToken cancel)
    {
        var (small, large) = (grown[0], grown[^1]);
        foreach (var one in grown) await one.Stop();
        var idle = new Dictionary<Installation, List<double>> { [small] = [], [large] = [] };
        var (bytes, entities) = (0.0, 0);
        foreach (var (one, n) in turns.Bench.InTurns([small, large], turns.FewRounds, i => $"idle after {i.Orders:#,0} orders,"))
        {
            await one.Start(cancel);
            await Task.Delay(Quiet / 2, cancel); // what a start sets off is over
            idle[one].Add(await Idle(turns, one.Subject, cancel));
            if (one == large && n == turns.FewRounds) (bytes, entities) = await Resident(turns, one, cancel);
            await one.Stop();
        }

        foreach (var one in grown) await one.Start(cancel);
        return new Part(
            "Entities that are idle",
            ["it takes"],
            [
                Goal.Plain($"in memory: an order, of {entities:#,0}", [$"{bytes:#,0} bytes resident each"]),
                Goal.Plain($"idle with {small.Orders:#,0} orders in the journal", Cells(idle[small])),
                Goal.AtMost(
                    $"idle with {large.Orders:#,0} orders in the journal", Cells(idle[large]),
                    idle[large].Min() - idle[small].Min(), Costly, "ms/s more"), // what else the machine does can only add to it
            ],
            []);
    }

    private static IReadOnlyList<string> Cells(IReadOnlyList<double> idle) => [$"{Figures.Spread(idle, "0.0")} ms CPU a second"];

    private static async Task<double> Idle(Turns turns, Subject subject, CancellationToken cancel)
    {
        var before = await turns.Used(subject, cancel);
        var since = Stopwatch.StartNew();
        await Task.Delay(Quiet, cancel);
        var used = (await turns.Used(subject, cancel)).Since(before);
        return 1000 * (used.SubjectCpu + used.PostgresCpu) / since.Elapsed.TotalSeconds;
    }

    /// <summary>
    /// Half of what is read comes first, twice, so that connections, code and the collector's young generation have what they need;
    /// then the other half, and again what is there already, so that what was garbage is collected in both cases.
    /// </summary>
    private static async Task<(double Bytes, int Entities)> Resident(Turns turns, Installation one, CancellationToken cancel)
    {
        var half = Math.Min(one.Orders, 180_000) / 2; // below the most that the process keeps
        turns.Bench.Tell($"bringing {2 * half:#,0} orders into memory");
        using var http = new ReadClient(one.Subject.Address, 16);
        await http.Orders(0, half / 10, cancel);
        await http.Orders(0, half, cancel);
        await http.Orders(0, half / 10, cancel);
        var before = (await turns.Used(one.Subject, cancel)).ResidentBytes;
        await http.Orders(half, half, cancel);
        await http.Orders(0, half / 10, cancel);
        return ((double)((await turns.Used(one.Subject, cancel)).ResidentBytes - before) / half, half);
    }
}
