namespace Commerce.Mutants;

/// <summary>
/// A copy of the sources in a folder of its own, where programs without a safeguard are built. The checkout is only read.
/// </summary>
internal sealed class MutantBuilder : IAsyncDisposable
{
    private static readonly string[] Projects =
        ["Domain", "Engine", "Journal.Memory", "SingleProcess", "Providers", "Simulation", "tests/Mutants"];
    private static readonly string[] Settings = ["Directory.Build.props", "Directory.Packages.props", "global.json", ".editorconfig"];
    private static readonly TimeSpan LongestSeed = TimeSpan.FromMinutes(5);

    private readonly Dictionary<string, Compiler> _compilers = [];
    private readonly SemaphoreSlim _building = new(1);
    private readonly string _root;
    private int _programs;

    /// <summary>Copies the sources of the checkout at <paramref name="checkout"/>.</summary>
    public MutantBuilder(string checkout)
    {
        _root = Directory.CreateTempSubdirectory("commerce-mutants-").FullName;
        foreach (var file in Settings) File.Copy(Path.Combine(checkout, file), Path.Combine(_root, file));
        foreach (var project in Projects) Copy(Path.Combine(checkout, project), Path.Combine(_root, project), ["bin", "obj"]);
    }

    /// <summary>The folder of the program with all safeguards.</summary>
    public string Original => Path.Combine(_root, "original");

    /// <summary>The root of the checkout that this program was built in.</summary>
    public static string Checkout()
    {
        return Above(AppContext.BaseDirectory) ?? Above(Environment.CurrentDirectory) ?? throw new OutOfDateException(
            $"Mutants are made of the sources, and Orleans.sln is in none of the folders above {Environment.CurrentDirectory}. "
            + "Run this in a checkout.");

        static string? Above(string start)
        {
            var folder = new DirectoryInfo(start);
            while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "Orleans.sln"))) folder = folder.Parent;
            return folder?.FullName;
        }
    }

    /// <summary>Builds the program as it is; to be done first.</summary>
    public Task Build(CancellationToken cancel) => Compiler.Build(_root, "tests/Mutants", Original, cancel);

    /// <summary>Builds the program without one safeguard, one at a time; the folder it is in.</summary>
    public async Task<string> Build(Mutant mutant, CancellationToken cancel)
    {
        await _building.WaitAsync(cancel);
        try
        {
            var folder = Path.Combine(_root, $"mutant-{++_programs}");
            Copy(Original, folder, []);
            foreach (var changes in mutant.Changes.GroupBy(c => c.Project)) await Compile(changes.Key, [.. changes], folder, cancel);
            return folder;
        }
        catch (OutOfDateException problem)
        {
            throw new OutOfDateException($"Without the safeguard '{mutant.Name}' {problem.Message}");
        }
        finally
        {
            _building.Release();
        }
    }

    /// <summary>Runs seeds with the program in a folder, until one fails; how it failed, or null.</summary>
    public static async Task<Finding?> Try(string folder, int seeds, CancellationToken cancel)
    {
        string[] arguments = [Path.Combine(folder, "Commerce.Mutants.dll"), MutationRun.ProbeCommand, "1", $"{seeds}"];
        using var child = DotnetProcess.Start(arguments, folder);
        var errors = child.StandardError.ReadToEndAsync(cancel);
        var lines = new List<string>();
        try
        {
            while (await child.StandardOutput.ReadLineAsync(cancel).AsTask().WaitAsync(LongestSeed, cancel) is { } line) lines.Add(line);
            await child.WaitForExitAsync(cancel);
        }
        catch (TimeoutException)
        {
            return MutantProbe.Read(lines, $"it said nothing more for {LongestSeed.TotalMinutes} minutes");
        }
        finally
        {
            child.Kill(entireProcessTree: true); // of one that has ended, nothing
        }

        return MutantProbe.Read(lines, child.ExitCode == 0 ? null : $"it ended with {child.ExitCode}. {await errors}");
    }

    /// <summary>Removes the copy, and ends the compiler.</summary>
    public async ValueTask DisposeAsync()
    {
        if (_compilers.Count > 0) await _compilers.Values.First().End();
        _building.Dispose();
        Directory.Delete(_root, recursive: true);
    }

    private async Task Compile(string project, IReadOnlyList<Mutant> changes, string folder, CancellationToken cancel)
    {
        if (!_compilers.TryGetValue(project, out var compiler))
            _compilers[project] = compiler = await Compiler.Of(_root, project, Path.GetFileName(_root), cancel);
        var originals = new Dictionary<string, string>();
        try
        {
            foreach (var change in changes)
            {
                var file = Path.Combine(_root, change.File);
                var source = await File.ReadAllTextAsync(file, cancel);
                originals.TryAdd(file, source);
                await File.WriteAllTextAsync(file, change.In(source), cancel);
            }

            await compiler.Compile(Path.Combine(folder, $"Commerce.{project}.dll"), cancel);
        }
        finally
        {
            foreach (var (file, source) in originals)
                await File.WriteAllTextAsync(file, source, CancellationToken.None); // the next one changes the source as it was
        }
    }

    private static void Copy(string from, string to, string[] without)
    {
        Directory.CreateDirectory(to);
        foreach (var file in Directory.EnumerateFiles(from)) File.Copy(file, Path.Combine(to, Path.GetFileName(file)));
        foreach (var folder in Directory.EnumerateDirectories(from))
            if (Path.GetFileName(folder) is var name && !without.Contains(name)) Copy(folder, Path.Combine(to, name), without);
    }
}
