using Commerce.Kernel;

namespace Commerce.Engine;

/// <summary>A state, the version at which the entity had it, and the origin of the newest append that was not its process's own.</summary>
internal readonly record struct Versioned<TState>(TState State, long Version, string? Origin);

/// <summary>
/// What an entity remembers of its journal. Decisions are made one after the other on the state <i>ahead</i>: all that was decided,
/// committed or still under way (decision 3). Readers see the <i>committed</i> state.
/// </summary>
/// <remarks>
/// When an append fails, everything decided on top of it fails with it, because it names it; the memory is then invalid and is read again
/// (J1, J4). The <i>epoch</i> counts these moments: what belongs to an earlier epoch no longer touches the memory. All of it runs on the
/// scheduler that the engine gave, one turn at a time, so there are no locks.
/// </remarks>
internal sealed class EntityMemory<TState, TFact>(
    EntityDefinition<TState, TFact> definition, EntityId id, CapabilityStore store, TimeProvider clock, Action committed)
    where TState : class
    where TFact : class
{
    private readonly HashSet<Task> _appends = [];
    private bool _loaded;
    private bool _valid; // the committed state is a valid prefix: only newer facts need to be read
    private Task? _loading;
    private long _confirmedAt; // a timestamp of the clock: the journal has agreed with the memory at this time
    private DecidedOn? _lastProposed;

    /// <summary>The state that the next decision is made on.</summary>
    public Versioned<TState> Ahead { get; private set; } = new(definition.Initial, 0, null);

    /// <summary>The state that readers see.</summary>
    public Versioned<TState> Committed { get; private set; } = new(definition.Initial, 0, null);

    /// <summary>The append that has changed the state ahead last, while it is under way.</summary>
    public DecidedOn? DecidedOn => Ahead.Version > Committed.Version ? _lastProposed : null;

    /// <summary>When the next snapshot is due.</summary>
    public SnapshotPolicy Snapshots { get; } = new();

    /// <summary>Counts how often the memory was given up.</summary>
    public int Epoch { get; private set; }

    /// <summary>True when nothing was read and nothing is being read.</summary>
    public bool IsEmpty => !_loaded && _loading is null;

    /// <summary>True when the journal has confirmed the memory within its maximum staleness (decision 12).</summary>
    public bool IsConfirmed => clock.GetElapsedTime(_confirmedAt) <= definition.MaxStaleness;

    /// <summary>Before a read: marks memory as stale that the journal has not confirmed lately (decision 12).</summary>
    public void MarkStaleUnlessConfirmed()
    {
        if (_loaded && !IsConfirmed) MarkStale(Epoch);
    }

    /// <summary>Reads the journal unless the memory is current.</summary>
    public async ValueTask Load()
    {
        while (!_loaded)
        {
            // A load that is over and has left nothing has failed; its callers have the error.
            if (_loading is null || _loading.IsCompleted) _loading = ReadJournal();
            await _loading;
        }
    }

    /// <summary>The next decisions are made on this state; <paramref name="append"/> makes it true.</summary>
    public void Propose(Versioned<TState> after, AppendRequest append)
    {
        Ahead = after;
        if (append.Facts.Count > 0) _lastProposed = new DecidedOn(append.OperationId, append.At);
    }

    /// <summary>Sends an append. When its outcome is a failure, the memory is invalid.</summary>
    public async Task<AppendResult> Append(AppendRequest append, int epoch)
    {
        Task<AppendResult>? task = null;
        var outcome = default(AppendResult);
        try
        {
            task = store.Journal.Append(append);
            _appends.Add(task);
            return outcome = await task;
        }
        catch
        {
            Invalidate(epoch);
            throw;
        }
        finally
        {
            if (task is not null) _appends.Remove(task);
            if (append.Snapshot is not null && outcome is not AppendResult.Committed) Snapshots.Retry();
        }
    }

    /// <summary>An append was committed. True when it belongs to this epoch, so that the memory now says the same.</summary>
    public bool Commit(int epoch, Versioned<TState> after, long asked)
    {
        // Of an older epoch: the state is read again, with this append in it, because loading waits for all appends under way.
        if (epoch != Epoch || after.Version < Committed.Version) return false;
        var changed = after.Version > Committed.Version;
        (Committed, _confirmedAt) = (after, asked);
        if (changed) committed();
        return true;
    }

    /// <summary>The entity was created by a command that did not read it first: the memory is what the command has appended.</summary>
    public void Created(int epoch)
    {
        if (epoch == Epoch && _loading is null) _loaded = _valid = true;
    }

    /// <summary>The decision's state is not the journal's: all of it is read again.</summary>
    public void Invalidate(int epoch)
    {
        _valid = false;
        MarkStale(epoch);
    }

    /// <summary>The journal may be ahead of the memory: it is read before the next answer or decision.</summary>
    public void MarkStale(int epoch)
    {
        if (epoch != Epoch) return; // done already, for the same reason
        Epoch++;
        _loaded = false;
        _loading = null;
    }

    /// <summary>Waits until all that was decided is committed or has failed.</summary>
    public async Task DrainAppends()
    {
        while (_appends.Count > 0)
        {
            try
            {
                await _appends.First();
            }
            catch
            {
                // The command that appended it gets the failure.
            }

            await Task.Yield();
        }
    }

    private async Task ReadJournal()
    {
        var epoch = Epoch;
        await DrainAppends(); // one may yet be committed; a state read before that would be older than an answer already given
        LoadResult read;
        long asked, known;
        do
        {
            (asked, known) = (clock.GetTimestamp(), Committed.Version);
            read = await store.Journal.Load(id, definition.Shape, _valid ? known : 0);
        }
        while (epoch == Epoch && known != Committed.Version); // an append got in after all, perhaps after this was read

        if (epoch == Epoch) Remember(read, asked);
    }

    private void Remember(LoadResult read, long asked)
    {
        var changed = read.Version != Committed.Version;
        var state = definition.Initial;
        if (read.Snapshot is { } snapshot)
        {
            state = store.Personal.Read<TState>(id, snapshot.Json, snapshot.Keys);
            Snapshots.Restart(snapshot.Json.Length);
        }
        else if (read.Since > 0)
        {
            state = Committed.State; // what was committed once stands: only what came after it was read
        }
        else
        {
            Snapshots.Restart(null);
        }

        foreach (var fact in read.Facts)
        {
            state = definition.Evolve(state, (TFact)store.Personal.Decode(store.Capability.Facts, id, fact));
            Snapshots.Add(fact.Json.Length);
        }

        Ahead = Committed = new(state, read.Version, read.Origin);
        (_loaded, _valid, _confirmedAt) = (true, true, asked);
        if (changed) committed();
    }
}
