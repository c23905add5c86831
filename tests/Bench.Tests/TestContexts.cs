namespace Commerce.Bench.Tests;

/// <summary>Contexts that start the checkout's own <c>./commerce up</c>, with data that is removed after the test.</summary>
internal sealed class TestContexts : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("commerce-bench-tests-").FullName;

    public BenchContext Create(BenchOptions? options = null, Action<string>? tell = null) =>
        new((options ?? BenchOptions.Short) with { Programs = _folder, Root = Root() }, tell ?? (_ => { }));

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private static string Root()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder.FullName, "Orleans.sln"))) folder = folder.Parent!;
        return folder.FullName;
    }
}
