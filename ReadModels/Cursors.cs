using System.Text.Json;
using Commerce.Kernel;

namespace Commerce.ReadModels;

/// <summary>
/// Cursors: the list's name and the sort key of the last item given out. They are protected where callers get them: a list takes any that
/// has its form.
/// </summary>
internal static class Cursors
{
    public static string Write(string list, IEnumerable<object> key) => JsonSerializer.Serialize<string[]>([list, .. key.Select(Text)]);

    public static object[] Read(string list, string cursor, IReadOnlyList<Type> types)
    {
        try
        {
            var parts = JsonSerializer.Deserialize<string?[]>(cursor);
            if (parts is null || parts.Length != types.Count + 1 || parts.Contains(null) || parts[0] != list)
                throw new BadCursorException(cursor);
            return [.. types.Select((type, i) => Value(parts[i + 1]!, type))];
        }
        catch (Exception problem) when (problem is FormatException or JsonException or OverflowException or ArgumentOutOfRangeException)
        {
            throw new BadCursorException(cursor);
        }
    }

    private static string Text(object value) => value switch
    {
        string text => text,
        long number => number.ToString(),
        DateTimeOffset time => time.UtcTicks.ToString(),
        _ => throw new InvalidOperationException($"A list cannot be sorted by a {value.GetType().Name}."),
    };

    private static object Value(string text, Type type) =>
        type == typeof(string) ? text
        : type == typeof(long) ? long.Parse(text)
        : new DateTimeOffset(long.Parse(text), TimeSpan.Zero);
}
