using System.Text.Json;

namespace Commerce.Mutants;

/// <summary>
/// Compiles one project again and again, with exactly the arguments of its build. A build takes several seconds to find out what to do;
/// the compiler, kept warm in a process that ends with this, one.
/// </summary>
internal sealed class Compiler
{
    private static readonly string[] Quickly =
        ["-p:TreatWarningsAsErrors=false", "-p:EnforceCodeStyleInBuild=false", "-p:RunAnalyzers=false", "-p:UseSharedCompilation=false"];

    private readonly string _folder;
    private readonly string _tools;
    private readonly string _pipe;
    private readonly string[] _arguments;

    private Compiler(string folder, string pipe, JsonElement build)
    {
        (_folder, _pipe) = (folder, pipe);
        _tools = Path.Combine(build.GetProperty("Properties").GetProperty("RoslynTargetsPath").GetString()!, "bincore");
        var arguments = build.GetProperty("Items").GetProperty("CscCommandLineArgs").EnumerateArray();
        _arguments = [.. arguments.Select(a => a.GetProperty("Identity").GetString()!).Where(Kept).Select(Quoted)];

        static bool Kept(string argument) =>
            !new[] { "/out:", "/refout:", "/doc:", "/noconfig" }.Any(o => argument.StartsWith(o, StringComparison.Ordinal));

        static string Quoted(string argument) => argument.Contains(' ') && !argument.Contains('"') ? $"\"{argument}\"" : argument;
    }

    /// <summary>Builds a project and all that it needs.</summary>
    public static Task Build(string root, string project, string output, CancellationToken cancel) => DotnetProcess.Run(
        project, [.. Command(root, project), "-v:q", $"-p:OutDir={output}/", "-nodeReuse:false"], root, cancel);

    /// <summary>Reads from the build of a project, which must have been built, how it calls the compiler.</summary>
    public static async Task<Compiler> Of(string root, string project, string pipe, CancellationToken cancel)
    {
        string[] ask =
        [
            "--no-restore", "--no-dependencies", "-t:Compile", "-p:ProvideCommandLineArgs=true", "-p:SkipCompilerExecution=true",
            "-p:NonExistentFile=none", // else there would be nothing to do, and no output
            "-getItem:CscCommandLineArgs", "-getProperty:RoslynTargetsPath", "-nodeReuse:false",
        ];
        var told = await DotnetProcess.Run(project, [.. Command(root, project), .. ask], root, cancel);
        using var build = JsonDocument.Parse(told);
        return new Compiler(Path.Combine(root, project), pipe, build.RootElement);
    }

    /// <summary>Compiles what is in the project's folder now.</summary>
    public async Task Compile(string library, CancellationToken cancel)
    {
        var list = $"{library}.rsp";
        await File.WriteAllLinesAsync(list, [.. _arguments, $"\"/out:{library}\""], cancel);
        string[] call = [Path.Combine(_tools, "csc.dll"), "/noconfig", $"/shared:{_pipe}", "/keepalive:60", $"@{list}"];
        await DotnetProcess.Run(Path.GetFileName(library), call, _folder, cancel);
    }

    /// <summary>Ends the process in which the compiler was kept warm.</summary>
    public Task End() => DotnetProcess.Run(
        "The compiler", [Path.Combine(_tools, "VBCSCompiler.dll"), $"-pipename:{_pipe}", "-shutdown"], _folder, CancellationToken.None);

    private static string[] Command(string root, string project) =>
        ["build", Path.Combine(root, project, $"{Path.GetFileName(project)}.csproj"), "-c", "Release", "--nologo", .. Quickly];
}
