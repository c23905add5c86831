using Commerce.Testing;
using Xunit;

namespace Commerce.ApiGateway.Tests;

/// <summary>A file of the repository that a test writes from the code, and otherwise compares with it.</summary>
internal static class WrittenFile
{
    public static async Task Is(string expected, params string[] path)
    {
        var file = Repository.File(path);
        if (Environment.GetEnvironmentVariable("COMMERCE_WRITE") == "1") await File.WriteAllTextAsync(file, expected);
        Assert.True(
            File.Exists(file) && await File.ReadAllTextAsync(file) == expected,
            $"{string.Join('/', path)} is not what the code says. If the change is wanted, ./commerce test --write writes it; check it "
            + "in.");
    }
}
