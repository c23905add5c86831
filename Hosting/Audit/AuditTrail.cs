using Commerce.Engine;
using Commerce.Journal;
using Npgsql;

namespace Commerce.Hosting;

/// <summary>Writes entries of the audit, durably: those that come at the same time share a commit.</summary>
public sealed class AuditTrail(AuditDatabase database) : IAsyncDisposable
{
    private const int MaxBatch = 1_000;

    private readonly GroupCommitQueue<AuditEntry, bool> _entries =
        new(MaxBatch, int.MaxValue, _ => 1, 1, batch => batch.Together(() => Keep(database, [.. batch.Select(p => p.Request)])));

    /// <summary>Completes when the entry is kept.</summary>
    /// <exception cref="UnavailableException">It is not.</exception>
    public Task Write(AuditEntry entry) => _entries.Add(entry);

    public ValueTask DisposeAsync() => _entries.DisposeAsync();

    private static async Task Keep(AuditDatabase database, IReadOnlyList<AuditEntry> entries)
    {
        try
        {
            await database.Record(entries);
        }
        catch (Exception away) when (away is NpgsqlException or TimeoutException or IOException)
        {
            throw new UnavailableException(
                "The audit cannot be written, and what has to be recorded is not done without.", TimeSpan.FromSeconds(2), away);
        }
    }
}
