using System.Buffers.Binary;
using Commerce.Engine;

namespace Commerce.ReadModels;

/// <summary>
/// Search of sealed names by tokens that tell nothing without the key: of each beginning of a word, and of each pair of neighbours, so that
/// the letters of a script without blanks stay in their order. Shorter beginnings than three letters have none, as how often each occurs
/// would tell which letters they are.
/// </summary>
internal static class BlindWords
{
    private const int Least = 3;
    private const int Most = 16;

    /// <summary>The tokens of a text, which <see cref="SearchWords"/> has folded.</summary>
    public static long[] Of(string folded, PersonalData personal)
    {
        var words = Words(folded);
        return
        [
            .. words.SelectMany(Beginnings).Concat(words.Zip(words.Skip(1)).SelectMany(p => Pairs(p.First, p.Second)))
                .Distinct().Select(w => Token(w, personal)),
        ];
    }

    /// <summary>The tokens that a text has of which each typed word, folded, begins a word; null: none has.</summary>
    public static long[]? Find(IEnumerable<string> typed, PersonalData personal)
    {
        var (wanted, before) = (new List<string>(), (string?)null);
        foreach (var folded in typed)
        {
            var words = Words(folded);
            if (words.Length == 0) return null;
            // A beginning that is too short by itself is looked for behind the word that was typed before it.
            if (words.Length == 1) wanted.Add(words[0].Length < Least && before is not null ? $"{before} {words[0]}" : Cut(words[0]));
            for (var i = 1; i < words.Length; i++) wanted.Add($"{words[i - 1]} {Cut(words[i])}");
            before = words[^1];
        }

        return [.. wanted.Distinct().Select(w => Token(w, personal))];
    }

    private static string[] Words(string folded) => folded.Split(' ', StringSplitOptions.RemoveEmptyEntries);

    private static string Cut(string word) => word.Length <= Most ? word : word[..Most];

    private static IEnumerable<string> Beginnings(string word) =>
        Enumerable.Range(Least, Math.Max(0, Math.Min(word.Length, Most) - Least)).Select(n => word[..n]).Append(Cut(word));

    private static IEnumerable<string> Pairs(string word, string next) =>
        Enumerable.Range(1, Math.Min(next.Length, Most)).Select(n => $"{word} {next[..n]}");

    private static long Token(string word, PersonalData personal) =>
        BinaryPrimitives.ReadInt64LittleEndian(Convert.FromBase64String(personal.Token("name", word)));
}
