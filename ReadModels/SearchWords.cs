using System.Globalization;
using System.Text;

namespace Commerce.ReadModels;

/// <summary>
/// Search by the starts of words. Names and what users type are cut into words by the same rule, here and not by the database, so
/// that "T-LIGHT HOLDER 60'S" is found by "t-light", and nothing that a user types is ever read as a search operator.
/// </summary>
internal static class SearchWords
{
    /// <summary>Far above any name's length, and below what PostgreSQL accepts of one word.</summary>
    private const int MaxLength = 256;

    /// <summary>The words of a text, in lower case: runs of letters and digits.</summary>
    public static string[] Of(string text)
    {
        var words = new SortedSet<string>(StringComparer.Ordinal);
        var word = new StringBuilder();
        foreach (var rune in text.ToLowerInvariant().EnumerateRunes())
        {
            if (Rune.IsLetterOrDigit(rune) || Rune.GetUnicodeCategory(rune) is UnicodeCategory.NonSpacingMark)
                word.Append(rune);
            else End();
        }

        End();
        return [.. words];

        void End()
        {
            if (word.Length > 0) words.Add(word.Length > MaxLength ? word.ToString(0, MaxLength) : word.ToString());
            word.Clear();
        }
    }

    /// <summary>A tsquery for texts that have, for each word typed, a word that starts with it; null when no word was typed.</summary>
    public static string? Query(string typed) =>
        Of(typed) is { Length: > 0 } words ? string.Join(" & ", words.Select(w => $"'{w}':*")) : null;

    /// <summary>The words as one text that PostgreSQL turns into a tsvector by <c>::tsvector</c>.</summary>
    public static string Vector(string text) => string.Join(' ', Of(text).Select(w => $"'{w}'"));

    /// <summary>The end of the range of texts that start with <paramref name="start"/>, in the order of collation "C".</summary>
    public static string EndOf(string start) => start + "\U0010FFFF";
}
