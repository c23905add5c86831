namespace Commerce.AppHost;

/// <summary>
/// The compiler as a process that all projects of one build share: after the first it is warm. It ends with the build; the one that the
/// compiler would start by itself stays behind.
/// </summary>
internal sealed class CompilerServer : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    private readonly string _name = $"commerce-{Guid.NewGuid():N}";
    private readonly ChildProcess? _process;

    private CompilerServer(string? program, string folder)
    {
        if (program is null) return;
        _process = ChildProcess.Start(Workspace.Dotnet, [program, $"-pipename:{_name}"], folder, _ => { }, ChildEnvironment.OfTool());
    }

    /// <summary>For the command line of the build.</summary>
    public IReadOnlyList<string> Options =>
        _process is null ? [] : ["-p:UseSharedCompilation=true", $"-p:SharedCompilationId={_name}"];

    /// <summary>Starts it, if this SDK has it where SDKs do; otherwise each project is compiled by a process of its own.</summary>
    public static async Task<CompilerServer> Start(Workspace workspace, CancellationToken cancel)
    {
        var version = "";
        await using (var asked = ChildProcess.Start(
            Workspace.Dotnet, ["--version"], workspace.Root, line => version = line, ChildEnvironment.OfTool()))
            await asked.Exit(cancel);
        var home = Path.GetDirectoryName(Workspace.Dotnet) ?? "";
        var program = Path.Combine(home, "sdk", version, "Roslyn", "bincore", "VBCSCompiler.dll");
        return new CompilerServer(File.Exists(program) ? program : null, workspace.Root);
    }

    public async ValueTask DisposeAsync()
    {
        if (_process is null) return;
        await _process.Stop(Patience);
        await _process.DisposeAsync();
    }
}
