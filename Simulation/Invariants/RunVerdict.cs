using Commerce.Engine;
using Commerce.Kernel;

namespace Commerce.Simulation;

/// <summary>Something that must never be the case, and was.</summary>
/// <param name="Rule">Which promise was broken, in words that stay the same from run to run.</param>
/// <param name="Detail">Which entity, with which values.</param>
/// <param name="At">When, in simulated time.</param>
internal sealed record Violation(string Rule, string Detail, DateTimeOffset At);

/// <summary>The first thing that was wrong with a run; a run ends with it.</summary>
internal sealed class RunVerdict(VirtualClock clock, Trace trace)
{
    public Violation? Violation { get; private set; }

    /// <summary>A promise was broken.</summary>
    public void Broken(string rule, string detail)
    {
        if (Violation is not null) return;
        trace.Add("BROKEN", rule, 0, detail);
        Violation = new Violation(rule, detail, clock.Now);
    }

    /// <summary>A failure in a process's log. Unavailability is expected here; anything else is a bug.</summary>
    public void Reported(string whom, Exception problem)
    {
        trace.Add("reported", whom, 0, problem.Message);
        if (problem is UnavailableException or TimeoutException or OperationCanceledException) return;
        Broken("nothing fails in a way that nobody thought of", $"{whom}: {problem}");
    }
}
