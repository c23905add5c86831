using Commerce.Testing;
using Xunit;

namespace Commerce.Cluster.Tests;

/// <summary>
/// The silo as the next release could be: the same sources, but the orders' grain interface is at version 2, with a method that version 1
/// does not have and a record that has gained a member.
/// </summary>
internal sealed class NextVersion(string folder) : IDisposable
{
    private static readonly string[] Folders =
        ["Domain", "Engine", "Grains", "Grains.Abstractions", "Hosting", "Journal", "Providers", "Silo"];

    private static readonly (string File, string Old, string New)[] Changes =
    [
        ("Grains.Abstractions/Capabilities.g.cs", "[Alias(\"commerce.order\")]\n[Version(1)]", "[Alias(\"commerce.order\")]\n[Version(2)]"),
        ("Domain/Orders/IOrder.cs", "OrderReceipt(string Id, OrderStatus Status, Money Total, long Version)",
            "OrderReceipt(string Id, OrderStatus Status, Money Total, long Version, string? Greeting = \"Hello from version 2\")"),
        ("Domain/Orders/IOrder.cs", "public interface IOrder : IEntity\n{",
            "public interface IOrder : IEntity\n{\n    /// <summary>New.</summary>\n    Task<string> Greet();\n"),
        ("Domain/Orders/Order.cs", "class Order : IOrder\n{",
            "class Order : IOrder\n{\n    public Task<string> Greet() => Task.FromResult(Id);\n"),
        ("Grains/Capabilities.g.cs", ", IOrderGrain\n{", ", IOrderGrain\n{\n    public Task<string> Greet() => Entity.Greet();\n"),
    ];

    public string Program => Path.Combine(folder, "Silo", "bin", "Release", "net10.0", "Commerce.Silo.dll");

    /// <summary>Builds it beside this checkout's, in a folder of its own.</summary>
    public static async Task<NextVersion> Build()
    {
        var (root, copy) = (LocalCluster.Root(), Directory.CreateTempSubdirectory("commerce-next-").FullName);
        foreach (var file in Directory.EnumerateFiles(root).Where(f => Path.GetExtension(f) is ".props" or ".json" or ".editorconfig"))
            File.Copy(file, Path.Combine(copy, Path.GetFileName(file)));
        foreach (var folder in Folders) Copy(Path.Combine(root, folder), Path.Combine(copy, folder));
        foreach (var (file, old, @new) in Changes)
        {
            var text = await File.ReadAllTextAsync(Path.Combine(copy, file));
            Assert.Contains(old, text);
            await File.WriteAllTextAsync(Path.Combine(copy, file), text.Replace(old, @new));
        }

        var project = Path.Combine(copy, "Silo", "Silo.csproj");
        await using var build = RunningProgram.Start(
            "build", new Dictionary<string, string>(), project, "-c", "Release", "-nologo", "-v", "quiet", "-tl:off");
        var exit = await build.Exit();
        Assert.True(exit == 0, $"The next version does not build:\n{build.Output}");
        return new NextVersion(copy);
    }

    public void Dispose() => Directory.Delete(folder, recursive: true);

    private static void Copy(string from, string to)
    {
        Directory.CreateDirectory(to);
        foreach (var file in Directory.EnumerateFiles(from)) File.Copy(file, Path.Combine(to, Path.GetFileName(file)));
        foreach (var folder in Directory.EnumerateDirectories(from).Where(f => Path.GetFileName(f) is not ("bin" or "obj")))
            Copy(folder, Path.Combine(to, Path.GetFileName(folder)));
    }
}
