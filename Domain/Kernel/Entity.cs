using System.Text.Json;

namespace Commerce.Kernel;

/// <summary>
/// An event-sourced entity: it decides on its state, appends the facts, and answers only after the journal has committed them.
/// </summary>
/// <remarks>
/// Decisions are made one after the other on the state <i>ahead</i>: all that was decided, committed or still under way. Readers see
/// the <i>committed</i> state. When an append fails, all that was decided on top of it fails with it, because it names it;
/// then the entity forgets its memory, reads the journal again and decides anew (J1, J4).
/// Everything runs on the scheduler that the engine gave; there are no locks because there are no two turns at once.
/// </remarks>
public abstract class Entity<TState, TFact> : IHostedEntity
    where TState : class
    where TFact : class
{
    private const int MaxAttempts = 8;
    private const int SnapshotBytes = 16 * 1024;
    private const int RowBytes = 200; // a fact takes as long to read as so many bytes more than it has

    private static readonly TimeSpan MaxWait = TimeSpan.FromDays(40);

    private readonly EntityContext _context;
    private readonly List<(Func<TState, bool> Condition, TaskCompletionSource<TState> Met)> _waiting = [];
    private readonly HashSet<Task> _underWay = [];
    private (TState State, long Version) _ahead;
    private (TState State, long Version) _committed;
    private DecidedOn? _aheadBy; // what changed the state ahead last
    private bool _loaded;
    private bool _known; // the committed state is right as far as it goes: what is newer is all there is to read
    private Task? _loading;
    private int _epoch;
    private long _confirmed; // when the journal last agreed, as a timestamp of the clock
    private int _bytesSinceSnapshot;
    private int _snapshotBytes = SnapshotBytes;
    private DateTimeOffset? _wakeAt;

    /// <summary>Called by an engine.</summary>
    protected Entity(EntityContext context)
    {
        _context = context;
        _ahead = _committed = (Initial, 0);
    }

    /// <inheritdoc/>
    public virtual Task Background => Task.CompletedTask;

    /// <summary>The key half of the entity's name.</summary>
    protected string Key => _context.Id.Key;

    /// <summary>The other entities.</summary>
    protected IEntities Entities => _context.Entities;

    /// <summary>The only clock.</summary>
    protected TimeProvider Clock => _context.Clock;

    /// <summary>For jitter.</summary>
    protected Random Random => _context.Random;

    /// <summary>Now, UTC, in whole microseconds: a database keeps no more, and lists must say what entities say.</summary>
    protected DateTimeOffset Now => TimestampPrecision.Down(Clock.GetUtcNow());

    /// <summary>The trace of the last call that decided something; process steps go on in it.</summary>
    protected string? LastTrace { get; private set; }

    /// <summary>Tells the operator about a failure that nobody is waiting for.</summary>
    protected void Report(Exception problem) => _context.Report(_context.Id, problem);

    /// <summary>
    /// How long memory is trusted without a word from the journal. A second activation may have written: whoever writes here learns that
    /// from the journal, but whoever only reads would be told what was, for as long as the entity is read and so kept in memory.
    /// </summary>
    protected virtual TimeSpan Trusted => TimeSpan.FromSeconds(10);

    /// <summary>The state of an entity that nothing has happened to.</summary>
    protected abstract TState Initial { get; }

    /// <summary>Name and version of the state's shape; a new version makes old snapshots unused.</summary>
    protected abstract string Shape { get; }

    /// <summary>The next state. Pure; never fails for a fact that was once decided.</summary>
    protected abstract TState Evolve(TState state, TFact fact);

    /// <summary>When this state wants to be woken; null: never.</summary>
    protected virtual DateTimeOffset? WakeAt(TState state) => null;

    /// <summary>The values that only one entity of the capability may hold, as this state holds them.</summary>
    protected virtual IEnumerable<UniqueValue> Claims(TState state) => [];

    /// <summary>The refusal for a value that another entity holds.</summary>
    protected virtual Refusal Taken(UniqueValue claim, EntityId owner) => throw new InvalidOperationException($"{claim} is held by {owner}.");

    /// <inheritdoc/>
    public virtual Task Wake() => Task.CompletedTask;

    /// <inheritdoc/>
    public virtual Task Stop() => Task.CompletedTask;

    /// <summary>The committed state has changed.</summary>
    protected virtual void OnCommitted() { }

    /// <summary>The committed state and its version, read from the journal if need be.</summary>
    protected async ValueTask<(TState State, long Version)> Read()
    {
        if (_loaded && !Trustworthy) Doubt(_epoch);
        await EnsureLoaded();
        return _committed;
    }

    /// <summary>The committed state as soon as <paramref name="condition"/> holds, or as it is at <paramref name="deadline"/>.</summary>
    protected async Task<TState> When(Func<TState, bool> condition, DateTimeOffset deadline)
    {
        if (condition((await Read()).State) || deadline <= Now) return _committed.State;
        var waiter = (condition, Met: new TaskCompletionSource<TState>());
        _waiting.Add(waiter);
        try
        {
            var met = await waiter.Met.Task.WaitAsync(Bounded(deadline - Now), Clock);
            await Task.Yield(); // leave the turn of the call that committed
            return met;
        }
        catch (TimeoutException)
        {
            return (await Read()).State;
        }
        finally
        {
            _waiting.Remove(waiter);
        }
    }

    /// <summary>The time, not below zero, or the longest that a timer can wait; whoever waits looks again then.</summary>
    protected static TimeSpan Bounded(TimeSpan time) =>
        time > MaxWait ? MaxWait : time < TimeSpan.Zero ? TimeSpan.Zero : Backoff.ForTimer(time);

    /// <summary>
    /// Decides and commits. A repeated operation id gets its first answer; a refusal is kept as an answer too, once the entity exists.
    /// </summary>
    /// <param name="call">Who asks, and the operation id.</param>
    /// <param name="decide">The rule; pure. May run again on a newer state when another writer was faster.</param>
    /// <param name="answer">What to say about the state after the facts, at its version.</param>
    /// <param name="keepAlways">
    /// False: an answer without facts is not kept, and the same operation is decided anew when it is asked for again. For what the entity
    /// asks of itself.
    /// </param>
    /// <param name="begins">
    /// True: with this call entities begin. One that nothing is known of is not looked for: the first append says whether there is one.
    /// </param>
    protected async Task<Result<T>> Execute<T>(
        CallContext call, Func<TState, Decision<TFact>> decide, Func<TState, long, T> answer, bool keepAlways = true, bool begins = false)
    {
        LastTrace = call.TraceParent;
        OutcomeUnknownException? unknown = null;
        var sure = !_loaded && _loading is null; // what it is decided on is read from now on
        for (var attempt = 1; attempt <= MaxAttempts; attempt++)
        {
            try
            {
                var (reply, taken) = await Attempt(call, decide, answer, keepAlways, sure, begins);
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

            (sure, begins) = (true, false);
        }

        if (unknown is not null) throw unknown;
        throw new UnavailableException($"{_context.Id} is being written by somebody else.", TimeSpan.FromSeconds(1));
    }

    /// <summary>
    /// One attempt: a reply, or the refusal to give because a claim is taken, or neither: then the state was not the latest.
    /// </summary>
    private async Task<(Result<T>? Reply, Refusal? Taken)> Attempt<T>(
        CallContext call, Func<TState, Decision<TFact>> decide, Func<TState, long, T> answer, bool keepAlways, bool sure, bool begins)
    {
        var supposed = begins && !_loaded && _loading is null && _ahead.Version == 0;
        if (!supposed) await EnsureLoaded();
        var epoch = _epoch;
        var before = _ahead;
        var decision = call.IfVersion is { } seen && seen != before.Version ? Refusals.Stale(seen, before.Version) : decide(before.State);
        if (supposed && decision.Facts.Count == 0) return default; // no append would say that there is one
        var silent = decision.Facts.Count == 0 && (!keepAlways || (before.Version == 0 && decision.Refusal is not null));
        if (silent && !sure && (before.Version == 0 || !Trustworthy))
        {
            Doubt(epoch); // no append asks the journal, and so before: a second activation may have done what this one has not heard of
            return default;
        }

        if (silent && decision.Refusal is { } no) return (no, null);
        var after = decision.Facts.Aggregate(before.State, Evolve);
        var version = before.Version + decision.Facts.Count;
        Result<T> reply = decision.Refusal is { } refusal ? refusal : answer(after, version);
        if (silent) return (reply, null);

        var json = JsonSerializer.Serialize(reply, FactCatalog.Json);
        var append = Prepare(call, before, (after, version), decision.Facts, json);
        _ahead = (after, version);
        if (decision.Facts.Count > 0) _aheadBy = new DecidedOn(append.OperationId, append.At);
        var asked = Clock.GetTimestamp();
        switch (await TryAppend(append, epoch))
        {
            case AppendResult.Committed:
                Commit(epoch, after, version, append.WakeAt, asked);
                if (supposed && epoch == _epoch && _loading is null) _loaded = _known = true; // else somebody is about to read
                return (reply, null);
            case AppendResult.Duplicate duplicate:
                if (decision.Facts.Count > 0) Forget(epoch);
                else Doubt(epoch); // the answer may be of a version that this activation has never seen
                return (Repeat<T>(call, duplicate), null);
            case AppendResult.Taken taken:
                Forget(epoch);
                return (null, Taken(taken.Claim, taken.Owner));
            default:
                Forget(epoch);
                return (null, null);
        }
    }

    private async Task<AppendResult> TryAppend(AppendRequest append, int epoch)
    {
        Task<AppendResult>? task = null;
        var outcome = default(AppendResult);
        try
        {
            task = _context.Journal.Append(append);
            _underWay.Add(task);
            return outcome = await task;
        }
        catch
        {
            Forget(epoch);
            throw;
        }
        finally
        {
            if (task is not null) _underWay.Remove(task);
            if (append.Snapshot is not null && outcome is not AppendResult.Committed) _bytesSinceSnapshot = _snapshotBytes; // still due
        }
    }

    private AppendRequest Prepare(
        CallContext call, (TState State, long Version) before, (TState State, long Version) after, IReadOnlyList<TFact> facts, string answer)
    {
        var encoded = new EncodedFact[facts.Count];
        for (var i = 0; i < encoded.Length; i++)
        {
            encoded[i] = _context.Facts.Encode(facts[i]);
            _bytesSinceSnapshot += RowBytes + encoded[i].Json.Length;
        }

        Snapshot? snapshot = null;
        if (_bytesSinceSnapshot >= _snapshotBytes && facts.Count > 0)
        {
            snapshot = new Snapshot(Shape, after.Version, JsonSerializer.Serialize(after.State, FactCatalog.Json));
            (_bytesSinceSnapshot, _snapshotBytes) = (0, Math.Max(SnapshotBytes, snapshot.Json.Length));
        }

        var (take, release) = facts.Count == 0 ? (null, null) : ClaimsBetween(before.State, after.State);
        return new AppendRequest(
            _context.Id, before.Version, encoded, call.OperationId, call.Fingerprint, answer, Now, call.Caller.Name, call.TraceParent,
            WakeAt(after.State), snapshot, take, release, before.Version > _committed.Version ? _aheadBy : null);
    }

    private (IReadOnlyList<UniqueValue>? Take, IReadOnlyList<UniqueValue>? Release) ClaimsBetween(TState before, TState after)
    {
        UniqueValue[] held = [.. Claims(before)], wanted = [.. Claims(after)];
        return held.Length == 0 && wanted.Length == 0 ? (null, null) : ([.. wanted.Except(held)], [.. held.Except(wanted)]);
    }

    private void Commit(int epoch, TState state, long version, DateTimeOffset? wakeAt, long asked)
    {
        // Of an older epoch: the state has been, or will be, read again, and with this append in it: loading waits for those under way.
        if (epoch != _epoch || version < _committed.Version) return;
        var changed = version > _committed.Version;
        (_committed, _confirmed) = ((state, version), asked);
        if (wakeAt != _wakeAt) _context.WakeAtChanged(_context.Id, _wakeAt = wakeAt);
        if (changed) Changed();
    }

    // What is committed stands, whatever those who look at it make of it: their failures are theirs.
    private void Changed()
    {
        foreach (var (condition, met) in _waiting.ToArray())
        {
            try
            {
                if (condition(_committed.State)) met.TrySetResult(_committed.State);
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
            Report(problem);
        }
    }

    private bool Trustworthy => Clock.GetElapsedTime(_confirmed) <= Trusted;

    private void Forget(int epoch)
    {
        _known = false;
        Doubt(epoch);
    }

    // Reads again before anything else is told or decided.
    private void Doubt(int epoch)
    {
        if (epoch != _epoch) return; // somebody has, for the same reason
        _epoch++;
        _loaded = false;
        _loading = null;
    }

    private async ValueTask EnsureLoaded()
    {
        while (!_loaded)
        {
            // A load that is over has left nothing behind but perhaps its failure, and that was for those who waited then.
            if (_loading is null || _loading.IsCompleted) _loading = Load();
            await _loading;
        }
    }

    private async Task Load()
    {
        var epoch = _epoch;
        await Decided(); // it may yet be committed; a state read before that would be older than an answer already given
        var asked = Clock.GetTimestamp();
        var loaded = await _context.Journal.Load(_context.Id, Shape, _known ? _committed.Version : 0);
        if (epoch == _epoch) Remember(loaded, asked);
    }

    /// <summary>Waits until all that was decided is committed, or has failed.</summary>
    protected async Task Decided()
    {
        while (_underWay.Count > 0)
        {
            try
            {
                await _underWay.First();
            }
            catch
            {
                // Whoever appended is told.
            }

            await Task.Yield();
        }
    }

    private void Remember(LoadResult loaded, long confirmed)
    {
        var changed = loaded.Version != _committed.Version;
        var state = Initial;
        if (loaded.Snapshot is { } snapshot)
        {
            state = JsonSerializer.Deserialize<TState>(snapshot.Json, FactCatalog.Json)!;
            (_bytesSinceSnapshot, _snapshotBytes) = (0, Math.Max(SnapshotBytes, snapshot.Json.Length));
        }
        else if (loaded.Since > 0)
        {
            state = _committed.State; // what was committed once stands: only what came after it was read
        }
        else
        {
            (_bytesSinceSnapshot, _snapshotBytes) = (0, SnapshotBytes);
        }

        state = loaded.Facts.Aggregate(state, (s, f) => Evolve(s, (TFact)_context.Facts.Decode(f)));
        _bytesSinceSnapshot += loaded.Facts.Sum(f => RowBytes + f.Json.Length);
        _ahead = _committed = (state, loaded.Version);
        (_loaded, _known, _confirmed) = (true, true, confirmed);
        if (changed) Changed();
    }

    private static Result<T> Repeat<T>(CallContext call, AppendResult.Duplicate duplicate) =>
        call.Fingerprint is not null && duplicate.Fingerprint is not null && call.Fingerprint != duplicate.Fingerprint
            ? Refusals.Reused(call.OperationId)
            : JsonSerializer.Deserialize<Result<T>>(duplicate.Answer, FactCatalog.Json)!;
}
