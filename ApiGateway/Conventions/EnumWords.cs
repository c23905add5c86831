using System.Collections.Concurrent;
using System.Text.Json;

namespace Commerce.ApiGateway;

/// <summary>The words of an enum as JSON has them.</summary>
internal static class EnumWords
{
    private static readonly ConcurrentDictionary<Type, IReadOnlyList<string>> Known = [];

    /// <summary>In the order of declaration.</summary>
    public static IReadOnlyList<string> Of(Type type) => Known.GetOrAdd(
        type, t => [.. Enum.GetNames(t).Select(JsonNamingPolicy.SnakeCaseLower.ConvertName)]);

    /// <summary>The value of a word.</summary>
    public static T? Parse<T>(string word) where T : struct, Enum
    {
        for (var i = 0; i < Of(typeof(T)).Count; i++)
            if (Of(typeof(T))[i] == word) return Enum.GetValues<T>()[i];
        return null;
    }
}
