using System.Text.Json;
using System.Text.RegularExpressions;
using System.Xml.Linq;

namespace Commerce.AppHost;

/// <summary>A program to build, and the folder that a copy of it runs in: building again does not write into a running program.</summary>
internal sealed record Installed(string Project, string Folder);

/// <summary>Builds what a command needs, and nothing when nothing has changed.</summary>
internal sealed partial class Build(Workspace workspace, Terminal screen)
{
    private const int WouldBlock = 11; // EWOULDBLOCK: another process has the lock
    private const int WouldBlockOnMac = 35;

    private static readonly string[] Everywhere =
        ["Directory.Build.props", "Directory.Build.targets", "Directory.Packages.props", "global.json", ".editorconfig"];

    /// <summary>
    /// What the first build leaves out, which takes half of its time: analysis of the code and of known vulnerabilities. Every later build
    /// of the folder does both, of these projects too.
    /// </summary>
    private static readonly string[] First = ["-p:RunAnalyzers=false", "-p:NuGetAudit=false"];

    /// <summary>Installs programs, and shows what is built for that.</summary>
    public Task Programs(IReadOnlyList<Installed> programs, CancellationToken cancel) => programs.All(p => IsCurrent(p.Project))
        ? Programs(programs, new Silent(), cancel)
        : screen.During($"building {Names(programs)}", async progress =>
        {
            await Programs(programs, progress, cancel);
            return true;
        });

    /// <summary>
    /// Builds those of which a source changed since they were built the last time, all at once, and copies each to its folder.
    /// </summary>
    public async Task Programs(IReadOnlyList<Installed> programs, IProgress<string> progress, CancellationToken cancel)
    {
        var folders = programs.SelectMany(p => Folders(workspace.Project(p.Project))).Distinct().ToList();
        // Made beforehand: a folder that appears during the build would look like a change of the sources.
        foreach (var folder in folders)
            foreach (var made in new[] { "bin", "obj" }) Directory.CreateDirectory(Path.Combine(folder, made));

        await using var alone = await Alone(cancel);
        var changed = programs.Select(p => p.Project).Where(p => !IsCurrent(p)).ToList();
        if (changed.Count > 0)
        {
            var began = DateTime.UtcNow;
            var first = changed.All(p => !File.Exists(Path.Combine(workspace.Output(p), Workspace.ProgramOf(p))));
            await Compile(Selected(changed), first ? First : [], new Count(folders.Count, progress), cancel);
            foreach (var stamp in changed.Select(Stamp))
            {
                await File.WriteAllTextAsync(stamp, "Newer than every source that was built into this folder.\n", CancellationToken.None);
                File.SetLastWriteTimeUtc(stamp, began);
            }
        }

        foreach (var program in programs) Copy(workspace.Output(program.Project), program.Folder);
    }

    /// <summary>Whether nothing has to be built for a program.</summary>
    public bool IsCurrent(string project) => File.Exists(Stamp(project))
        && !Changed(Folders(workspace.Project(project)), File.GetLastWriteTimeUtc(Stamp(project)));

    /// <summary>What is being built, for a person.</summary>
    public static string Names(IEnumerable<Installed> programs) => string.Join(", ", programs.Select(p => Path.GetFileName(p.Project)));

    /// <summary>Builds one project and what it needs, where it is.</summary>
    public Task Project(string name, CancellationToken cancel) => Where(workspace.Project(name), $"building {name}", 0, cancel);

    public Task Solution(CancellationToken cancel) => Where(
        workspace.Solution, "building the solution", Occurrences().Count(File.ReadAllText(workspace.Solution)), cancel);

    private Task Where(string target, string what, int projects, CancellationToken cancel) => screen.During(what, async progress =>
    {
        await Compile(target, [], new Count(projects, progress), cancel);
        return true;
    });

    private async Task Compile(string target, IReadOnlyList<string> options, Count count, CancellationToken cancel)
    {
        var output = new List<string>();
        await using var compiler = await CompilerServer.Start(workspace, cancel);
        string[] command =
        [
            "build", target, "-c", "Release", "-nologo", "-v", "minimal", "-tl:off",
            // A process of MSBuild for every second core: warming one up costs more than it saves where the compiler has the other core.
            $"-m:{Math.Max(1, Environment.ProcessorCount / 2)}", .. options, .. compiler.Options,
        ];
        // Its output is read, not only shown.
        var english = new Dictionary<string, string?>(ChildEnvironment.OfTool()) { ["DOTNET_CLI_UI_LANGUAGE"] = "en" };
        await using var child = ChildProcess.Start(Workspace.Dotnet, command, workspace.Root, line =>
        {
            lock (output) output.Add(line);
            count.See(line);
        }, english);
        if (await child.Exit(cancel) == 0) return;
        var errors = output.Where(l => l.Contains(": error ", StringComparison.Ordinal)).Select(WithoutProject).Distinct().ToList();
        var shown = errors.Count > 0 ? errors : output.TakeLast(20).ToList();
        throw new CommandFailedException($"{Path.GetFileName(target)} does not build:\n{string.Join('\n', shown)}");
    }

    /// <summary>A part of the solution, as a file that <c>dotnet build</c> takes; for one project, that.</summary>
    private string Selected(IReadOnlyList<string> projects)
    {
        if (projects is [var one]) return workspace.Project(one);
        var file = Path.Combine(workspace.Data, "build.slnf");
        var solution = new
        {
            path = Path.GetRelativePath(workspace.Data, workspace.Solution),
            projects = projects.Select(p => Path.GetRelativePath(workspace.Root, workspace.Project(p)).Replace('/', '\\')),
        };
        File.WriteAllText(file, JsonSerializer.Serialize(new { solution }));
        return file;
    }

    private string Stamp(string project) => Path.Combine(workspace.Output(project), "commerce.stamp");

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
        DataFolder.Make(workspace.Data);
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

    [GeneratedRegex(@"\.csproj""")]
    private static partial Regex Occurrences();

    /// <summary>Says of each project that it is built, of how many; 0: unknown.</summary>
    private sealed partial class Count(int projects, IProgress<string> progress)
    {
        private int _built;

        /// <summary>A line of MSBuild's output.</summary>
        public void See(string line)
        {
            if (Result().Match(line) is not { Success: true } built) return;
            var done = Interlocked.Increment(ref _built);
            progress.Report($"{built.Groups[1].Value} is built ({done}{(projects > 0 ? $" of {projects}" : "")})");
        }

        [GeneratedRegex(@"^\s*(\S+) -> \S.*\.(?:dll|exe)$")]
        private static partial Regex Result();
    }

    private sealed class Silent : IProgress<string>
    {
        public void Report(string value)
        {
            // there is nothing to wait for
        }
    }
}
