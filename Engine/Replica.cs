using Commerce.Kernel;

namespace Commerce.Engine;

/// <summary>
/// What entities of one capability have answered, kept in this process (decision 18). A copy goes when a newer fact of its entity is seen,
/// moments after its commit, and in any case once it is not known for <see cref="EngineOptions.MaxReplicaAge"/> that there is none. Kinds
/// with an age of their own (<see cref="EntityKind.ReplicaAge"/>) need no follower.
/// </summary>
internal sealed class Replica(CapabilityStore store, EngineOptions options)
{
    /// <summary>With more copies than this all go: their number must not grow with the catalogue.</summary>
    private const int MaxCopies = 100_000;

    private const int BatchSize = 1_000;

    /// <summary>
    /// How long the versions are known of which facts were seen. Longer than an answer may be old: a minute at the most
    /// (<see cref="EntityDefinition{TState, TFact}.MaxStaleness"/>), and the time of a call.
    /// </summary>
    private static readonly TimeSpan VersionsKnown = TimeSpan.FromMinutes(3);

    /// <summary>A copy is asked for again after this time in any case.</summary>
    private static readonly TimeSpan MaxAge = TimeSpan.FromMinutes(10);

    private readonly Lock _gate = new();
    private readonly Dictionary<EntityId, (IVersioned View, long AskedAt)> _copies = [];
    private readonly LatestVersions _seen = new(options.Clock, VersionsKnown, MaxCopies);
    private bool _follows; // from here on every fact is seen
    private long _seenAt; // every fact of before then is seen, as far as the log had noticed it

    /// <summary>The copy; without one, the answer of <paramref name="ask"/>.</summary>
    /// <param name="entity">Which.</param>
    /// <param name="age">How old the copy may be, where facts are not followed (<see cref="EntityKind.ReplicaAge"/>).</param>
    /// <param name="ask">The question.</param>
    public async Task<TView?> Get<TView>(EntityId entity, TimeSpan? age, Func<Task<TView?>> ask) where TView : class, IVersioned
    {
        var askedAt = options.Clock.GetTimestamp();
        lock (_gate)
        {
            if (_copies.TryGetValue(entity, out var copy)
                && options.Clock.GetElapsedTime(CurrentAt(copy.AskedAt, age), askedAt) < (age ?? options.MaxReplicaAge)
                && options.Clock.GetElapsedTime(copy.AskedAt, askedAt) < MaxAge)
                return (TView)copy.View;
        }

        var answer = await ask();
        if (answer is null) return null;
        lock (_gate)
        {
            if (age is null && (!_follows || answer.Version < _seen.Of(entity))) return answer;
            if (_copies.Count >= MaxCopies) _copies.Clear();
            _copies[entity] = (answer, askedAt);
        }

        return answer;
    }

    /// <summary>Follows the capability's facts until cancelled.</summary>
    public async Task Follow(CancellationToken cancel)
    {
        IReadOnlyList<long>? seen = null;
        for (var failures = 0; !cancel.IsCancellationRequested;)
        {
            try
            {
                if (seen is null)
                {
                    seen = await store.Log.Heads(cancel);
                    lock (_gate)
                    {
                        _follows = true;
                        _seen.Begin();
                    }
                }

                var changed = store.Log.Changed(cancel); // before the read, so that no commit is missed
                var (before, readAt) = (seen, options.Clock.GetTimestamp());
                var read = await store.Log.ReadEach(seen, store.Log.Share(BatchSize), types: null, cancel);
                seen = [.. read.Select(r => r.SeenTo)];
                Drop(read.SelectMany(r => r.Facts));
                failures = 0;
                if (!seen.SequenceEqual(before)) continue;
                lock (_gate) _seenAt = readAt;
                await changed;
            }
            catch (OperationCanceledException) when (cancel.IsCancellationRequested)
            {
                break;
            }
            catch (Exception problem)
            {
                options.ReportFlow($"replica of {store.Capability.Name}", problem);
                await Backoff.Until(options.RetryPause(++failures), options.Clock, cancel);
            }
        }
    }

    // A copy that no newer fact has dropped is as good as one asked for when every fact was seen; unless its answer may be older than a
    // fact that was seen before the question, which is not known of the first ones.
    private long CurrentAt(long askedAt, TimeSpan? age) =>
        age is null && _seen.IsCompleteAt(askedAt) ? Math.Max(askedAt, _seenAt) : askedAt;

    private void Drop(IEnumerable<RecordedFact> facts)
    {
        lock (_gate)
        {
            foreach (var fact in facts)
            {
                _seen.Add(fact.Entity, fact.Version);
                if (_copies.TryGetValue(fact.Entity, out var copy) && copy.View.Version < fact.Version) _copies.Remove(fact.Entity);
            }
        }
    }
}
