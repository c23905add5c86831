using System.Diagnostics;

namespace Commerce.Simulation;

/// <summary>What is to be simulated. The same plan gives the same run, event by event.</summary>
/// <param name="Seed">Everything that is left to chance comes from it.</param>
/// <param name="Shoppers">How many orders are placed, or tried.</param>
/// <param name="Without">Faults that do not happen.</param>
/// <param name="Only">If given, the only shoppers who come.</param>
/// <param name="Hours">For how many simulated hours the shop is open and things go wrong.</param>
internal sealed record RunPlan(
    ulong Seed, int Shoppers = RunPlan.UsualShoppers, IReadOnlyCollection<FaultKind>? Without = null, IReadOnlyCollection<int>? Only = null,
    double Hours = RunPlan.UsualHours)
{
    public const int UsualShoppers = 200;

    public const double UsualHours = 1;

    /// <summary>The shoppers who come.</summary>
    public IEnumerable<int> Comers => Only ?? Enumerable.Range(1, Shoppers);
}

/// <summary>What came of a run.</summary>
/// <param name="Plan">What was simulated.</param>
/// <param name="Violation">What was wrong; null: nothing.</param>
/// <param name="Orders">Orders that were accepted.</param>
/// <param name="Struck">How often each kind of fault has struck.</param>
/// <param name="Had">The kinds of fault that could have.</param>
/// <param name="Simulated">Simulated time of shopping and settling.</param>
/// <param name="Turns">Turns of the scheduler.</param>
internal sealed record RunOutcome(
    RunPlan Plan, Violation? Violation, Trace Trace, int Orders, IReadOnlyList<long> Struck, IReadOnlyCollection<FaultKind> Had,
    TimeSpan Simulated, long Turns, TimeSpan Took);

/// <summary>One run: a shop opens, people come while everything goes wrong, then it calms down, and the books must be right.</summary>
internal sealed class Run
{
    private static readonly TimeSpan SettledWithin = TimeSpan.FromDays(3);
    private const int StackBytes = 256 << 20; // of addresses; memory only where it is used
    private const long MostTurns = 5_000_000;

    private readonly RunPlan _plan;
    private readonly SimulationContext _world;
    private readonly RetryingClient _requests;
    private readonly SimulatedShop _shop;
    private readonly SeededRandom _dice;
    private readonly TimeSpan _open;

    private Run(RunPlan plan, bool keepTrace)
    {
        _plan = plan;
        _world = new SimulationContext(plan.Seed, plan.Without ?? [], keepTrace);
        _requests = new RetryingClient(_world);
        _shop = new SimulatedShop(_requests, _world);
        _world.Books.Scenarios = Scenario.All(_world, _requests);
        _dice = new SeededRandom(plan.Seed, "story");
        _open = TimeSpan.FromHours(plan.Hours);
    }

    public static RunOutcome Of(RunPlan plan, bool keepTrace = false) => Of(plan, keepTrace, out _);

    /// <summary>The same, and <paramref name="world"/> is what it leaves behind: the databases and the books.</summary>
    /// <remarks>
    /// On a thread with more stack than it can ever use. Where the stack runs low, tasks go on in another turn, and how much of it a call
    /// takes depends on what the compiler has made of it by then: with an ordinary stack a seed would now and then not be the same run.
    /// </remarks>
    public static RunOutcome Of(RunPlan plan, bool keepTrace, out SimulationContext world)
    {
        var done = new TaskCompletionSource<(RunOutcome Outcome, SimulationContext World)>();
        var thread = new Thread(Simulate, StackBytes);
        thread.Start();
        thread.Join();
        (var outcome, world) = done.Task.GetAwaiter().GetResult();
        return outcome;

        void Simulate()
        {
            try
            {
                done.SetResult(OnThisThread(plan, keepTrace));
            }
            catch (Exception problem)
            {
                done.SetException(problem); // the caller's, not the process's end
            }
        }
    }

    private static (RunOutcome Outcome, SimulationContext World) OnThisThread(RunPlan plan, bool keepTrace)
    {
        var took = Stopwatch.StartNew();
        var run = new Run(plan, keepTrace);
        var world = run._world;
        var began = world.Clock.Now;
        run.Execute();
        var outcome = new RunOutcome(
            plan, world.Verdict.Violation, world.Trace, world.Books.Orders.Sheets.Count, world.Chaos.Struck, world.Chaos.Had,
            run._calm - began, world.Thread.Turns, took.Elapsed);
        return (outcome, world);
    }

    private DateTimeOffset _calm;

    private void Execute()
    {
        var story = _world.Outside.Start(Story);
        try
        {
            _world.Thread.Run(Done, _world.Clock.Step);
            if (story.IsCompleted) story.GetAwaiter().GetResult();
        }
        catch (Exception problem)
        {
            _world.Verdict.Broken("the simulation itself goes on", problem.ToString());
        }

        if (_calm == default) _calm = _world.Clock.Now;

        bool Done()
        {
            if (_world.Thread.Turns > MostTurns) _world.Verdict.Broken("there is an end to it", $"{MostTurns} turns were not enough");
            return story.IsCompleted || _world.Verdict.Violation is not null;
        }
    }

    private async Task Story()
    {
        _world.Begin();
        FaultSchedule.Begin(_world, _open);
        await _shop.Open();
        var replenishing = Task.WhenAll(_shop.Replenish(_open), _shop.Reprice(_open));
        var crowd = _open * _dice.Share();
        var shoppers = _plan.Comers.Select(
            n => new SimulatedShopper(_world, _requests, _shop, n).Visit(_open, n <= 50 ? crowd : null)).ToArray();
        var office = _world.Books.Scenarios.Select(s => s.Run(_shop, _open))
            .Concat(Enumerable.Range(1, 12).Select(n => new PaymentDriver(_world, _requests, n).Work(_open))).ToArray();
        await _world.Delay(_open);
        _world.Chaos.Over = true;
        var reckoning = new FinalChecks(_world, _requests);
        await reckoning.Within(SettledWithin, "every accepted order settles", async () =>
        {
            await Task.WhenAll([.. shoppers, .. office, replenishing]);
            await reckoning.Settle();
        });
        await reckoning.Check();
        _calm = _world.Clock.Now;
        if (_world.Verdict.Violation is null && _dice.Chance(0.5)) await Month(reckoning);
    }

    // No process runs for a month: holds and authorizations expire, and kept answers are pruned.
    private async Task Month(FinalChecks reckoning)
    {
        foreach (var life in _world.Lives.ToArray()) life.Kill();
        _world.Clock.Leap(TimeSpan.FromDays(31));
        foreach (var database in _world.Databases) database.Journal.Prune(_world.Clock.Now - TimeSpan.FromDays(30));
        _world.Trace.Add("month", "nobody");
        _world.Begin();
        await reckoning.Within(SettledWithin, "every accepted order settles", reckoning.Lapse);
        await reckoning.Check();
    }
}
