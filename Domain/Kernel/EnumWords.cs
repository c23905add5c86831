using System.Collections.Concurrent;
using System.Text.Json;

namespace Commerce.Kernel;

/// <summary>The words of an enum as JSON, tables, problems and diagrams have them: <c>partly_shipped</c>.</summary>
public static class EnumWords
{
    private static readonly ConcurrentDictionary<Type, IReadOnlyList<string>> Known = [];

    /// <summary>All words, in the order of declaration.</summary>
    public static IReadOnlyList<string> Of(Type type) => Known.GetOrAdd(
        type, t => [.. Enum.GetNames(t).Select(JsonNamingPolicy.SnakeCaseLower.ConvertName)]);

    /// <summary>The word of a value; <c>none</c> for null.</summary>
    public static string Of<T>(T? value) where T : struct, Enum =>
        value is { } given ? Of(typeof(T))[Array.IndexOf(Values<T>.All, given)] : "none";

    /// <summary>The word of a value.</summary>
    public static string Of<T>(T value) where T : struct, Enum => Of((T?)value);

    /// <summary>The value of a word; null when it is no word of the enum.</summary>
    public static T? Parse<T>(string word) where T : struct, Enum
    {
        var words = Of(typeof(T));
        for (var i = 0; i < words.Count; i++)
            if (words[i] == word) return Values<T>.All[i];
        return null;
    }

    private static class Values<T> where T : struct, Enum
    {
        public static readonly T[] All = Enum.GetValues<T>();
    }
}
