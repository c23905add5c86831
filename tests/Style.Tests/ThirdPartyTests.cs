using System.Text.RegularExpressions;
using Xunit;

namespace Commerce.Style.Tests;

public sealed class ThirdPartyTests
{
    [Fact]
    public void THIRD_PARTY_names_every_package_that_the_project_uses() => Assert.Equal(
        Names(Tree.File("Directory.Packages.props").Text, "PackageVersion Include=\"([^\"]+)\""),
        Names(Tree.File("THIRD-PARTY.md").Text, @"^\| ([\w.]+) \| (?!Licence)\S"));

    [Fact]
    public void A_package_that_is_not_named_is_seen() => Assert.NotEqual(
        Names("<PackageVersion Include=\"A\" /><PackageVersion Include=\"B\" />", "PackageVersion Include=\"([^\"]+)\""),
        Names("| Package | Licence |\n| A | MIT |\n", @"^\| ([\w.]+) \| (?!Licence)\S"));

    private static IReadOnlyList<string> Names(string text, string pattern) =>
        [.. Regex.Matches(text, pattern, RegexOptions.Multiline).Select(m => m.Groups[1].Value).Order(StringComparer.Ordinal)];
}
