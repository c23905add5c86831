using Commerce.Kernel;
using Npgsql;

namespace Commerce.ReadModels;

/// <summary>A condition of a list; <c>{0}</c>, <c>{1}</c> … stand for its values.</summary>
internal readonly record struct Condition(string Sql, params IReadOnlyList<object> Values)
{
    /// <summary>Nothing is on the list.</summary>
    public static readonly Condition Never = new("false");

    /// <summary>The condition, or null (no restriction) where there is no value.</summary>
    public static Condition? If(string sql, object? value) => value is null ? null : new(sql, value);

    /// <summary>This one or the other.</summary>
    public Condition Or(Condition other)
    {
        var mine = Values.Count;
        var moved = string.Format(other.Sql, [.. other.Values.Select((_, i) => $"{{{mine + i}}}")]);
        return new($"({Sql}) or ({moved})", [.. Values, .. other.Values]);
    }
}

/// <summary>Who sees which rows of a list. A list cannot be made without one.</summary>
/// <param name="Customer">The column of the customer whose they are; null: there is none.</param>
/// <param name="Order">The column of the order that they are.</param>
/// <param name="Channel">The column of the channel that they came by.</param>
internal sealed record Visibility(string? Customer = null, string? Order = null, string? Channel = null)
{
    /// <summary>The rows have no owner: every caller with the scope sees all of them.</summary>
    public static readonly Visibility Common = new();

    /// <summary>The rows that are within a caller's reach; null: all.</summary>
    public Condition? Within(Reach reach) => reach.Kind == ReachKind.Everything || this == Common ? null
        : Column(reach.Kind) is { } column ? new Condition($"{column} = {{0}}", reach.Id!) : Condition.Never;

    private string? Column(ReachKind kind) => kind switch
    {
        ReachKind.Customer => Customer, ReachKind.Order => Order, ReachKind.Channel => Channel, _ => null,
    };
}

/// <summary>
/// A list in pages. The next page starts after the sort key of the last item, which an index finds at once however far down the list
/// it is; and what is inserted meanwhile neither repeats nor hides an item.
/// </summary>
/// <param name="name">Bound into its cursors.</param>
/// <param name="select">What to select from where, up to and without the conditions; the sort key's columns are its last ones.</param>
/// <param name="key">The sort key's columns, together unique.</param>
/// <param name="visibility">Who sees which rows.</param>
/// <param name="row">Makes an item of a row.</param>
internal sealed class KeysetList<T>(
    string name, string select, string[] key, Type[] types, bool descending, Visibility visibility, Func<NpgsqlDataReader, T> row)
{
    public async Task<Page<T>> Page(
        ReadModelReader reader, Reach reach, PageRequest page, IEnumerable<Condition?> conditions, CancellationToken cancel)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(page.Limit, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(page.Limit, PageRequest.MaxLimit);
        var values = new List<object>();
        var where = conditions.Append(visibility.Within(reach)).OfType<Condition>().Select(c => Placed(c, values)).ToList();
        if (page.Cursor is not null) where.Add(Placed(After(page.Cursor), values));

        var sql = $"{select} where {string.Join(" and ", where.DefaultIfEmpty("true"))} order by {Order} limit {page.Limit + 1}";
        var found = await reader.All(sql, values, r => (Item: row(r), Key: KeyOf(r)), cancel);
        return found.Count <= page.Limit
            ? new Page<T>([.. found.Select(f => f.Item)], null)
            : new Page<T>([.. found.Take(page.Limit).Select(f => f.Item)], Cursors.Write(name, found[page.Limit - 1].Key));
    }

    private string Order => string.Join(", ", key.Select(k => descending ? $"{k} desc" : k));

    private Condition After(string cursor) => new(
        $"({string.Join(", ", key)}) {(descending ? '<' : '>')} ({string.Join(", ", key.Select((_, i) => $"{{{i}}}"))})",
        Cursors.Read(name, cursor, types));

    private static string Placed(Condition condition, List<object> values)
    {
        var first = values.Count + 1;
        values.AddRange(condition.Values);
        return $"({string.Format(condition.Sql, [.. condition.Values.Select((_, i) => $"${first + i}")])})";
    }

    private object[] KeyOf(NpgsqlDataReader r) => [.. types.Select((type, i) =>
    {
        var column = r.FieldCount - types.Length + i;
        return type == typeof(DateTimeOffset) ? r.Time(column) : r.GetValue(column);
    })];
}
