using Commerce.Testing;

namespace Commerce.AppHost.Tests;

/// <summary>
/// A checkout with the command and one small test project in it, so that what the command builds can be broken on purpose.
/// </summary>
internal sealed class SmallCheckout : IDisposable
{
    private static readonly string[] Everywhere =
    [
        "commerce", "global.json", "Directory.Build.props", "Directory.Build.targets", "Directory.Packages.props",
        "tests/Directory.Build.props", ".editorconfig",
    ];

    private const string Tests = """
        namespace Commerce.Sample.Tests;

        public sealed class SampleTests
        {
            [Xunit.Fact] public void This_one_passes() => Xunit.Assert.Equal(2, 1 + 1);

            [Xunit.Theory, Xunit.InlineData(1), Xunit.InlineData(2)]
            public void This_one_passes_once_and_fails_once(int n) => Xunit.Assert.Equal(1, n);

            [Xunit.Fact(Skip = "to be counted")] public void This_one_is_skipped() => Xunit.Assert.Fail("not run");
        }
        """;

    private readonly Checkout _checkout = new();

    private SmallCheckout()
    {
    }

    public string Root => Path.Combine(_checkout.Temporary, "checkout");

    /// <summary>What its commands are started with besides.</summary>
    public Dictionary<string, string?> Environment { get; } = new()
    {
        // Packages come from the machine's own folder; no other home is needed, and this one does not exist.
        ["HOME"] = "/nonexistent/home",
        ["DOTNET_CLI_HOME"] = null,
        ["NUGET_PACKAGES"] = PackageFolder,
    };

    /// <summary>Where this machine keeps its packages.</summary>
    private static string PackageFolder { get; } = System.Environment.GetEnvironmentVariable("NUGET_PACKAGES")
        ?? Path.Combine(System.Environment.GetFolderPath(System.Environment.SpecialFolder.UserProfile), ".nuget", "packages");

    /// <param name="commandBuilt">With the command as it is built here; otherwise it builds itself when it is first used.</param>
    public static async Task<SmallCheckout> Make(bool commandBuilt = true)
    {
        var made = new SmallCheckout();
        foreach (var file in Everywhere) made.CopyOf(file);
        foreach (var folder in new[] { "AppHost", "LocalPostgres" })
            foreach (var file in Directory.EnumerateFiles(Path.Combine(Checkout.Root, folder), "*", SearchOption.AllDirectories))
                if (!file.Contains("/bin/", StringComparison.Ordinal) && !file.Contains("/obj/", StringComparison.Ordinal))
                    made.CopyOf(Path.GetRelativePath(Checkout.Root, file));
        made.Write("tests/Sample.Tests/SampleTests.cs", Tests);
        var project = await File.ReadAllTextAsync(Path.Combine(Checkout.Root, "tests/Style.Tests/Style.Tests.csproj"));
        made.Write("tests/Sample.Tests/Sample.Tests.csproj", project.Replace("Style.Tests", "Sample.Tests", StringComparison.Ordinal));
        await made.Dotnet("new", "sln", "--format", "sln", "--name", "Orleans");
        await made.AddToSolution("tests/Sample.Tests/Sample.Tests.csproj");
        if (commandBuilt) made.TakeCommand();
        return made;
    }

    /// <summary>Makes a project a part of it.</summary>
    public Task AddToSolution(string project) => Dotnet("sln", "add", project);

    /// <summary>Starts its <c>./commerce</c> from another folder.</summary>
    public RunningProgram Start(string[] arguments, IReadOnlyDictionary<string, string?> environment) => RunningProgram.StartCommand(
        Path.Combine(Root, "commerce"), arguments, _checkout.Temporary, Environment.Concat(environment).ToDictionary());

    /// <summary>Runs its <c>./commerce</c> to the end, from another folder.</summary>
    public Task<(int Exit, string Output)> Run(params string[] arguments) =>
        RunningProgram.ToEnd(Path.Combine(Root, "commerce"), arguments, _checkout.Temporary, Environment);

    public void Write(string file, string text)
    {
        var path = Path.Combine(Root, file);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllText(path, text);
    }

    public void Dispose() => _checkout.Dispose();

    private async Task Dotnet(params string[] arguments)
    {
        var home = new Dictionary<string, string?>(Environment) { ["HOME"] = _checkout.Temporary };
        var (exit, output) = await RunningProgram.ToEnd("dotnet", arguments, Root, home);
        if (exit != 0) throw new InvalidOperationException(output);
    }

    /// <summary>Takes the command of the checkout that these tests were built from: the sources are the same.</summary>
    private void TakeCommand()
    {
        foreach (var file in Directory.EnumerateFiles(Path.Combine(Checkout.Root, "AppHost/bin/command"), "*", SearchOption.AllDirectories))
            CopyOf(Path.GetRelativePath(Checkout.Root, file));
        Write("AppHost/bin/command.stamp", ""); // last, so that it is newer than every source
    }

    private void CopyOf(string file)
    {
        var copy = Path.Combine(Root, file);
        Directory.CreateDirectory(Path.GetDirectoryName(copy)!);
        File.Copy(Path.Combine(Checkout.Root, file), copy);
    }
}
