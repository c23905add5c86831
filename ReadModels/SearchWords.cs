using System.Globalization;
using System.Text;

namespace Commerce.ReadModels;

/// <summary>
/// Search of names by the starts of their words, in any order, without regard to case, accents and the ways in which Unicode writes
/// one letter. Each letter of a script that is written without blanks is a word, so that any part of such a name is found. PostgreSQL
/// folds what is kept and what is typed by one function, and trigrams find it.
/// </summary>
internal static class SearchWords
{
    // ICU has every letter's lower case, and unaccent what has no combining mark, such as the ł. The first class is of scripts without
    // blanks, of South-East Asia, kana and Han; the second keeps vowel signs, of India and South-East Asia, which are no letters.
    private const string Fold =
        """
        select pg_advisory_xact_lock(hashtextextended('extensions', 0));
        create extension if not exists unaccent with schema public;
        create extension if not exists pg_trgm with schema public;
        create function folded(text) returns text language sql stable strict as $fold$
            select ' ' || btrim(regexp_replace(
                regexp_replace(
                    public.unaccent('public.unaccent', replace(
                        lower(regexp_replace(normalize($1, NFKD), '[\u0300-\u036f]', '', 'g') collate "und-x-icu"), 'ς', 'σ'))
                        collate "und-x-icu",
                    '([\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u31f0-\u31ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff])',
                    ' \1 ', 'g'),
                '[^[:alnum:]\u0900-\u0dff\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff]+', ' ', 'g'))
        $fold$;
        """;

    /// <summary>The statements, in those that create a read model's tables, that make <c>folded(…)</c>.</summary>
    public static string Function => Fold;

    /// <summary>The statements, in those that create a read model's tables, that let a column of one of them be searched.</summary>
    /// <param name="table">The table.</param>
    /// <param name="column">The column, in which <c>folded(…)</c> of the texts is kept.</param>
    public static string Index(string table, string column) =>
        $"{Fold}\ncreate index on {table} using gin ({column} public.gin_trgm_ops);";

    /// <summary>Each word that was typed starts one of the text's; null when there is no letter or digit in what was typed.</summary>
    /// <param name="schema">Of the read model.</param>
    /// <param name="column">Where the folded text is.</param>
    /// <param name="typed">By a person: nothing of it is read as an operator.</param>
    public static Condition? Find(string schema, string column, string typed)
    {
        var words = typed.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);
        if (!words.Any(w => w.EnumerateRunes().Any(IsWord))) return null;
        var all = string.Join(" and ", words.Select((_, i) => $"{column} like '%' || {schema}.folded({{{i}}}) || '%'"));
        // Some letters of Unicode are folded to nothing.
        return new($"{all} and btrim({schema}.folded({{{words.Length}}})) <> ''", [.. words, typed]);
    }

    /// <summary>The end of the range of texts that start with <paramref name="start"/>, in the order of collation "C".</summary>
    public static string EndOf(string start) => start + "\U0010FFFF";

    private static bool IsWord(Rune rune) =>
        Rune.IsLetterOrDigit(rune) || Rune.GetUnicodeCategory(rune) is UnicodeCategory.OtherNumber;
}
