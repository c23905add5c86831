using System.Text.RegularExpressions;
using Xunit;

namespace Commerce.Style.Tests;

public sealed class DeadFileTests
{
    [Fact]
    public void Every_file_declares_something_that_another_one_uses()
    {
        var dead = Dead(Tree.CSharpFiles);
        Assert.True(dead.Count == 0, $"Nobody uses what these declare; remove them:\n{string.Join('\n', dead)}");
    }

    [Fact]
    public void A_file_whose_type_nobody_mentions_is_dead() => Assert.Equal(["Domain/Lost.cs"], Dead(
    [
        new("Domain/Lost.cs", "namespace Commerce; class Lost { }"),
        new("Domain/Used.cs", "namespace Commerce; static class Used { public static int Twice(this int x) => 2 * x; }"),
        new("Domain/Program.cs", "// Lost in a comment\nreturn 1.Twice();"),
        new("tests/Domain.Tests/UsedTests.cs", "namespace Commerce; class UsedTests { [Fact] public void A_test_is_run() { } }"),
    ]));

    /// <summary>Tests and programs are found by those who run them; extension methods are used without their class's name.</summary>
    private static IReadOnlyList<string> Dead(IReadOnlyList<Source> sources)
    {
        var words = sources.ToDictionary(s => s.Path, s => Regex.Matches(s.WithoutComments, @"\w+").Select(m => m.Value).ToHashSet());
        return
        [
            .. from source in sources
               where source.Name != "Program.cs" && !Regex.IsMatch(source.Code, @"\[(Fact|Theory|CollectionDefinition|assembly:)")
               let names = CSharp.Types(source).Concat(Extensions(source)).ToList()
               where !sources.Any(other => other != source && names.Any(words[other.Path].Contains))
               select source.Path,
        ];
    }

    private static IEnumerable<string> Extensions(Source source) => Regex.IsMatch(source.Code, @"\(this\s|\bextension\s*[(<]")
        ? Regex.Matches(source.Code, @"\bstatic\s[^;{=()]*?\b(\w+)\s*(<[^>]*>)?\(").Select(m => m.Groups[1].Value) : [];
}
