using System.Text.Json;
using System.Xml.Linq;
using Xunit;

namespace Commerce.Style.Tests;

/// <summary>WithoutOrleans.slnf is what a machine without Orleans packages builds: exactly what it can.</summary>
public sealed class WithoutOrleansTests
{
    private const string Clustered = "Condition=\"'$(Cluster)' == 'true'\"";

    [Fact]
    public void The_list_names_every_project_that_needs_no_Orleans_package_and_no_other()
    {
        using var filter = JsonDocument.Parse(Tree.File("WithoutOrleans.slnf").Text);
        var listed = filter.RootElement.GetProperty("solution").GetProperty("projects").EnumerateArray().Select(p => p.GetString()!);
        Assert.Equal(NeedNoOrleans(Tree.Projects), listed.Order(StringComparer.Ordinal));
    }

    [Fact]
    public void The_solution_has_every_project()
    {
        var solution = Tree.File("Orleans.sln").Text.Replace('\\', '/');
        Assert.All(Tree.Projects, p => Assert.Contains($"\"{p.Path}\"", solution));
    }

    [Fact]
    public void Orleans_is_needed_by_those_who_always_reference_it_and_by_those_who_always_reference_them() => Assert.Equal(
        ["Domain/Domain.csproj", "Front/Front.csproj", "Other/Other.csproj", "Third/Third.csproj"], NeedNoOrleans(
        [
            Project("Domain"),
            Project("Front", $"<ItemGroup {Clustered}><PackageReference Include=\"Microsoft.Orleans.Client\" /></ItemGroup>"),
            Project("Grains", """<ItemGroup><PackageReference Include="Microsoft.Orleans.Sdk" /></ItemGroup>"""),
            Project("Other", $"<ItemGroup><ProjectReference Include=\"../Grains/Grains.csproj\" {Clustered} /></ItemGroup>"),
            Project("Silo", """<ItemGroup><ProjectReference Include="../Grains/Grains.csproj" /></ItemGroup>"""),
            Project("Third", """<ItemGroup><ProjectReference Include="../Front/Front.csproj" /></ItemGroup>"""),
            Project("tests/Silo.Tests", """<ItemGroup><ProjectReference Include="../../Silo/Silo.csproj" /></ItemGroup>"""),
        ]));

    private static IReadOnlyList<string> NeedNoOrleans(IReadOnlyList<Source> projects)
    {
        var known = projects.ToDictionary(p => p.Path, p => XDocument.Parse(p.Text));
        bool NeedsNone(string path) =>
            !Always(known[path], "PackageReference").Any(n => n.StartsWith("Microsoft.Orleans.", StringComparison.Ordinal))
            && Always(known[path], "ProjectReference").All(other => NeedsNone(Referenced(path, other)));
        return [.. known.Keys.Where(NeedsNone).Order(StringComparer.Ordinal)];
    }

    /// <summary>What a project references in both worlds.</summary>
    private static IEnumerable<string> Always(XDocument project, string item) => project.Descendants(item)
        .Where(i => !i.AncestorsAndSelf().Attributes("Condition").Any(c => c.Value.Contains("$(Cluster)", StringComparison.Ordinal)))
        .Select(i => i.Attribute("Include")!.Value);

    private static string Referenced(string from, string path) =>
        Path.GetRelativePath("/", Path.GetFullPath(path.Replace('\\', '/'), $"/{Path.GetDirectoryName(from)}"));

    private static Source Project(string folder, string items = "") =>
        new($"{folder}/{Path.GetFileName(folder)}.csproj", $"<Project>{items}</Project>");
}
