using System.Text.RegularExpressions;
using Xunit;

namespace Commerce.Style.Tests;

public sealed class DocumentTests
{
    [Fact]
    public void Documents_use_plain_words()
    {
        var broken = Tree.Documents.Where(d => d.Path != Results).SelectMany(d => Broken(d).Select(b => $"{d.Path}({b.Line}): {b.Why}"));
        Assert.True(!broken.Any(), string.Join('\n', broken));
    }

    [Fact]
    public void The_documents_of_the_project_are_found() =>
        Assert.Superset(new HashSet<string> { "README.md", "docs/cluster.md" }, Tree.Documents.Select(d => d.Path).ToHashSet());

    [Theory]
    [InlineData("Whoever waits gets an answer.")]
    [InlineData("A reader is\ntold of it.")]
    [InlineData("`code` and somebody")]
    public void A_word_that_is_not_plain_is_seen(string text) => Assert.NotEmpty(Broken(new("docs/page.md", text)));

    [Theory]
    [InlineData("The rule is \"what was there before somebody asked is found\".")]
    [InlineData("Use `whoever` to ask.")]
    [InlineData("```\nnobody\n```\n")]
    public void Code_and_quotations_are_as_they_are(string text) => Assert.Empty(Broken(new("docs/page.md", text)));

    /// <summary>The bench writes it.</summary>
    private const string Results = "bench/results/latest.md";

    private static IEnumerable<(int Line, string Why)> Broken(Source document) => PlainWords.In(document, Regex.Replace(
        document.Text, @"^```.*?^```|`[^`\n]*`|""[^""\n]*""",
        quoted => Regex.Replace(quoted.Value, @"[^\n]", " "), RegexOptions.Singleline | RegexOptions.Multiline));
}
