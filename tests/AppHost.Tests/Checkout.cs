using Commerce.Testing;

namespace Commerce.AppHost.Tests;

/// <summary>The checkout that these tests were built from, and a place that is gone after them.</summary>
internal sealed class Checkout : IDisposable
{
    /// <summary>Where its <c>commerce</c> is.</summary>
    public static string Root { get; } = FindRoot();

    /// <summary>A folder that only this user can enter.</summary>
    public string Temporary { get; } = Directory.CreateTempSubdirectory("commerce-up-").FullName;

    /// <summary>Starts <c>./commerce</c> from a folder that has nothing to do with it.</summary>
    public RunningProgram Start(params string[] arguments) =>
        RunningProgram.StartCommand(Path.Combine(Root, "commerce"), arguments, Temporary);

    /// <summary>Runs <c>./commerce</c> to its end.</summary>
    public Task<(int Exit, string Output)> Run(params string[] arguments) => Run(arguments, null);

    /// <summary>Runs <c>./commerce</c> to its end with some of its environment changed.</summary>
    public Task<(int Exit, string Output)> Run(string[] arguments, IReadOnlyDictionary<string, string?>? environment) =>
        RunningProgram.ToEnd(Path.Combine(Root, "commerce"), arguments, Temporary, environment);

    public void Dispose() => Directory.Delete(Temporary, recursive: true);

    private static string FindRoot()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder.FullName, "Orleans.sln")))
            folder = folder.Parent ?? throw new InvalidOperationException($"No Orleans.sln above {AppContext.BaseDirectory}.");
        return folder.FullName;
    }
}
