using System.Text.RegularExpressions;

namespace Commerce.Style.Tests;

/// <summary>The part of C#'s grammar that the guards need.</summary>
internal static partial class CSharp
{
    /// <summary>The code with comments, or the insides of strings and characters, as blanks; line ends stay where they are.</summary>
    public static string Blank(string text, bool comments = true, bool strings = true)
    {
        var code = text.ToCharArray();
        foreach (Match token in CommentOrText().Matches(text))
        {
            var comment = token.Value[0] == '/';
            if (comment ? !comments : !strings) continue;
            var (start, end) = (token.Index, token.Index + token.Length);
            if (!comment) (start, end) = (start + 1, end - 1);
            for (var i = start; i < end; i++)
                if (code[i] is not ('\n' or '"')) code[i] = ' ';
        }

        return new string(code);
    }

    /// <summary>The comments with all else as blanks; line ends stay where they are.</summary>
    public static string Comments(string text)
    {
        var comments = text.Select(c => c == '\n' ? c : ' ').ToArray();
        foreach (Match token in CommentOrText().Matches(text))
            if (token.Value[0] == '/') token.Value.CopyTo(0, comments, token.Index, token.Length);
        return new string(comments);
    }

    /// <summary>
    /// Every block of code that is a body by itself (of a method, a lambda, a switch) with the text before it and its length.
    /// </summary>
    public static IEnumerable<(string Header, int Index, int Lines)> Bodies(Source source)
    {
        var open = new Stack<(int Index, string Header)>();
        var since = 0;
        for (var i = 0; i < source.Code.Length; i++)
        {
            var c = source.Code[i];
            if (c == '{') open.Push((i, source.Code[since..i].Trim()));
            if (c == '}' && open.TryPop(out var block) && IsBody(block.Header))
                yield return (block.Header, block.Index, source.Line(i) - source.Line(block.Index) - 1);
            if (c is '{' or '}' or ';') since = i + 1;
        }
    }

    /// <summary>The names of the types that a file declares.</summary>
    public static IReadOnlyList<string> Types(Source source) =>
        [.. TypeDeclaration().Matches(source.Code).Select(m => m.Groups["name"].Value).Distinct()];

    private static bool IsBody(string header) => BodyHead().IsMatch(header) && !ControlFlow().IsMatch(header);

    [GeneratedRegex("""
        //[^\n]*                                    # a comment to the end of the line
        | /\*.*?\*/                                 # a comment over lines
        | (?<q>"{3,}).*?(?<!")\k<q>(?!")            # a raw string
        | @\$?"(?:[^"]|"")*" | \$@"(?:[^"]|"")*"    # a verbatim string
        | "(?:\\.|[^"\\\n])*"                       # a string
        | '(?:\\.|[^'\\\n])[^'\n]{0,8}'             # a character
        """, RegexOptions.Singleline | RegexOptions.IgnorePatternWhitespace)]
    private static partial Regex CommentOrText();

    [GeneratedRegex("""
        \b(?:class|struct|interface|enum|record(?:\s+(?:class|struct))?)\s+(?<name>[A-Z]\w*)
        | \bdelegate\s[^;(]*\s(?<name>[A-Z]\w*)\s*(?:<[^>]*>)?\(
        """, RegexOptions.IgnorePatternWhitespace)]
    private static partial Regex TypeDeclaration();

    [GeneratedRegex(@"(=>|\sswitch|\)(\s*where\s[^{]*)?)$", RegexOptions.Singleline)]
    private static partial Regex BodyHead();

    [GeneratedRegex("""
        ^(?:if|else|for|foreach|while|switch|using|lock|catch|fixed|await|do|try)\b
        | \b(?:class|record|struct|interface|new)\s+\w[^=;]*$
        """, RegexOptions.IgnorePatternWhitespace)]
    private static partial Regex ControlFlow();
}
