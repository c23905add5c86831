using System.Text.RegularExpressions;

namespace Commerce.Style.Tests;

/// <summary>The words that comments and documents do without: they stand in place of a noun, or make a person of a process.</summary>
internal static class PlainWords
{
    private const string Gap = @"[\s/]+"; // also over the end of a line of a comment

    private static readonly (string Pattern, string Why)[] Banned =
    [
        ($"so{Gap}(?:many|much|long|few)", "name the number, the time or the parameter"),
        ($"as{Gap}many", "name the number"),
        ("manieth", "a sequence number"),
        ("whoever|nobody|somebody|anybody|everybody", "name the caller, the process or the entity"),
        ($"whatever{Gap}becomes", "name the outcome"),
        ($"those{Gap}who", "name them: followers, callers, clients"),
        ("believe[sd]?", "a cache is valid, a lease is held"),
        ($"(?:is|are|was|were|be|been){Gap}told", "what is called, what it receives"),
        ($"knows{Gap}of", "name the dependency"),
        ($"what{Gap}is{Gap}newer", "newer facts"),
    ];

    /// <summary>The places of such words.</summary>
    public static IEnumerable<(int Line, string Why)> In(Source source, string text) => Banned.SelectMany(b => Regex
        .Matches(text, $@"\b(?:{b.Pattern})\b", RegexOptions.IgnoreCase)
        .Select(m => (source.Line(m.Index), $"'{m.Value.Split('\n')[0].Trim()}': {b.Why}")));
}
