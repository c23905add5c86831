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
        _memory = new(definition, host.Id, host.Store, host.Clock, Committed);
    }

    /// <summary>The trace of the last command; process steps go on in it.</summary>
    public string? LastTrace { get; private set; }

    /// <summary>
    /// Who is the cause of what the process does next (decision 31): the origin of the newest append that was not its own. The process goes
    /// on by that one; its own outcomes belong to who was the cause of the step, also when another command has come meanwhile. Where two
    /// commands came before the step that follows from the first of them, it is said to follow from the second.
    /// </summary>
    internal string? Origin => _memory.Committed.Origin;

    private PersonalData Personal => _host.Store.Personal;

    /// <summary>True when the entity's process has a step to do in this state.</summary>
    internal Func<TState, bool> HasStep { get; set; } = _ => false;

    /// <summary>True when the entity has a process: alarms of a finished one are deleted.</summary>
    internal bool HasProcess { get; set; }

    /// <summary>Called after each commit that has changed the state.</summary>
    internal Action OnCommitted { get; set; } = () => { };

    public override Task<Result<T>> Decide<T>(
        CallContext call, Func<TState, Decision<TFact>> decide, Func<TState, long, T> answer, bool makes = false) =>
        Execute(call, decide, answer, Mode.Command, makes: makes);

    public override Task<Result<T>> Create<T>(CallContext call, Func<TState, Decision<TFact>> decide, Func<TState, long, T> answer) =>
        Execute(call, decide, answer, Mode.Command, creates: true, makes: true);

    /// <summary>
    /// Records what the entity makes of its own step; the version after it. An answer without facts is not kept: it would stand in the
    /// way of a later outcome of the same step.
    /// </summary>
    /// <param name="call">Its operation.</param>
    /// <param name="decide">The rule. On a state in which the outcome is recorded already it decides nothing.</param>
    /// <param name="waits">The step waits, so an alarm resumes the process if this one does not.</param>
    internal Task<Result<long>> Record(CallContext call, Func<TState, Decision<TFact>> decide, bool waits = false) =>
        Execute(call, decide, (_, version) => version, waits ? Mode.WaitingStep : Mode.Step);

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

    public override async Task<T?> Outcome<T>(Func<TState, bool> condition, DateTimeOffset deadline, Func<TState, long, T> view)
        where T : class
    {
        try
        {
            await When(condition, deadline);
            return view(_memory.Committed.State, _memory.Committed.Version);
        }
        catch (UnavailableException)
        {
            return null;
        }
    }

    /// <summary>Waits until all that was decided is committed or has failed.</summary>
    internal Task DrainAppends() => _memory.DrainAppends();

    /// <summary>The entity leaves memory: an unfinished process goes on at once where the alarm finds it next.</summary>
    internal async Task HandOver()
    {
        var (state, version, _) = _memory.Committed;
        if (!HasStep(state)) return;
        try
        {
            await _host.Store.Alarms.Move(_host.Id, version, _host.Now);
        }
        catch (UnavailableException)
        {
            // Then it is found a while later.
        }
    }

    void IEntityState.Doubt() => _memory.MarkStale(_memory.Epoch);

    async Task IEntityState.WhenDue()
    {
        var (state, version) = await Read();
        var now = _host.Now;
        if (_definition.WhenDue is { } due && due.At(state, now) <= now)
        {
            // Without a process, as the stock of a SKU is, an entity serves many: who came last has nothing to do with what expires.
            var call = CallContext.Following($"due/{now:O}", HasProcess ? Origin : null, now + ProcessTimes.StepTimeout);
            await Record(call, s => due.At(s, now) <= now ? due.Decide(s, now) : Decision<TFact>.Nothing);
            (state, version) = await Read();
        }

        var wakeAt = WakeAt(state, waits: true);
        await _host.Store.Alarms.Move(_host.Id, version, wakeAt);
        SetAlarm(wakeAt);
    }

    /// <summary>The time, not below zero, or the longest that a timer can wait; the caller checks again then.</summary>
    internal static TimeSpan Bounded(TimeSpan time) =>
        time > MaxWait ? MaxWait : time < TimeSpan.Zero ? TimeSpan.Zero : Backoff.ForTimer(time);

    private async Task<Result<T>> Execute<T>(
        CallContext call, Func<TState, Decision<TFact>> decide, Func<TState, long, T> answer, Mode mode, bool creates = false,
        bool makes = false)
    {
        if (call.RepeatOnly && !await _host.Store.Journal.Knows(_host.Id, call.OperationId)) return Refusals.RateLimited;
        LastTrace = call.TraceParent;
        OutcomeUnknownException? unknown = null;
        var reads = _memory.IsEmpty; // then the state is read for this command
        for (var attempt = 1; attempt <= MaxAttempts; attempt++)
        {
            try
            {
                var (reply, taken) = await Try(call, decide, answer, mode, reads, creates, makes);
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
        throw new UnavailableException($"{_host.Id} is being written by another process.", TimeSpan.FromSeconds(1));
    }

    /// <summary>
    /// One attempt: a reply, or the refusal to give because a unique value is taken, or neither: then the state was not the latest.
    /// </summary>
    private async Task<(Result<T>? Reply, Refusal? Taken)> Try<T>(
        CallContext call, Func<TState, Decision<TFact>> decide, Func<TState, long, T> answer, Mode mode, bool reads, bool creates,
        bool makes)
    {
        var assumed = creates && _memory.IsEmpty && _memory.Ahead.Version == 0;
        if (!assumed) await _memory.Load();
        var basis = assumed ? Basis.Assumed : reads ? Basis.Read : _memory.IsConfirmed ? Basis.Confirmed : Basis.Remembered;
        var (epoch, before) = (_memory.Epoch, _memory.Ahead);
        var decision = !makes && IsHidden(call.Caller, before)
            ? Refusals.Unknown(_host.Id.Kind, _host.Id.Key, Refusals.CheckTheId) with { Retryable = true } // no trace of it is kept
            : decide(before.State);
        if (call.IfVersions is { } seen && !seen.Contains(before.Version) && decision.Refusal?.Retryable != true)
            decision = Refusals.Stale(seen, before.Version); // which is kept; of what is erased nothing is
        var course = Attempt.CourseOf(basis, before.Version > 0, KindOf(decision), keepsNoChange: mode == Mode.Command);
        if (course == Course.ReadFirst)
        {
            if (!assumed) _memory.MarkStale(epoch);
            return default;
        }

        if (course == Course.Answer && decision.Refusal is { } no) return (no, null);
        var after = new Versioned<TState>(
            decision.Facts.Aggregate(before.State, _definition.Evolve), before.Version + decision.Facts.Count,
            decision.Facts.Count > 0 && mode == Mode.Command ? call.Origin : before.Origin);
        Result<T> reply = decision.Refusal is { } refusal ? refusal : answer(after.State, after.Version);
        if (course == Course.Answer) return (reply, null);

        // Only an outside caller needs the very answer again; the state tells the others that it was done.
        var kept = decision.Facts.Count == 0 || !call.Caller.IsSystem ? reply : null;
        var append = Prepare(call, before, after, decision.Facts, kept, mode);
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
                return (await Repeat(call, duplicate, answer), null);
            case AppendResult.Taken taken:
                _memory.Invalidate(epoch);
                return (null, TakenBy(after.State, taken.Claim, taken.Owner));
            default:
                _memory.Invalidate(epoch);
                return (null, null);
        }
    }

    private bool IsHidden(Caller caller, Versioned<TState> entity) => caller.Reach.Kind != ReachKind.Everything
        && _definition.OwnerOf is { } owner && entity.Version > 0 && !caller.Reach.Includes(owner(_host.Id.Key, entity.State));

    private static DecisionKind KindOf(Decision<TFact> decision) => decision switch
    {
        { Facts.Count: > 0 } => DecisionKind.Facts,
        { Refusal: null } => DecisionKind.NoChange,
        { Refusal.Retryable: true } => DecisionKind.RefusedForNow,
        { Refusal.Final: true } => DecisionKind.RefusedFinally,
        _ => DecisionKind.Refused,
    };

    private AppendRequest Prepare<T>(
        CallContext call, Versioned<TState> before, Versioned<TState> after, IReadOnlyList<TFact> facts, Result<T>? reply, Mode mode)
    {
        var (encoded, answer, keys) = Personal.Encode(_host.Store.Capability.Facts, _host.Id, facts, reply);
        foreach (var fact in encoded) _memory.Snapshots.Add(fact.Json.Length);

        Snapshot? snapshot = null;
        if (_memory.Snapshots.IsDue && facts.Count > 0)
        {
            var (state, opens) = Personal.Write(_host.Id, after.State);
            snapshot = new Snapshot(_definition.Shape, after.Version, state, opens);
            _memory.Snapshots.Restart(snapshot.Json.Length);
        }

        var (take, release) = facts.Count == 0 ? (null, null) : ValuesBetween(before.State, after.State);
        var (hasStep, waits) = (HasStep(after.State), mode == Mode.WaitingStep);
        var wakeAt = WakeAt(after.State, waits);
        return new AppendRequest(
            _host.Id, before.Version, encoded, call.OperationId, Kept(call.Fingerprint), answer, _host.Now, call.Caller.Name,
            call.TraceParent, wakeAt, snapshot, take, release, _memory.DecidedOn)
        {
            Own = mode != Mode.Command, Unfinished = hasStep && !waits, Keys = keys, Cause = call.Cause,
            AlarmOver = HasProcess && !hasStep && wakeAt is null && MayHaveAlarm(before.State),
            Erases = [.. facts.OfType<IErasure>().SelectMany(f => f.Erases).Distinct()],
        };
    }

    private (IReadOnlyList<UniqueValue>? Take, IReadOnlyList<UniqueValue>? Release) ValuesBetween(TState before, TState after)
    {
        if (_definition.Unique is not { } unique) return (null, null);
        UniqueValue[] held = [.. unique.Values(before)], wanted = [.. unique.Values(after)];
        return ([.. wanted.Except(held).Select(Kept)], [.. held.Except(wanted).Select(Kept)]);
    }

    // What is unique is mostly personal, and need only be compared.
    private UniqueValue Kept(UniqueValue value) => value with { Value = Personal.Token(value.Scope, value.Value) };

    // A plain digest of a command could be guessed, with what is personal in it.
    private string? Kept(string? fingerprint) =>
        fingerprint is null || Personal.Keys is null ? fingerprint : Personal.Token("command", fingerprint);

    private Refusal TakenBy(TState wanted, UniqueValue kept, EntityId owner) =>
        _definition.Unique is { } unique && unique.Values(wanted).Where(v => Kept(v) == kept).ToArray() is [var value, ..]
            ? unique.Taken(value, owner)
            : throw new InvalidOperationException($"A value '{kept.Scope}' belongs to {owner}.");

    private DateTimeOffset? WakeAt(TState state, bool waits)
    {
        var now = _host.Now;
        DateTimeOffset? due = _definition.WhenDue?.At(state, now), resume = waits && HasStep(state) ? now + ProcessTimes.ResumeAfter : null;
        return due is null || resume < due ? resume ?? due : due;
    }

    // One that was left over rings, and is deleted then.
    private bool MayHaveAlarm(TState before) => HasStep(before) || WakeAt(before, waits: false) is not null;

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

    private async Task<Result<T>> Repeat<T>(CallContext call, AppendResult.Duplicate duplicate, Func<TState, long, T> answer)
    {
        if (call.Fingerprint is not null && duplicate.Fingerprint is not null && Kept(call.Fingerprint) != duplicate.Fingerprint)
            return Refusals.Reused(call.OperationId);
        if (duplicate.Answer is { } kept) return Personal.Read<Result<T>>(_host.Id, kept, duplicate.Keys) with { Replayed = true };
        await _memory.Load();
        Result<T> now = answer(_memory.Committed.State, _memory.Committed.Version);
        return now with { Replayed = true };
    }

    /// <summary>Whose decision it is.</summary>
    private enum Mode
    {
        /// <summary>A command's, so that its operation may come again.</summary>
        Command,

        /// <summary>The entity's own, after a step of its process.</summary>
        Step,

        /// <summary>The same, and the step waits.</summary>
        WaitingStep,
    }
}
