using System.Text.Encodings.Web;
using System.Text.Json;
using Commerce.Engine;
using Commerce.Journal.Memory;
using Commerce.Kernel;
using Commerce.Testing;

namespace Commerce.Journal.Tests;

/// <summary>
/// A journal that gets the same calls as another one; its answers are text, so that they can be compared to the last letter.
/// </summary>
/// <param name="Prune">Removes the answers of operations before a time; how many those were.</param>
internal sealed record Under(CapabilityStore Store, Func<DateTimeOffset, Task<long>> Prune)
{
    private static readonly JsonSerializerOptions Fields = new()
    {
        IncludeFields = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    public static Under Postgres(PostgresJournal journal) => new(
        new CapabilityStore(PostgresStore.Capability, journal, journal, journal, journal),
        before => journal.PruneAnswers(before, CancellationToken.None));

    public static Under Memory(InMemoryStore store) => new(store.Store, before => Task.FromResult(store.Prune(before)));

    public async Task<string> Append(AppendRequest append) => Outcome(await Store.Journal.Append(append));

    /// <summary>Appends that are sent at once, in this order.</summary>
    public async Task<string> AppendAll(IEnumerable<AppendRequest> appends) =>
        string.Join('\n', (await Task.WhenAll(appends.Select(Store.Journal.Append))).Select(Outcome));

    /// <summary>What is due, where entities of the very same time may come in any order.</summary>
    public async Task<string> Due(DateTimeOffset until, int limit)
    {
        var due = await Store.Alarms.Due(until, limit, CancellationToken.None);
        var last = due.Count == limit ? due[^1].WakeAt : default; // of these the limit may have left out now one and now another
        return string.Join('\n', due.Select(d => (d.WakeAt, Entity: d.WakeAt == last ? "" : Text(d.Entity))).Order()
            .Zip(due, (sorted, given) => $"{sorted.WakeAt:O} {given.WakeAt:O} {sorted.Entity}"));
    }

    /// <summary>The facts set aside; the time at which each was is a matter of the clock.</summary>
    public async Task<string> Parked() => string.Join(
        '\n', (await Store.Checkpoints.Parked(CancellationToken.None)).Select(p => Text(p with { ParkedAt = default })));

    /// <summary>Everything at the end: each partition from its beginning, and what is due and set aside.</summary>
    public async Task<string> Everything()
    {
        var facts = (await Store.Log.ReadAll(limit: 50)).Select(f => Text(f));
        return string.Join('\n', [.. facts, await Due(DateTimeOffset.MaxValue, int.MaxValue), await Parked()]);
    }

    /// <summary>The same facts in any order of the entities' commits.</summary>
    public async Task<string> FactsByEntity() => string.Join('\n', (await Store.Log.ReadAll())
        .OrderBy(f => f.Entity.ToString(), StringComparer.Ordinal).ThenBy(f => f.Version).Select(f => Text(f with { Position = 0 })));

    /// <summary>All members of a value.</summary>
    public static string Text(object value) => JsonSerializer.Serialize(value, Fields);

    private static string Outcome(AppendResult appended) => $"{appended.GetType().Name} {Text(appended)}";
}
