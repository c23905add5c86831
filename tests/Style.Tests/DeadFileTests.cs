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
    public void A_file_whose_type_is_not_mentioned_is_dead() => Assert.Equal(["Domain/Lost.cs"], Dead(
    [
        new("Domain/Lost.cs", "namespace Commerce; class Lost { }"),
        new("Domain/Used.cs", "namespace Commerce; static class Used { public static int Twice(this int x) => 2 * x; }"),
        new("Domain/Program.cs", "// Lost in a comment\nreturn 1.Twice();"),
        new("tests/Domain.Tests/UsedTests.cs", "namespace Commerce; abstract class UsedTests { [Fact] public void A_test_is_run() { } }"),
        new("ApiGateway/Things/ThingEndpoints.cs", "namespace Commerce; class ThingEndpoints : IEndpoints { }"),
        new("tests/Domain.Tests/HereTests.cs", "namespace Commerce; class HereTests : UsedTests { }"),
        new("tests/Domain.Tests/ThereTests.cs", "namespace Commerce; class ThereTests : HereTests { }"),
    ]));

    /// <summary>What derives from these is found by its base type, and has no other mention.</summary>
    private static readonly string[] FoundByBase = ["IEndpoints", "ReadModel", "PerEntityReadModel", "Scenario"];

    /// <summary>Tests, programs and grains are found by their runners; extension methods are used without their class's name.</summary>
    private static IReadOnlyList<string> Dead(IReadOnlyList<Source> sources)
    {
        var words = sources.ToDictionary(s => s.Path, s => Regex.Matches(s.WithoutComments, @"\w+").Select(m => m.Value).ToHashSet());
        var run = Run(sources);
        return
        [
            .. from source in sources
               where source.Name != "Program.cs" && !run.Contains(source.Path)
               let names = CSharp.Types(source).Concat(Extensions(source)).ToList()
               where !sources.Any(other => other != source && names.Any(words[other.Path].Contains))
               select source.Path,
        ];
    }

    /// <summary>The files with tests or grains in them, those included whose tests are inherited.</summary>
    private static HashSet<string> Run(IReadOnlyList<Source> sources)
    {
        const string Found = @"\[(Fact|Theory|CollectionDefinition|assembly:)|\[[^\]]*\bGrainType\(";
        var run = sources.Where(s => Regex.IsMatch(s.Code, Found) || Bases(s).Intersect(FoundByBase).Any()).ToHashSet();
        for (var before = 0; before != run.Count;)
        {
            before = run.Count;
            var types = run.SelectMany(CSharp.Types).ToHashSet();
            run.UnionWith(sources.Where(s => Bases(s).Any(types.Contains)).ToList());
        }

        return [.. run.Select(s => s.Path)];
    }

    private static IEnumerable<string> Bases(Source source) =>
        Regex.Matches(source.Code, @"\bclass\s+\w+(?:\s*\([^)]*\))?\s*:\s*(\w+)").Select(m => m.Groups[1].Value);

    private static IEnumerable<string> Extensions(Source source) => Regex.IsMatch(source.Code, @"\(\s*this\s|\bextension\s*[(<]")
        ? Regex.Matches(source.Code, @"\bstatic\s[^;{=()]*?\b(\w+)\s*(<[^>]*>)?\(").Select(m => m.Groups[1].Value) : [];
}
