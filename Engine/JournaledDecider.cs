using System.Text.Json;
using Commerce.Kernel;

namespace Commerce.Engine;

/// <summary>Carries out the commands of one entity on its journal.</summary>
internal sealed class JournaledDecider<TState, TFact> : Decider<TState, TFact>, IEntityState
    where TState : class
    where TFact : class
{
    private const int MaxAttempts = 8;

    private static readonly TimeSpan MaxWait = TimeSpan.FromDays(40);

    private readonly EntityDefinition<TState, TFact> _definition;
    private readonly HostedEntity _host;
    private readonly EntityMemory<TState, TFact> _memory;
    private readonly List<(Func<TState, bool> Condition, TaskCompletionSource<TState> Met)> _waiters = [];
    private DateTimeOffset? _wakeAt;

    internal JournaledDecider(EntityDefinition<TState, TFact> definition, HostedEntity host)
    {
        (_definition, _host) = (definition, host);
        _memory = new(definition, host.Id, host.Store.Journal, host.Store.Capability.Facts, host.Clock, Committed);
    }

    /// <summary>The trace of the last command; process steps go on in it.</summary>
    public string? LastTrace { get; private set; }

    /// <summary>True when the entity's process has a step to do in this state.</summary>
    internal Func<TState, bool> HasStep { get; set; } = _ => false;

    /// <summary>When the entity's process must be resumed, if it does not continue by itself.</summary>
    internal Func<DateTimeOffset> ResumeAt { get; set; } = () => DateTimeOffset.MaxValue;

    /// <summary>Called after each commit that has changed the state.</summary>
    internal Action OnCommitted { get; set; } = () => { };

    public override Task<Result<T>> Decide<T>(CallContext call, Func<TState, Decision<TFact>> decide, Func<TState, long, T> answer) =>
        Execute(call, decide, answer, keepsNoChange: true);

    public override Task<Result<T>> Create<T>(CallContext call, Func<TState, Decision<TFact>> decide, Func<TState, long, T> answer) =>
        Execute(call, decide, answer, keepsNoChange: true, creates: true);

    /// <summary>
    /// Records what the entity makes of its own step; the version after it. An answer without facts is not kept: it would stand in the
    /// way of a later outcome of the same step.
    /// </summary>
    internal Task<Result<long>> Record(CallContext call, Func<TState, Decision<TFact>> decide) =>
        Execute(call, decide, (_, version) => version, keepsNoChange: false);

    public override async ValueTask<(TState State, long Version)> Read()
    {
        _memory.MarkStaleUnlessConfirmed();
        await _memory.Load();
        return (_memory.Committed.State, _memory.Committed.Version);
    }

    public override async ValueTask<(TState State, long Version)> ReadLatest()
    {
        _memory.MarkStale(_memory.Epoch);
        await _memory.Load();
        return (_memory.Committed.State, _memory.Committed.Version);
    }

    public override async Task<TState> When(Func<TState, bool> condition, DateTimeOffset deadline)
    {
        if (condition((await Read()).State) || deadline <= _host.Now) return _memory.Committed.State;
        var waiter = (condition, Met: new TaskCompletionSource<TState>());
        _waiters.Add(waiter);
        try
        {
            var met = await waiter.Met.Task.WaitAsync(Bounded(deadline - _host.Now), _host.Clock);
            await Task.Yield(); // leave the turn of the call that committed
            return met;
        }
        catch (TimeoutException)
        {
            return (await Read()).State;
        }
        finally
        {
            _waiters.Remove(waiter);
        }
    }

    /// <summary>Waits until all that was decided is committed or has failed.</summary>
    internal Task DrainAppends() => _memory.DrainAppends();

    async Task IEntityState.WhenDue()
    {
        var (state, _) = await Read();
        if (_definition.WhenDue is not { } due) return;
        var now = _host.Now;
        if (HasStep(state) && !(due.At(state, now) <= now)) return; // it was the process that wanted to be woken
        var call = new CallContext($"due/{now:O}", Caller.System, now + ProcessTimes.StepTimeout);
        await Decide(call, s => due.Decide(s, now), (_, version) => version);
    }

    /// <summary>The time, not below zero, or the longest that a timer can wait; the caller checks again then.</summary>
    internal static TimeSpan Bounded(TimeSpan time) =>
        time > MaxWait ? MaxWait : time < TimeSpan.Zero ? TimeSpan.Zero : Backoff.ForTimer(time);

    private async Task<Result<T>> Execute<T>(
        CallContext call, Func<TState, Decision<TFact>> decide, Func<TState, long, T> answer, bool keepsNoChange, bool creates = false)
    {
        LastTrace = call.TraceParent;
        OutcomeUnknownException? unknown = null;
        var reads = _memory.IsEmpty; // then the state is read for this command
        for (var attempt = 1; attempt <= MaxAttempts; attempt++)
        {
            try
            {
                var (reply, taken) = await Try(call, decide, answer, keepsNoChange, reads, creates);
                if (reply is not null) return reply;
                if (taken is not null) decide = _ => taken;
            }
            catch (OutcomeUnknownException lost) when (unknown is null)
            {
                unknown = lost; // read again, decide again: the operation id keeps it from happening twice
            }
            catch (UnavailableException away) when (unknown is not null && away is not OutcomeUnknownException)
            {
                throw new OutcomeUnknownException(unknown.Message, away);
            }

            (reads, creates) = (true, false);
        }

        if (unknown is not null) throw unknown;
        throw new UnavailableException($"{_host.Id} is being written by another activation.", TimeSpan.FromSeconds(1));
    }

    /// <summary>
    /// One attempt: a reply, or the refusal to give because a unique value is taken, or neither: then the state was not the latest.
    /// </summary>
    private async Task<(Result<T>? Reply, Refusal? Taken)> Try<T>(
        CallContext call, Func<TState, Decision<TFact>> decide, Func<TState, long, T> answer, bool keepsNoChange, bool reads, bool creates)
    {
        var assumed = creates && _memory.IsEmpty && _memory.Ahead.Version == 0;
        if (!assumed) await _memory.Load();
        var basis = assumed ? Basis.Assumed : reads ? Basis.Read : _memory.IsConfirmed ? Basis.Confirmed : Basis.Remembered;
        var (epoch, before) = (_memory.Epoch, _memory.Ahead);
        var decision = call.IfVersion is { } seen && seen != before.Version
            ? Refusals.Stale(seen, before.Version)
            : decide(before.State);
        var course = Attempt.CourseOf(basis, before.Version > 0, KindOf(decision), keepsNoChange);
        if (course == Course.ReadFirst)
        {
            if (!assumed) _memory.MarkStale(epoch);
            return default;
        }

        if (course == Course.Answer && decision.Refusal is { } no) return (no, null);
        var after = new Versioned<TState>(
            decision.Facts.Aggregate(before.State, _definition.Evolve), before.Version + decision.Facts.Count);
        Result<T> reply = decision.Refusal is { } refusal ? refusal : answer(after.State, after.Version);
        if (course == Course.Answer) return (reply, null);

        var append = Prepare(call, before, after, decision.Facts, JsonSerializer.Serialize(reply, FactCatalog.Json));
        _memory.Propose(after, append);
        var asked = _host.Clock.GetTimestamp();
        switch (await _memory.Append(append, epoch))
        {
            case AppendResult.Committed:
                if (_memory.Commit(epoch, after, asked)) SetAlarm(append.WakeAt);
                if (assumed) _memory.Created(epoch);
                return (reply, null);
            case AppendResult.Duplicate duplicate:
                if (decision.Facts.Count > 0) _memory.Invalidate(epoch);
                else _memory.MarkStale(epoch); // the answer may be of a version that this activation has never read
                return (Repeat<T>(call, duplicate), null);
            case AppendResult.Taken taken:
                _memory.Invalidate(epoch);
                return (null, TakenBy(taken.Claim, taken.Owner));
            default:
                _memory.Invalidate(epoch);
                return (null, null);
        }
    }

    private static DecisionKind KindOf(Decision<TFact> decision) => decision switch
    {
        { Facts.Count: > 0 } => DecisionKind.Facts,
        { Refusal: null } => DecisionKind.NoChange,
        { Refusal.Retryable: true } => DecisionKind.RefusedForNow,
        _ => DecisionKind.Refused,
    };

    private AppendRequest Prepare(
        CallContext call, Versioned<TState> before, Versioned<TState> after, IReadOnlyList<TFact> facts, string answer)
    {
        var encoded = new EncodedFact[facts.Count];
        for (var i = 0; i < encoded.Length; i++)
        {
            encoded[i] = _host.Store.Capability.Facts.Encode(facts[i]);
            _memory.Snapshots.Add(encoded[i].Json.Length);
        }

        Snapshot? snapshot = null;
        if (_memory.Snapshots.IsDue && facts.Count > 0)
        {
            snapshot = new Snapshot(_definition.Shape, after.Version, JsonSerializer.Serialize(after.State, FactCatalog.Json));
            _memory.Snapshots.Restart(snapshot.Json.Length);
        }

        var (take, release) = facts.Count == 0 ? (null, null) : ValuesBetween(before.State, after.State);
        return new AppendRequest(
            _host.Id, before.Version, encoded, call.OperationId, call.Fingerprint, answer, _host.Now, call.Caller.Name, call.TraceParent,
            WakeAt(after.State), snapshot, take, release, _memory.DecidedOn);
    }

    private (IReadOnlyList<UniqueValue>? Take, IReadOnlyList<UniqueValue>? Release) ValuesBetween(TState before, TState after)
    {
        if (_definition.Unique is not { } unique) return (null, null);
        UniqueValue[] held = [.. unique.Values(before)], wanted = [.. unique.Values(after)];
        return ([.. wanted.Except(held)], [.. held.Except(wanted)]);
    }

    private Refusal TakenBy(UniqueValue value, EntityId owner) =>
        _definition.Unique?.Taken(value, owner) ?? throw new InvalidOperationException($"{value} belongs to {owner}.");

    private DateTimeOffset? WakeAt(TState state)
    {
        DateTimeOffset? due = _definition.WhenDue?.At(state, _host.Now), resume = HasStep(state) ? ResumeAt() : null;
        return due is null || resume < due ? resume ?? due : due;
    }

    private void SetAlarm(DateTimeOffset? wakeAt)
    {
        if (wakeAt != _wakeAt) _host.WakeAtChanged(_host.Id, _wakeAt = wakeAt);
    }

    // The commit stands: a failure of an observer does not undo it.
    private void Committed()
    {
        foreach (var (condition, met) in _waiters.ToArray())
        {
            try
            {
                if (condition(_memory.Committed.State)) met.TrySetResult(_memory.Committed.State);
            }
            catch (Exception problem)
            {
                met.TrySetException(problem);
            }
        }

        try
        {
            OnCommitted();
        }
        catch (Exception problem)
        {
            _host.Report(problem);
        }
    }

    private static Result<T> Repeat<T>(CallContext call, AppendResult.Duplicate duplicate) =>
        call.Fingerprint is not null && duplicate.Fingerprint is not null && call.Fingerprint != duplicate.Fingerprint
            ? Refusals.Reused(call.OperationId)
            : JsonSerializer.Deserialize<Result<T>>(duplicate.Answer, FactCatalog.Json)!;
}
