using System.Globalization;
using System.Text.RegularExpressions;
using Commerce.Journal;
using Commerce.Kernel;

namespace Commerce.Bench.Data;

/// <summary>One entity's facts with the capability whose journal they belong to.</summary>
internal readonly record struct Kept(string Capability, EntityId Entity, IReadOnlyList<EncodedFact> Facts);

/// <summary>
/// A real order with all that it has left in the journals, to make any number of copies of: each with ids of its own wherever the order
/// had one, and at another time.
/// </summary>
internal sealed partial class OrderPattern
{
    private readonly IReadOnlyList<(string Capability, string Kind, Text Key, IReadOnlyList<(string Type, Text Json)> Facts)> _entities;
    private readonly IReadOnlyList<string> _ids; // of the order first, the customer's second

    /// <summary>Makes it of what an order has left.</summary>
    /// <param name="left">Its entities.</param>
    /// <param name="orderId">Its id.</param>
    /// <param name="customerId">Whose it is; null: a guest's.</param>
    public OrderPattern(IReadOnlyList<Kept> left, string orderId, string? customerId)
    {
        string[] known = [Tail(orderId), customerId is null ? "" : Tail(customerId)];
        var texts = left.SelectMany(e => e.Facts.Select(f => f.Json).Append(e.Entity.Key));
        _ids = [.. known, .. texts.SelectMany(t => Ids().Matches(t)).Select(m => m.Value).Distinct().Except(known)];
        _entities =
        [
            .. left.Select(e => (
                e.Capability, e.Entity.Kind, new Text(e.Entity.Key, _ids),
                (IReadOnlyList<(string, Text)>)[.. e.Facts.Select(f => (f.Type, new Text(f.Json, _ids)))])),
        ];
    }

    /// <summary>How many facts a copy has.</summary>
    public int Facts => _entities.Sum(e => e.Facts.Count);

    /// <summary>Reads what an order has left: all that has its id in its name or in a fact. There should not be many others yet.</summary>
    /// <exception cref="BenchException">It has left nothing, or means to go on.</exception>
    public static async Task<OrderPattern> Of(
        CommerceDatabases databases, IReadOnlyList<string> capabilities, string orderId, string? customerId, CancellationToken cancel)
    {
        var left = new List<Kept>();
        foreach (var name in capabilities)
        {
            var journal = databases.Journal(name);
            var all = new List<RecordedFact>();
            for (var partition = 0; partition < journal.Partitions; partition++)
                all.AddRange((await journal.Read(partition, 0, 10_000, null, cancel)).Facts);
            var mine = all.GroupBy(f => f.Entity).Where(e => e.Any(f => $"{f.Entity} {f.Fact.Json}".Contains(Tail(orderId)))).ToList();
            if (mine.Count == 0) throw new BenchException($"The order {orderId} has left nothing in {name}.");
            var due = (await journal.Due(DateTimeOffset.MaxValue, 10_000, cancel)).Select(d => d.Entity).Intersect(mine.Select(e => e.Key));
            if (due.FirstOrDefault() is { Key: not null } again) throw new BenchException($"{again} is not done: it wants to be woken.");
            left.AddRange(mine.Select(e => new Kept(name, e.Key, [.. e.Select(f => f.Fact)])));
        }

        return new OrderPattern(left, orderId, customerId);
    }

    /// <summary>A copy.</summary>
    /// <param name="orderId">Its id.</param>
    /// <param name="customerId">Whose it is; of a guest's order it stays a guest's.</param>
    /// <param name="later">By how much its times are later than those of the order; earlier, if negative.</param>
    public IEnumerable<Kept> Copy(string orderId, string customerId, TimeSpan later)
    {
        var ids = new string[_ids.Count];
        (ids[0], ids[1]) = (Tail(orderId), Tail(customerId));
        for (var n = 2; n < ids.Length; n++) ids[n] = Tail(Kernel.Ids.For("id", orderId, n.ToString(CultureInfo.InvariantCulture)));
        return _entities.Select(e => new Kept(
            e.Capability, new EntityId(e.Kind, e.Key.With(ids, later)),
            [.. e.Facts.Select(f => new EncodedFact(f.Type, f.Json.With(ids, later)))]));
    }

    private static string Tail(string id) => id[(id.IndexOf('_') + 1)..];

    [GeneratedRegex("[0-9a-f]{32}")]
    private static partial Regex Ids();

    [GeneratedRegex(@"(?<id>[0-9a-f]{32})|""(?<time>\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d))""")]
    private static partial Regex Holes();

    /// <summary>A text, in parts: what stays, and where an id or a time goes.</summary>
    private sealed class Text
    {
        private readonly List<(string? Fixed, int Id, DateTimeOffset Time)> _parts = [];

        public Text(string text, IReadOnlyList<string> ids)
        {
            var at = 0;
            foreach (Match hole in Holes().Matches(text))
            {
                _parts.Add((text[at..hole.Index], 0, default));
                at = hole.Index + hole.Length;
                if (hole.Groups["id"] is { Success: true } id) _parts.Add((null, ids.ToList().IndexOf(id.Value), default));
                else _parts.Add((null, -1, DateTimeOffset.Parse(hole.Groups["time"].Value, CultureInfo.InvariantCulture)));
            }

            _parts.Add((text[at..], 0, default));
        }

        public string With(string[] ids, TimeSpan later) => string.Concat(_parts.Select(p =>
            p.Fixed ?? (p.Id >= 0 ? ids[p.Id] : $"\"{p.Time + later:yyyy-MM-ddTHH:mm:ss.ffffffzzz}\"")));
    }
}
