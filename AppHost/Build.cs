using System.Xml.Linq;

namespace Commerce.AppHost;

/// <summary>Builds what a command needs, and nothing when nothing has changed.</summary>
internal sealed class Build(Workspace workspace, Terminal screen)
{
    private const int WouldBlock = 11; // EWOULDBLOCK: another process has the lock
    private const int WouldBlockOnMac = 35;

    private static readonly string[] Everywhere = ["Directory.Build.props", "Directory.Packages.props", "global.json", ".editorconfig"];

    /// <summary>
    /// Builds one project and what it needs, if any of their sources changed since it was built the last time, and copies it to
    /// <paramref name="install"/>: what runs is a copy, so that building again meanwhile does not write into a running program.
    /// </summary>
    public async Task Project(string name, string install, CancellationToken cancel)
    {
        var folders = Folders(workspace.Project(name)).ToList();
        // Made beforehand: a folder that appears during the build would look like a change of the sources.
        foreach (var folder in folders)
            foreach (var made in new[] { "bin", "obj" }) Directory.CreateDirectory(Path.Combine(folder, made));

        await using var alone = await Alone(cancel);
        var stamp = Path.Combine(workspace.Output(name), "commerce.stamp");
        if (!File.Exists(stamp) || Changed(folders, File.GetLastWriteTimeUtc(stamp)))
        {
            var began = DateTime.UtcNow;
            await Run($"building {name}", workspace.Project(name), cancel);
            await File.WriteAllTextAsync(stamp, "Newer than every source that was built into this folder.\n", CancellationToken.None);
            File.SetLastWriteTimeUtc(stamp, began);
        }

        Copy(workspace.Output(name), install);
    }

    /// <summary>Builds one project and what it needs, where it is.</summary>
    public Task Project(string name, CancellationToken cancel) => Run($"building {name}", workspace.Project(name), cancel);

    public Task Solution(CancellationToken cancel) => Run("building the solution", workspace.Solution, cancel);

    private async Task Run(string what, string target, CancellationToken cancel)
    {
        var (exit, output) = await screen.During(what, _ => Compile(target, cancel));
        if (exit == 0) return;
        var errors = output.Where(l => l.Contains(": error ", StringComparison.Ordinal)).Select(WithoutProject).Distinct().ToList();
        var shown = errors.Count > 0 ? errors : output.TakeLast(20).ToList();
        throw new CommandFailedException($"{Path.GetFileName(target)} does not build:\n{string.Join('\n', shown)}");
    }

    private async Task<(int Exit, IReadOnlyList<string> Output)> Compile(string target, CancellationToken cancel)
    {
        var output = new List<string>();
        string[] command = ["build", target, "-c", "Release", "-nologo", "-v", "quiet", "-tl:off"];
        // Its errors are read, not only shown.
        var english = new Dictionary<string, string?> { ["DOTNET_CLI_UI_LANGUAGE"] = "en" };
        await using var child = ChildProcess.Start(
            Workspace.Dotnet, command, workspace.Root, line => { lock (output) output.Add(line); }, english);
        return (await child.Exit(cancel), output);
    }

    private static string WithoutProject(string line) =>
        line.EndsWith(']') && line.LastIndexOf(" [", StringComparison.Ordinal) is > 0 and var at ? line[..at] : line;

    /// <summary>The folder of a project and, through its references, of everything that goes into it.</summary>
    private static IEnumerable<string> Folders(string project) =>
        References(project).SelectMany(Folders).Prepend(Path.GetDirectoryName(project)!).Distinct();

    private static IEnumerable<string> References(string project) => XDocument.Load(project).Descendants("ProjectReference")
        .Select(r => Path.GetFullPath(r.Attribute("Include")!.Value.Replace('\\', '/'), Path.GetDirectoryName(project)!));

    /// <summary>Two commands that start at the same time do not build into the same folders at the same time.</summary>
    private async Task<FileStream> Alone(CancellationToken cancel)
    {
        Directory.CreateDirectory(workspace.Data);
        while (true)
        {
            try
            {
                return new FileStream(
                    Path.Combine(workspace.Data, "build.lock"), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
            }
            catch (IOException held) when (held.HResult is WouldBlock or WouldBlockOnMac)
            {
                await Task.Delay(200, cancel);
            }
        }
    }

    private static void Copy(string source, string target)
    {
        if (Directory.Exists(target)) Directory.Delete(target, recursive: true);
        foreach (var file in Directory.EnumerateFiles(source, "*", SearchOption.AllDirectories))
        {
            var copy = Path.Combine(target, Path.GetRelativePath(source, file));
            Directory.CreateDirectory(Path.GetDirectoryName(copy)!);
            File.Copy(file, copy);
        }
    }

    private bool Changed(IEnumerable<string> folders, DateTime since) =>
        Everywhere.Select(f => Path.Combine(workspace.Root, f)).Any(f => File.GetLastWriteTimeUtc(f) > since)
        || folders.Any(f => Newer(new DirectoryInfo(f), since));

    /// <summary>Folders count too: one changes when a file in it is removed.</summary>
    private static bool Newer(DirectoryInfo folder, DateTime since) =>
        folder.LastWriteTimeUtc > since
        || folder.EnumerateFiles().Any(f => f.LastWriteTimeUtc > since)
        || folder.EnumerateDirectories().Any(d => d.Name is not ("bin" or "obj") && Newer(d, since));
}
