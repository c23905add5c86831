using Commerce.Testing;
using Xunit;

namespace Commerce.Client.Tests;

/// <summary>The document by the rules of the common linters; the configurations in <c>lint</c> say which are off, and why.</summary>
public sealed class LintTests
{
    private static readonly string Document = Repository.File("docs", "openapi.json");

    private static readonly Tool Npm = new(Repository.File("tests", "Client.Tests", "lint"), ("REDOCLY_SUPPRESS_UPDATE_NOTICE", "true"));

    [Theory]
    [InlineData("redocly")]
    [InlineData("spectral", "--fail-severity=hint")]
    public async Task Linters_find_nothing_in_the_document(string linter, params string[] options)
    {
        Assert.SkipUnless(await Tool.HasNode(), Tool.NoNode);
        await Npm.InstallPackages();
        await Npm.Run((string[])["npx", "--no", linter, "lint", Document, .. options]);
    }
}
