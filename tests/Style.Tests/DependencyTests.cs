using System.Xml.Linq;
using Xunit;

namespace Commerce.Style.Tests;

public sealed class DependencyTests
{
    [Fact]
    public void Every_project_uses_what_dependencies_txt_says()
    {
        var actual = string.Concat(Tree.Projects.Select(Describe));
        var lines = Tree.File("dependencies.txt").Text.Split('\n').Where(l => !l.StartsWith('#') && l.Length > 0);
        var agreed = string.Concat(lines.Select(l => l + "\n"));
        Assert.True(agreed == actual, $"A new dependency is a decision: if it is meant, dependencies.txt must say\n\n{actual}");
    }

    [Fact]
    public void A_reference_that_is_not_agreed_is_seen() => Assert.Equal(
        "Grains\n  framework Microsoft.AspNetCore.App\n  project Domain\n  project tests/Testing\n  package Npgsql\n",
        Describe(new("Grains/Grains.csproj", """
            <Project>
              <ItemGroup><PackageReference Include="Npgsql" /><FrameworkReference Include="Microsoft.AspNetCore.App" /></ItemGroup>
              <ItemGroup>
                <ProjectReference Include="../tests/Testing/Testing.csproj" /><ProjectReference Include="../Domain/Domain.csproj" />
              </ItemGroup>
            </Project>
            """)));

    [Fact]
    public void The_solution_has_every_project()
    {
        var solution = Tree.File("Orleans.sln").Text.Replace('\\', '/');
        Assert.All(Tree.Projects, p => Assert.Contains($"\"{p.Path}\"", solution));
    }

    /// <summary>A project and what it uses, in the words of dependencies.txt.</summary>
    private static string Describe(Source project)
    {
        var items = XDocument.Parse(project.Text).Descendants().ToList();
        var folder = Folder(project.Path);
        IEnumerable<string> Used(string item, string word, Func<string, string> name) => items.Where(i => i.Name.LocalName == item)
            .Select(i => $"  {word} {name(i.Attribute("Include")!.Value)}\n").Order(StringComparer.Ordinal);
        string Referenced(string path) => Folder(Path.GetRelativePath("/", Path.GetFullPath(path.Replace('\\', '/'), $"/{folder}")));
        return string.Concat([
            $"{folder}\n",
            .. Used("FrameworkReference", "framework", n => n),
            .. Used("ProjectReference", "project", Referenced),
            .. Used("PackageReference", "package", n => n),
        ]);
    }

    private static string Folder(string project) => project[..project.LastIndexOf('/')];
}
