using Commerce.Kernel;

namespace Commerce.Engine;

/// <summary>
/// The latest versions of entities that facts were seen of, for a time. An entity may answer from memory what another process has changed
/// since (decision 12); by this it shows.
/// </summary>
/// <param name="clock">The clock.</param>
/// <param name="time">How long each is known at least; longer than an answer may be old.</param>
/// <param name="most">With more than this within the time, the latest are forgotten, and it is no longer complete.</param>
internal sealed class LatestVersions(TimeProvider clock, TimeSpan time, int most)
{
    private Dictionary<EntityId, long> _now = [];
    private Dictionary<EntityId, long> _before = [];
    private long _turnedAt;
    private long _since = long.MaxValue; // it has not begun

    /// <summary>From now on every fact is added.</summary>
    public void Begin() => _since = _turnedAt = clock.GetTimestamp();

    /// <summary>A fact was seen.</summary>
    public void Add(EntityId entity, long version)
    {
        Turn();
        if (_now.Count >= most && !_now.ContainsKey(entity))
        {
            _now.Clear();
            Begin();
        }

        _now[entity] = Math.Max(version, Of(entity));
    }

    /// <summary>The version of the latest fact that is known; 0: none is.</summary>
    public long Of(EntityId entity) =>
        _now.TryGetValue(entity, out var version) || _before.TryGetValue(entity, out version) ? version : 0;

    /// <summary>True if every fact of that time was added that an answer could be older than.</summary>
    /// <param name="timestamp">Of the clock.</param>
    public bool IsCompleteAt(long timestamp) => timestamp > _since && clock.GetElapsedTime(_since, timestamp) >= time;

    private void Turn()
    {
        var now = clock.GetTimestamp();
        if (clock.GetElapsedTime(_turnedAt, now) < time) return;
        (_before, _now, _turnedAt) = (_now, [], now);
    }
}
