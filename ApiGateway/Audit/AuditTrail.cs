using Commerce.Engine;
using Commerce.Hosting;
using Npgsql;

namespace Commerce.ApiGateway;

/// <summary>
/// Writes entries of the audit, durably. What comes while one statement is under way goes together with the next, so that many readers
/// at once share a commit.
/// </summary>
internal sealed class AuditTrail(AuditDatabase database)
{
    private readonly SemaphoreSlim _turn = new(1);
    private readonly Lock _gate = new();
    private Batch _next = new();

    /// <summary>Completes when the entry is kept.</summary>
    /// <exception cref="UnavailableException">It is not.</exception>
    public async Task Write(AuditEntry entry)
    {
        Batch mine;
        lock (_gate)
        {
            mine = _next;
            mine.Entries.Add(entry);
            if (mine.Entries.Count == 1) mine.Kept = Keep(mine);
        }

        await mine.Kept;
    }

    private async Task Keep(Batch batch)
    {
        await Task.Yield(); // from the lock
        await _turn.WaitAsync();
        try
        {
            lock (_gate) _next = new Batch();
            await database.Record(batch.Entries);
        }
        catch (Exception away) when (away is NpgsqlException or TimeoutException or IOException)
        {
            throw new UnavailableException(
                "The audit cannot be written, and what has to be recorded is not done without.", TimeSpan.FromSeconds(2), away);
        }
        finally
        {
            _turn.Release();
        }
    }

    private sealed class Batch
    {
        public List<AuditEntry> Entries { get; } = [];

        public Task Kept { get; set; } = Task.CompletedTask;
    }
}

/// <summary>
/// Which refusals are recorded: the first ten of a minute, then ever fewer, each standing for those since the last. A flood of them fills
/// no disk.
/// </summary>
internal sealed class RefusalSampling(TimeProvider clock)
{
    private const long Each = 10;

    private readonly Lock _gate = new();
    private long _minute;
    private long _seen; // in this minute
    private long _left; // not recorded yet

    /// <summary>How many refusals to record one entry for; null: none now.</summary>
    public long? Take()
    {
        lock (_gate)
        {
            var minute = clock.GetUtcNow().Ticks / TimeSpan.TicksPerMinute;
            if (minute != _minute) (_minute, _seen) = (minute, 0);
            (_seen, _left) = (_seen + 1, _left + 1);
            if (_seen > Each && !long.IsPow2(_seen)) return null;
            var times = _left;
            _left = 0;
            return times;
        }
    }
}
