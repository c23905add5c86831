using Xunit;

namespace Commerce.Cluster.Tests;

/// <summary>
/// The silo as the next release could be: the same sources, but the orders' grain interface is at version 2, with a method that version 1
/// does not have and a record that has gained a member.
/// </summary>
internal sealed class NextVersion(SourceCopy copy) : IDisposable
{
    private static readonly (string File, string Old, string New)[] Changes =
    [
        ("Grains.Abstractions/Capabilities.g.cs", "[Alias(\"commerce.order\")]\n[Version(1)]", "[Alias(\"commerce.order\")]\n[Version(2)]"),
        ("Domain/Orders/IOrder.cs", "OrderView? Settled = null);",
            "OrderView? Settled = null, string? Greeting = \"Hello from version 2\");"),
        ("Domain/Orders/IOrder.cs", "public interface IOrder : IEntity\n{",
            "public interface IOrder : IEntity\n{\n    /// <summary>New.</summary>\n    Task<string> Greet();\n"),
        ("Domain/Orders/Order.cs", "class Order : IOrder\n{",
            "class Order : IOrder\n{\n    public Task<string> Greet() => Task.FromResult(Id);\n"),
        ("Grains/Capabilities.g.cs", ", IOrderGrain\n{", ", IOrderGrain\n{\n    public Task<string> Greet() => Entity.Greet();\n"),
    ];

    public string Program => copy.ProgramOf("Silo");

    /// <summary>Builds it beside this checkout's, in a folder of its own.</summary>
    public static async Task<NextVersion> Build()
    {
        var copy = new SourceCopy("Silo");
        foreach (var (file, old, @new) in Changes)
        {
            var text = await File.ReadAllTextAsync(copy.PathOf(file));
            Assert.Contains(old, text);
            await File.WriteAllTextAsync(copy.PathOf(file), text.Replace(old, @new));
        }

        var complaints = await copy.Build("Silo/Silo.csproj");
        Assert.True(complaints.Length == 0, $"The next version does not build:\n{complaints}");
        return new NextVersion(copy);
    }

    public void Dispose() => copy.Dispose();
}
