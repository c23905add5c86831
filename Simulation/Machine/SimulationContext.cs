using Commerce.Engine;
using Commerce.Journal.Memory;
using Commerce.Kernel;

namespace Commerce.Simulation;

/// <summary>All there is in one run: the databases, the provider, the processes that live at the time, and what goes wrong.</summary>
internal sealed class SimulationContext
{
    private readonly List<SimulatedProcess> _lives = [];
    private readonly SeededRandom _dice;
    private int _born;

    public SimulationContext(ulong seed, IReadOnlyCollection<FaultKind> without, bool keepTrace)
    {
        Seed = seed;
        Clock = new VirtualClock();
        Thread = new DeterministicScheduler(new SeededRandom(seed, "order of turns"));
        Outside = new DeterministicScheduler.Lane(Thread);
        Chaos = new FaultInjector(seed, without);
        Trace = new Trace(Clock, keepTrace);
        Verdict = new RunVerdict(Clock, Trace);
        Bank = new BankBooks(this);
        Books = new Invariants(this);
        Databases =
        [
            .. Capabilities.All.Select((c, n) => new Database(
                c, Kept(c, n), new MemoryCheckpoints(), new PersonalData(CapabilityKeys.New()))),
        ];
        _dice = new SeededRandom(seed, "which process");
    }

    public ulong Seed { get; }

    public VirtualClock Clock { get; }

    public DeterministicScheduler Thread { get; }

    /// <summary>Where customers live: outside of all processes.</summary>
    public DeterministicScheduler.Lane Outside { get; }

    public FaultInjector Chaos { get; }

    public Trace Trace { get; }

    public RunVerdict Verdict { get; }

    public BankBooks Bank { get; }

    public Invariants Books { get; }

    public IReadOnlyList<Database> Databases { get; }

    /// <summary>Opens what a capability keeps of persons.</summary>
    public PersonalData PersonalOf(string capability) => Databases.First(d => d.Capability.Name == capability).Personal;

    /// <summary>The processes that run now.</summary>
    public IReadOnlyList<SimulatedProcess> Lives => _lives;

    /// <summary>One of the processes that run now, or null.</summary>
    public SimulatedProcess? AnyLife => _lives.Count == 0 ? null : _dice.OneOf(_lives);

    /// <summary>Starts a process beside those that run.</summary>
    public SimulatedProcess Begin()
    {
        var life = new SimulatedProcess(this, ++_born);
        _lives.Add(life);
        return life;
    }

    /// <summary>A process has ended.</summary>
    public void Ended(SimulatedProcess life) => _lives.Remove(life);

    /// <summary>Does something later, independent of the processes.</summary>
    public void After(TimeSpan time, Action action)
    {
        ITimer? timer = null;
        timer = Clock.World.CreateTimer(
            _ =>
            {
                timer!.Dispose();
                action();
            },
            null, time, Timeout.InfiniteTimeSpan);
    }

    public Task Delay(TimeSpan time) => Backoff.Until(time, Clock.World, default);

    private MemoryJournal Kept(Capability capability, int number) => new(partitions: 2, PartitionOf)
    {
        Committed = (append, facts) =>
        {
            Trace.Add("commit", append.Entity.ToString(), append.ExpectedVersion + facts.Count, append.OperationId);
            Books.Committed(capability, append, facts);
            foreach (var life in _lives) life.Notify(number);
        },
    };

    // Not as in the product: the runs of seeds that are written down must not change with it.
    private static int PartitionOf(EntityId entity) => (int)(StableHash.Add(StableHash.Of(entity.Kind), entity.Key) % 2);

    /// <summary>A capability with what is kept of it.</summary>
    public sealed record Database(Capability Capability, MemoryJournal Journal, MemoryCheckpoints Checkpoints, PersonalData Personal);
}
