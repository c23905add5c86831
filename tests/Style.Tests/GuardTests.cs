using Xunit;

namespace Commerce.Style.Tests;

public sealed class GuardTests
{
    public static TheoryData<string> Rules => [.. Guards.All.Select(g => g.Rule)];

    [Theory]
    [MemberData(nameof(Rules))]
    public void Each_guard_has_been_seen_to_fire(string rule)
    {
        var guard = Guards.All.Single(g => g.Rule == rule);
        Assert.NotEmpty(guard.Bad);
        Assert.All(guard.Bad, bad => Assert.NotEmpty(guard.Check(bad)));
    }

    [Theory]
    [MemberData(nameof(Rules))]
    public void No_guard_fires_on_what_is_fine(string rule)
    {
        var guard = Guards.All.Single(g => g.Rule == rule);
        Assert.NotEmpty(guard.Good);
        Assert.All(guard.Good, good => Assert.Empty(guard.Check(good)));
    }

    [Theory]
    [MemberData(nameof(Rules))]
    public void The_whole_tree_keeps_each_agreement(string rule)
    {
        var guard = Guards.All.Single(g => g.Rule == rule);
        var broken = Tree.CSharpFiles.SelectMany(s => guard.Check(s).Select(b => $"{s.Path}({b.Line}): {b.Why}")).ToList();
        Assert.True(broken.Count == 0, $"{rule}:\n{string.Join('\n', broken)}");
    }

    [Fact]
    public void The_tree_that_is_looked_at_is_the_project() =>
        Assert.Contains(Tree.CSharpFiles, s => s.Path == "Domain/Kernel/Decider.cs");

    [Theory]
    [InlineData("x = \"catch { }\";", "x = \"         \";")]
    [InlineData("x(); // catch { }", "x();             ")]
    [InlineData("a /* { */ b", "a         b")]
    [InlineData("c = '{'; d = \"\\\"{\";", "c = ' '; d = \" \" \";")]
    [InlineData("r = \"\"\"{ \"quoted\" }\"\"\";", "r = \"\"\"  \"      \"  \"\"\";")]
    public void Guards_look_at_code_not_at_comments_and_strings(string text, string code) => Assert.Equal(code, CSharp.Blank(text));
}
