using Commerce.Engine;
using Commerce.Kernel;
using Commerce.Payments;
using Commerce.Providers;
using Commerce.SingleProcess;

namespace Commerce.Simulation;

/// <summary>
/// One process from its start to its end: the real engine with the real capabilities, and its ways to the databases, to the payment
/// provider and to its customers. Killed, nothing of it runs any more and all its memory is gone.
/// </summary>
internal sealed class SimulatedProcess : IServiceProvider
{
    private readonly SimulationContext _world;
    private readonly DeterministicScheduler.Lane _lane;
    private readonly List<JournalLink> _links = [];
    private readonly HashSet<Action> _unanswered = [];
    private readonly SingleProcessEngine _engine;
    private readonly ResilientProvider _provider;

    public SimulatedProcess(SimulationContext world, int number)
    {
        (_world, Number) = (world, number);
        var dice = new SeededRandom(world.Seed, "life", number);
        var error = world.Chaos.Strikes(FaultKind.ClockWrong) ? TimeSpan.FromMilliseconds(dice.Next(-5000, 5000)) : TimeSpan.Zero;
        Clock = world.Clock.Of(error);
        Notices = new SeededRandom(world.Seed, "notices", number);
        _lane = new DeterministicScheduler.Lane(world.Thread);
        var random = new Random(dice.Next(int.MaxValue));
        _provider = new ResilientProvider(
            new BankLink(world.Bank, this, world), new ResilienceOptions(), Clock, random.NextDouble,
            e => world.Trace.Add("provider", e.Provider, number, e.Detail));
        var stores = world.Databases.Select(d =>
        {
            var link = new JournalLink(d.Journal, d.Checkpoints, this, world);
            _links.Add(link);
            return new CapabilityStore(world.Books.Watched(d.Capability), link, link, link, link) { Personal = d.Personal };
        }).ToList();
        _engine = new SingleProcessEngine(stores, this, Options(random, tight: world.Chaos.Strikes(FaultKind.MemoryShort), dice));
        world.Trace.Add("start", "process", number, $"clock {error.TotalMilliseconds} ms");
        _engine.Start();
    }

    /// <summary>From 1; every start is another one.</summary>
    public int Number { get; }

    public TimeProvider Clock { get; }

    /// <summary>Draws the delay of notices of commits.</summary>
    public SeededRandom Notices { get; }

    /// <summary>True once nothing of it runs any more.</summary>
    public bool Dead { get; private set; }

    /// <summary>What a process waits for that was killed.</summary>
    public Task Never { get; } = new TaskCompletionSource().Task;

    /// <summary>Serves a request from outside; if the process dies before the answer, <paramref name="fail"/> gets null.</summary>
    public void Serve<T>(Func<IEntities, Task<T>> request, Action<T> answer, Action<Exception?> fail)
    {
        Action died = () => fail(null);
        _unanswered.Add(died);
        _lane.Start(async () =>
        {
            try
            {
                answer(await request(_engine));
            }
            catch (Exception problem)
            {
                fail(problem);
            }
            finally
            {
                _unanswered.Remove(died);
            }
        });
    }

    /// <summary>How far its subscriptions are behind.</summary>
    public Task<IReadOnlyList<SubscriptionLag>> Lag() => _engine.Lag(default);

    /// <summary>Ends at once; of what was on its way to a database, some arrives.</summary>
    public void Kill()
    {
        if (Dead) return;
        _world.Trace.Add("kill", "process", Number);
        End();
    }

    /// <summary>Ends gracefully: work under way is finished, within the engine's grace period.</summary>
    public void Stop()
    {
        _world.Trace.Add("stop", "process", Number);
        _lane.Start(async () =>
        {
            await _engine.StopAsync();
            if (Dead) return;
            _world.Trace.Add("stopped", "process", Number);
            End();
        });
    }

    /// <summary>Its databases cannot be reached for <paramref name="time"/>.</summary>
    public void Cut(TimeSpan time)
    {
        foreach (var link in _links) link.AwayUntil = _world.Clock.Now + time;
    }

    /// <summary>Something was committed to that database.</summary>
    public void Notify(int database) => _links[database].Notify();

    object? IServiceProvider.GetService(Type serviceType) => serviceType == typeof(IPaymentProvider) ? _provider : null;

    private void End()
    {
        Dead = true;
        _lane.Halt();
        ((VirtualClock.ClockView)Clock).Stop();
        var dice = new SeededRandom(_world.Seed, "end", Number);
        foreach (var link in _links) link.Cut(dice);
        _world.Ended(this);
        foreach (var reply in _unanswered.ToArray()) reply();
    }

    private SingleProcessOptions Options(Random random, bool tight, SeededRandom dice) => new()
    {
        Clock = Clock,
        Scheduler = _lane,
        Random = random,
        AlarmPoll = TimeSpan.FromSeconds(30),
        SweepEvery = tight ? TimeSpan.FromSeconds(3) : TimeSpan.FromSeconds(60),
        IdleTime = tight ? TimeSpan.FromMilliseconds(dice.Next(1, 2000)) : TimeSpan.FromMinutes(5),
        MaxLive = tight ? dice.Next(5, 50) : null,
        Report = (entity, problem) => _world.Verdict.Reported(entity.ToString(), problem),
        ReportFlow = _world.Verdict.Reported,
    };
}
