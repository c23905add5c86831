using System.Xml.Linq;
using Commerce.Testing;

namespace Commerce.Cluster.Tests;

/// <summary>Sources of this checkout in a folder of their own, to be changed and built there.</summary>
internal sealed class SourceCopy : IDisposable
{
    /// <summary>Copies these projects and all that they refer to, and what all projects share.</summary>
    public SourceCopy(params IEnumerable<string> projects)
    {
        var root = LocalCluster.Root();
        foreach (var file in Directory.EnumerateFiles(root).Where(f => Path.GetExtension(f) is ".props" or ".json" or ".editorconfig"))
            File.Copy(file, PathOf(Path.GetFileName(file)));
        Directory.CreateDirectory(PathOf("tests"));
        File.Copy(Path.Combine(root, "tests", "Directory.Build.props"), PathOf("tests/Directory.Build.props"));
        foreach (var folder in projects.SelectMany(p => WithReferences(Path.Combine(root, p))).Distinct())
            Copy(folder, PathOf(Path.GetRelativePath(root, folder)));
    }

    /// <summary>Where it is.</summary>
    public string Root { get; } = Directory.CreateTempSubdirectory("commerce-copy-").FullName;

    /// <summary>A file or folder of it.</summary>
    public string PathOf(string file) => Path.Combine(Root, file);

    /// <summary>The built program of a project.</summary>
    public string ProgramOf(string project) =>
        Path.Combine(Root, project, "bin", "Release", "net10.0", $"Commerce.{Path.GetFileName(project)}.dll");

    /// <summary>Builds a project or a solution; gives what the compiler complains of, and nothing where it is built.</summary>
    public async Task<string> Build(string target)
    {
        await using var build = RunningProgram.Start(
            "build", new Dictionary<string, string>(), PathOf(target), "-c", "Release", "-nologo", "-v", "quiet", "-tl:off");
        return await build.Exit() == 0 ? "" : build.Output;
    }

    public void Dispose() => Directory.Delete(Root, recursive: true);

    private static IEnumerable<string> WithReferences(string folder) =>
        XDocument.Load(Directory.GetFiles(folder, "*.csproj").Single()).Descendants("ProjectReference")
            .SelectMany(r => WithReferences(Path.GetDirectoryName(Path.GetFullPath(r.Attribute("Include")!.Value, folder))!))
            .Prepend(folder);

    private static void Copy(string from, string to)
    {
        Directory.CreateDirectory(to);
        foreach (var file in Directory.EnumerateFiles(from)) File.Copy(file, Path.Combine(to, Path.GetFileName(file)));
        foreach (var folder in Directory.EnumerateDirectories(from).Where(f => Path.GetFileName(f) is not ("bin" or "obj")))
            Copy(folder, Path.Combine(to, Path.GetFileName(folder)));
    }
}
