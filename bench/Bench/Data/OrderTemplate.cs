using System.Globalization;
using System.Text.RegularExpressions;
using Commerce.Journal;
using Commerce.Kernel;

namespace Commerce.Bench;

/// <summary>The facts of one entity, and the capability of its journal.</summary>
/// <param name="Original">Of a copy, the entity that its personal members are still sealed for.</param>
internal readonly record struct EntityFacts(
    string Capability, EntityId Entity, IReadOnlyList<EncodedFact> Facts, EntityId? Original = null);

/// <summary>A real order with all facts that it has left in the journals. Its copies have other ids, and other times.</summary>
internal sealed partial class OrderTemplate(IReadOnlyList<EntityFacts> entities, string orderId, string? customerId)
{
    /// <summary>Reads the facts of every entity that has the order's id in its key or in a fact. There should be few others yet.</summary>
    /// <exception cref="BenchException">There are none, or an entity has an alarm and will go on.</exception>
    public static async Task<OrderTemplate> Read(
        CommerceDatabases databases, IReadOnlyList<string> capabilities, string orderId, string? customerId, CancellationToken cancel)
    {
        var found = new List<EntityFacts>();
        foreach (var name in capabilities)
        {
            var journal = databases.Journal(name);
            var all = new List<RecordedFact>();
            for (var partition = 0; partition < journal.Partitions; partition++)
                all.AddRange((await journal.Read(partition, 0, 10_000, null, cancel)).Facts);
            var mine = all.GroupBy(f => f.Entity).Where(e => e.Any(f => $"{f.Entity} {f.Fact.Json}".Contains(Tail(orderId)))).ToList();
            if (mine.Count == 0) throw new BenchException($"The order {orderId} has left nothing in {name}.");
            var due = (await journal.Due(DateTimeOffset.MaxValue, 10_000, cancel)).Select(d => d.Entity).Intersect(mine.Select(e => e.Key));
            if (due.FirstOrDefault() is { Key: not null } next) throw new BenchException($"{next} is not done: it has an alarm.");
            found.AddRange(mine.Select(e => new EntityFacts(name, e.Key, [.. e.Select(f => f.Fact)])));
        }

        return new OrderTemplate(found, orderId, customerId);
    }

    /// <summary>A copy with another order's and customer's id, other ids derived from them, and its times moved.</summary>
    public IEnumerable<EntityFacts> Copy(string newOrderId, string newCustomerId, TimeSpan later)
    {
        var ids = new Dictionary<string, string> { [Tail(orderId)] = Tail(newOrderId) };
        if (customerId is not null) ids[Tail(customerId)] = Tail(newCustomerId);

        string Replaced(string text) => IdOrTime().Replace(text, m => m.Groups["time"] is { Success: true } time
            ? $"\"{DateTimeOffset.Parse(time.Value, CultureInfo.InvariantCulture) + later:yyyy-MM-ddTHH:mm:ss.ffffffzzz}\""
            : ids.TryGetValue(m.Value, out var known) ? known : ids[m.Value] = Tail(Ids.For("id", newOrderId, m.Value)));

        return entities.Select(e => new EntityFacts(
            e.Capability, new EntityId(e.Entity.Kind, Replaced(e.Entity.Key)),
            [.. e.Facts.Select(f => f with { Json = Replaced(f.Json) })], e.Entity));
    }

    private static string Tail(string id) => id[(id.IndexOf('_') + 1)..];

    [GeneratedRegex(@"[0-9a-f]{32}|""(?<time>\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d))""")]
    private static partial Regex IdOrTime();
}
