using System.Collections.Concurrent;
using System.Collections.Frozen;
using Commerce.Engine;
using Commerce.Kernel;

namespace Commerce.SingleProcess;

/// <summary>
/// Hosts all entities in this process: finds the one live activation of an entity or makes it, lets go of idle ones, rings alarms and
/// carries facts to reactions. Promises E1 to E8 of the design.
/// </summary>
public sealed class SingleProcessEngine : IEntities, ISubscriptions, IAsyncDisposable
{
    private readonly ConcurrentDictionary<EntityId, Activation> _live = new();
    private readonly ConcurrentQueue<Activation> _waiting = new(); // in which calls have begun to wait since the last sweep
    private readonly FrozenDictionary<Type, Contract> _byType;
    private readonly FrozenDictionary<string, Contract> _byName;
    private readonly IReadOnlyList<ReactionLoop> _reactions;
    private readonly SubscriptionMonitor _stored;
    private readonly ParkedFacts _parked;
    private readonly IReadOnlyList<AlarmScheduler> _alarms;
    private readonly Replicas _replicas;
    private readonly IServiceProvider _services;
    private readonly SingleProcessOptions _options;
    private readonly CancellationTokenSource _stopping = new();
    private readonly TaskCompletionSource _drained = new();
    private IReadOnlyList<Task> _loops = [];
    private volatile bool _draining;
    private volatile bool _ended;
    private int _external;
    private int _count;
    private int _made;

    /// <summary>Makes an engine; <see cref="Start"/> sets alarms and reactions going.</summary>
    /// <param name="stores">Each hosted capability with its database.</param>
    /// <param name="services">The ports that entities ask for when they are made.</param>
    /// <param name="options">How to run.</param>
    public SingleProcessEngine(IReadOnlyList<CapabilityStore> stores, IServiceProvider services, SingleProcessOptions options)
    {
        (_services, _options) = (services, options);
        Contract[] contracts = [.. stores.SelectMany(s => s.Capability.Kinds.Select(k => new Contract(k, s)))];
        _byType = contracts.ToFrozenDictionary(c => c.Kind.Contract);
        _byName = contracts.ToFrozenDictionary(c => c.Kind.Name);
        _replicas = new Replicas(stores, options);
        Inside = new Insiders(this);
        _stored = new SubscriptionMonitor(stores);
        _reactions = [.. stores.SelectMany(s => s.Capability.Reactions.Select(r => Follow(r, s, stores)))];
        _parked = new ParkedFacts(stores, DeliveryOf);
        _alarms = [.. stores.Select(s => new AlarmScheduler(s, Wake, options))];
    }

    /// <summary>How many entities are in memory.</summary>
    public int Live => Volatile.Read(ref _count);

    /// <summary>The entities as entities and reactions call them: these calls are served to the end of a graceful stop.</summary>
    internal IEntities Inside { get; }

    public TContract Get<TContract>(string key) where TContract : class, IEntity => Get<TContract>(key, external: true);

    /// <summary>Begins to ring alarms, to carry facts to reactions, and to let go of idle entities.</summary>
    public void Start()
    {
        if (_loops.Count > 0) throw new InvalidOperationException("The engine has been started already.");
        var cancel = _stopping.Token;
        _loops =
        [
            .. _reactions.SelectMany(s => s.Run(cancel)),
            .. _alarms.Select(a => FireAndForget.Start(() => a.Run(cancel), _options.Target)),
            .. _replicas.Followers.Select(follow => FireAndForget.Start(() => follow(cancel), _options.Target)),
            FireAndForget.Start(() => Sweep(cancel), _options.Target),
        ];
    }

    /// <summary>
    /// Stops gracefully (E7): takes no more calls from outside, finishes those it has taken, lets each process finish the step it is in,
    /// and ends. What takes longer than the grace is abandoned: the journal has all that was acknowledged.
    /// </summary>
    public async Task StopAsync()
    {
        _draining = true;
        _stopping.Cancel();
        if (Volatile.Read(ref _external) == 0) _drained.TrySetResult();
        await WithinGrace(Task.WhenAll([_drained.Task, .. _loops]));
        await WithinGrace(StopEntities());
        await DisposeAsync();
    }

    /// <summary>
    /// Ends at once, finishing nothing: as a crash would, and all that a crash leaves behind is dealt with by the next start.
    /// </summary>
    public ValueTask DisposeAsync()
    {
        _draining = _ended = true;
        _stopping.Cancel();
        foreach (var activation in _live.Values.OrderBy(a => a.Number))
        {
            activation.Kill(Ended());
            Forget(activation);
        }

        return ValueTask.CompletedTask;
    }

    public async Task<IReadOnlyList<SubscriptionLag>> Lag(CancellationToken cancel) =>
        [.. (await Task.WhenAll(_reactions.Select(s => s.Lag(cancel)))).SelectMany(l => l)];

    public Task<IReadOnlyList<ParkedFact>> Parked(CancellationToken cancel) => _stored.Parked(cancel);

    public Task<bool> Retry(ParkedFact parked, CancellationToken cancel) =>
        _parked.Retry(parked.Subscription, parked.Fact.Partition, parked.Fact.Position, cancel);

    public Task<bool> GiveUp(ParkedFact parked, CancellationToken cancel) =>
        _parked.GiveUp(parked.Subscription, parked.Fact.Partition, parked.Fact.Position, cancel);

    internal TContract Get<TContract>(string key, bool external) where TContract : class, IEntity
    {
        ArgumentException.ThrowIfNullOrEmpty(key);
        return _byType.TryGetValue(typeof(TContract), out var contract)
            ? (TContract)contract.Proxy(this, key, external)
            : throw new InvalidOperationException($"No hosted capability has entities with the contract {typeof(TContract).Name}.");
    }

    /// <summary>A call that is yet to be sent, made by the engine itself unless it has arguments.</summary>
    internal Invocation Called(EntityMethod method, object?[]? args = null, bool external = false) =>
        method.Called(args ?? [], external, _options.Scheduler);

    /// <summary>Takes a call to its entity. <paramref name="known"/> is where the caller found it last time.</summary>
    internal void Send(Invocation call, Contract contract, EntityId id, ref Activation? known)
    {
        if (call.External) Interlocked.Increment(ref _external);
        if (_ended || (_draining && call.External))
        {
            call.Fail(Ended());
            Left(call);
        }
        else if (known is null || !known.TryTake(call))
        {
            var found = known = Find(contract, id);
            if (!found.TryTake(call)) _ = FireAndForget.Start(() => SendToNext(call, contract, found, id), _options.Target);
        }
    }

    /// <summary>Rings an entity's alarm; completes when it has dealt with it.</summary>
    internal Task Wake(EntityId id)
    {
        var contract = _byName.GetValueOrDefault(id.Kind) ?? throw new InvalidOperationException(
            $"An alarm is set for {id}, but no hosted capability has entities of that kind. Was it set by newer software?");
        var call = Called(EntityMethod.Wake);
        Activation? known = null;
        Send(call, contract, id, ref known);
        return call.Answer;
    }

    internal void Left(Invocation call)
    {
        if (call.External && Interlocked.Decrement(ref _external) == 0 && _draining) _drained.TrySetResult();
    }

    /// <summary>Calls wait in this one, until the sweep has looked and found none.</summary>
    internal void Waits(Activation activation) => _waiting.Enqueue(activation);

    internal void Forget(Activation activation)
    {
        if (_live.TryRemove(new(activation.Id, activation))) Interlocked.Decrement(ref _count);
    }

    internal void Report(EntityId id, Exception problem) => _options.Report(id, problem);

    private static UnavailableException Ended() => new("The service is stopping; it takes no more calls.", TimeSpan.FromSeconds(2));

    private async Task SendToNext(Invocation call, Contract contract, Activation leaving, EntityId id)
    {
        for (var next = leaving; ; next = Find(contract, id))
        {
            if (_ended) break;
            if (next.TryTake(call)) return;
            await next.Gone;
        }

        call.Fail(Ended());
        Left(call);
    }

    private Activation Find(Contract contract, EntityId id)
    {
        while (true)
        {
            if (_live.TryGetValue(id, out var found)) return found;
            var number = Interlocked.Increment(ref _made);
            var made = new Activation(id, number, this, () => Create(contract, id), _options.Clock, _options.Target);
            if (!_live.TryAdd(id, made)) continue;
            Interlocked.Increment(ref _count);
            if (_ended) made.Kill(Ended());
            return made;
        }
    }

    private HostedEntity Create(Contract contract, EntityId id)
    {
        var alarms = _alarms.First(a => a.Capability == contract.Store.Capability);
        return new HostedEntity(id, contract.Kind, contract.Store, Inside, _services, _options, alarms.Hint);
    }

    private ReactionLoop Follow(Reaction reaction, CapabilityStore subscriber, IReadOnlyList<CapabilityStore> stores)
    {
        var source = SubscriptionMonitor.Source(stores, reaction);
        var delivery = new ReactionDispatcher(reaction, source.Capability.Facts, subscriber.Checkpoints, Inside, _options);
        return new ReactionLoop(delivery, source, _options);
    }

    private ReactionDispatcher DeliveryOf(string reaction) =>
        _reactions.FirstOrDefault(r => r.Delivery.Name == reaction)?.Delivery ?? throw SubscriptionMonitor.NoReaction(reaction);

    private async Task Sweep(CancellationToken cancel)
    {
        var waiting = new List<Activation>();
        var idleSeen = _options.Clock.GetTimestamp();
        while (true)
        {
            await Backoff.Until(_options.SweepEvery, _options.Clock, cancel);
            if (cancel.IsCancellationRequested) return;
            while (_waiting.TryDequeue(out var more)) waiting.Add(more);
            waiting = [.. waiting.OrderBy(a => a.Number).Where(a => a.ExpireWaiting())];
            var tooMany = _options.MaxLive is { } most ? Math.Max(0, Live - most) : 0;
            // Walking through all entities in memory is expensive, and need not happen each second when the idle time is minutes.
            if (tooMany == 0 && _options.Clock.GetElapsedTime(idleSeen) < _options.IdleTime / 16) continue;
            idleSeen = _options.Clock.GetTimestamp();
            foreach (var activation in Idle(idleSeen, tooMany).OrderBy(a => a.Number)) activation.LeaveIfIdle();
        }
    }

    private IEnumerable<Activation> Idle(long now, int tooMany)
    {
        var unusedSince = now - (long)Math.Round(_options.IdleTime.TotalSeconds * _options.Clock.TimestampFrequency);
        var unused = new List<Activation>();
        foreach (var (_, activation) in _live)
            if (activation.Used <= unusedSince) unused.Add(activation);
        return tooMany == 0 ? unused : _live.Values.OrderBy(a => a.Used).ThenBy(a => a.Number).Take(tooMany).Union(unused);
    }

    private async Task StopEntities()
    {
        // While an entity finishes its step it may call others, and so activate more: this repeats until none is left.
        var told = new HashSet<Activation>();
        while (_live.Values.Where(told.Add).OrderBy(a => a.Number).ToArray() is { Length: > 0 } more)
            await Task.WhenAll(more.Select(a => a.Stop()));
    }

    private async Task WithinGrace(Task work)
    {
        try
        {
            await work.WaitAsync(_options.StopGrace, _options.Clock);
        }
        catch (TimeoutException problem)
        {
            _options.ReportFlow("stop", problem);
        }

        await Task.Yield(); // out of the turn of the last one that finished
    }

    private sealed class Insiders(SingleProcessEngine engine) : IEntities
    {
        public TContract Get<TContract>(string key) where TContract : class, IEntity => engine.Get<TContract>(key, external: false);

        public Task<TView?> Replica<TContract, TView>(string key, Func<TContract, Task<TView?>> ask)
            where TContract : class, IEntity
            where TView : class, IVersioned => engine._replicas.Get(this, key, ask);
    }
}
