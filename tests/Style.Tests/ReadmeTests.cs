using System.Text.RegularExpressions;
using Xunit;

namespace Commerce.Style.Tests;

public sealed class ReadmeTests
{
    [Fact]
    public void Every_command_in_the_README_is_run_by_a_test()
    {
        var untested = Untested(Tree.File("README.md"), Tree.CSharpFiles);
        Assert.True(untested.Count == 0, $"No test has the Trait(\"readme\", \"…\") that says it runs\n{string.Join('\n', untested)}");
    }

    [Fact]
    public void The_README_shows_commands() => Assert.NotEmpty(Commands(Tree.File("README.md")));

    [Fact]
    public void A_command_that_no_test_runs_is_seen() => Assert.Equal(["./commerce fly"], Untested(
        new("README.md", "Try it:\n```\n./commerce up --single   # starts it\n$ ./commerce fly\n```\nor ./commerce nothing."),
        [new("tests/AppHost.Tests/UpTests.cs", "[Trait(\"readme\", \"./commerce up --single\")]")]));

    private static IReadOnlyList<string> Untested(Source readme, IReadOnlyList<Source> sources)
    {
        var run = sources.Where(s => Regex.IsMatch(s.Path, "^tests/(?!Style)"))
            .SelectMany(s => Regex.Matches(s.Text, @"\[Trait\(""readme"", ""([^""]+)""\)\]")).Select(m => m.Groups[1].Value).ToHashSet();
        return [.. Commands(readme).Where(c => !run.Contains(c))];
    }

    private static IEnumerable<string> Commands(Source readme) => Regex
        .Matches(readme.Text, @"^```\w*\n(.*?)^```", RegexOptions.Singleline | RegexOptions.Multiline)
        .SelectMany(block => block.Groups[1].Value.Split('\n')).Select(l => Regex.Match(l, @"^\$?\s*(\./commerce\b[^#]*)"))
        .Where(m => m.Success).Select(m => m.Groups[1].Value.Trim()).Distinct();
}
