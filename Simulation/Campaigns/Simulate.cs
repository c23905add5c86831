using System.Diagnostics;
using System.Security.Cryptography;

namespace Commerce.Simulation;

/// <summary><c>./commerce simulate</c>: one run, or a campaign of many, reported to a person.</summary>
internal sealed class Simulate(TextWriter output, TextWriter error, Func<RunPlan, bool, CampaignResult> run, CancellationToken cancel)
{
    private const int AllRight = 0;
    private const int SomeFailed = 1;
    private const int Unusable = 2;
    private const int Stopped = 130;
    private const ulong LastFixed = 1000;

    public bool Json { get; init; }

    public bool KeepGoing { get; init; }

    public bool Shrink { get; init; }

    public bool Trace { get; init; }

    /// <summary>Runs the request; returns the exit code.</summary>
    public int Run(Func<ulong, RunPlan> plan, ulong? seed, (ulong First, ulong Last)? seeds, double? minutes)
    {
        if (seed is { } one) return Replay(plan(one));
        if (seeds is var (first, last)) return Many(Seeds(first, last).Select(plan), $"seeds {first} to {last}");
        try
        {
            var known = KnownSeeds.All();
            var listed = $"the list of {CampaignReport.Count(known.Count, "known plan")}";
            if (minutes is null) return Many(known.Concat(Seeds(1, LastFixed).Select(plan)), $"{listed}, then seeds 1 to {LastFixed}");
            var fresh = (ulong)RandomNumberGenerator.GetInt32(1_000_000, int.MaxValue) * 1000;
            var (began, time) = (Stopwatch.GetTimestamp(), TimeSpan.FromMinutes(minutes.Value));
            var inTime = Seeds(fresh, ulong.MaxValue).TakeWhile(_ => Stopwatch.GetElapsedTime(began) < time);
            var duration = CampaignReport.Count(minutes.Value, "minute");
            return Many(known.Concat(inTime.Select(plan)), $"{listed}, then fresh seeds from {fresh} on, for {duration}");
        }
        catch (FormatException problem)
        {
            error.WriteLine(problem.Message);
            return Unusable;
        }
    }

    private int Replay(RunPlan plan)
    {
        var tally = new CampaignTotals();
        var result = run(plan, true);
        tally.Add(result);
        if (Trace) CampaignReport.Trace(output, result);
        else if (result.Violation is not null) CampaignReport.Events(output, result);
        if (result.Violation is null) output.WriteLine($"No promise was broken by seed {plan.Seed}.");
        else CampaignReport.Failure(output, result);
        output.WriteLine(
            $"{CampaignReport.Count(result.Outcome?.Orders ?? 0, "order")}, {CampaignReport.Count(tally.Figures.Faults, "fault")}, "
            + $"{CampaignReport.Count(result.Outcome?.Trace.Events ?? 0, "event")}, hash {tally.Figures.Hash:x16}");
        IReadOnlyList<Failed> failures = result.Violation is null ? [] : [new Failed(result, result)];
        if (Json) output.WriteLine(CampaignReport.Json(tally.Figures, failures, stopped: false));
        return failures.Count == 0 ? AllRight : SomeFailed;
    }

    private int Many(IEnumerable<RunPlan> plans, string what)
    {
        output.WriteLine($"Simulating {what}, on {CampaignReport.Count(Environment.ProcessorCount, "core")}.");
        var campaign = new Campaign(plan => run(plan, false), KeepGoing);
        var failed = ProgressLine.During(error, () => CampaignReport.Progress(campaign.Tally.Figures), () => campaign.Go(plans, cancel));
        var all = campaign.Tally.Figures;
        var stopped = cancel.IsCancellationRequested;
        CampaignReport.Sums(output, all);
        if (failed.Count == 0) output.WriteLine(stopped ? "Stopped; no promise was broken so far." : "No promise was broken.");
        foreach (var more in failed.Skip(1))
            output.WriteLine(
                $"FAILED  {PlanOptions.Words(more.Plan)}: {more.Violation!.Rule}: {FailureReport.FirstLine(more.Violation.Detail)}");
        var failures = failed.DistinctBy(f => f.Violation!.Rule).Select(Explain).ToList();
        if (Json) output.WriteLine(CampaignReport.Json(all, failures, stopped));
        return failed.Count > 0 ? SomeFailed : stopped ? Stopped : AllRight;
    }

    // The first failure of each rule is shrunk and reported; the others would look much alike.
    private Failed Explain(CampaignResult failed)
    {
        output.WriteLine();
        CampaignReport.Failure(output, failed);
        if (!Shrink)
        {
            output.WriteLine($"Replay it:  {PlanOptions.CommandFor(failed.Plan)}");
            return new Failed(failed, failed);
        }

        var shrinking = new Shrinking(plan => run(plan, false), failed, cancel);
        var shortest = ProgressLine.During(error, () => shrinking.Progress, shrinking.Shrink);
        output.WriteLine();
        output.WriteLine(
            $"The shortest that breaks the same promise, of {CampaignReport.Count(shrinking.Tries, "run")} tried"
            + $"{(shrinking.GaveUp ? " (there may be a shorter one)" : "")}: {shrinking.Size}.");
        var told = run(shortest.Plan, true);
        CampaignReport.Events(output, told);
        if (told.Violation is not null) output.WriteLine(told.Violation.Detail);
        output.WriteLine($"Replay it:  {PlanOptions.CommandFor(shortest.Plan)}");
        return new Failed(failed, shortest);
    }

    private static IEnumerable<ulong> Seeds(ulong first, ulong last)
    {
        for (var seed = first; ; seed++)
        {
            yield return seed;
            if (seed == last) yield break;
        }
    }
}
