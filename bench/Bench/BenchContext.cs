using System.Diagnostics;

namespace Commerce.Bench;

/// <summary>What every section measures with: the built programs, and PostgreSQL servers of their own.</summary>
internal sealed class BenchContext(BenchOptions options, Action<string> write) : IAsyncDisposable
{
    private readonly Stopwatch _clock = Stopwatch.StartNew();
    private readonly Dictionary<int, PrefilledDatabase> _prefilled = [];
    private BenchPostgres? _prefilledPostgres;

    public BenchOptions Options => options;

    /// <summary>The folder of all data: <c>./commerce bench</c> removes it with the programs, even when this process is killed.</summary>
    public string Folder => Path.Combine(options.Programs, "data");

    /// <summary>Version of the PostgreSQL that was used; null: none.</summary>
    public string? PostgresVersion { get; private set; }

    /// <summary>The section that is running, as progress names it.</summary>
    public string Section { get; set; } = "";

    public void Tell(string what) => write($@"[{_clock.Elapsed:h\:mm\:ss}] {Section}: {what}");

    /// <summary>Path of a built program.</summary>
    public string Program(string name) => Path.Combine(options.Programs, name, $"Commerce.{name}.dll");

    /// <summary>Each in every round, every other round backwards, so that none always comes first.</summary>
    public IEnumerable<(T One, int Round)> Alternate<T>(IReadOnlyList<T> all, int rounds, Func<T, string> name)
    {
        for (var n = 1; n <= rounds; n++)
            foreach (var one in n % 2 == 1 ? all : all.Reverse())
            {
                Tell($"{name(one)}, round {n} of {rounds}");
                yield return (one, n);
            }
    }

    /// <summary>
    /// The product's systems, for a section that measures nothing else. A quick run starts the cluster only when it is asked for by name.
    /// </summary>
    /// <exception cref="BenchException">None of them takes part.</exception>
    public IReadOnlyList<(string Name, Func<Task<SystemUnderTest>> Start)> Product(string postgres, CancellationToken cancel)
    {
        var systems = new List<(string, Func<Task<SystemUnderTest>>)>();
        if (options.Takes(SystemUnderTest.Single))
            systems.Add((SystemUnderTest.Single, () => SystemUnderTest.Up(this, postgres, silos: 0, cancel)));
        if (options.Quick && !options.Only.Contains(SystemUnderTest.Cluster))
            Tell("without the cluster: --only cluster measures it");
        else if (options.Takes(SystemUnderTest.Cluster))
            systems.Add((SystemUnderTest.Cluster, () => SystemUnderTest.Up(this, postgres, silos: 3, cancel)));
        return systems.Count > 0 ? systems : throw new BenchException(
            $"{Section} measures single and cluster: --only {string.Join(',', options.Only)} leaves nothing.");
    }

    /// <summary>Runs the work with an empty server, which is removed afterwards.</summary>
    public async Task<T> WithPostgres<T>(Func<BenchPostgres, Task<T>> work, CancellationToken cancel)
    {
        await using var postgres = await StartPostgres(cancel);
        return await work(postgres);
    }

    /// <summary>The server of the prefilled databases.</summary>
    public async Task<BenchPostgres> PrefilledPostgres(CancellationToken cancel) => _prefilledPostgres ??= await StartPostgres(cancel);

    /// <summary>A single process among this number of orders. Sections share it: to fill it takes longer than to measure.</summary>
    public async Task<PrefilledDatabase> Prefilled(int orders, CancellationToken cancel)
    {
        var postgres = await PrefilledPostgres(cancel);
        if (!_prefilled.TryGetValue(orders, out var one))
            _prefilled[orders] = one = await PrefilledDatabase.Create(this, postgres.ConnectionString, orders, cancel);
        await one.Start(cancel);
        return one;
    }

    /// <summary>Stops the processes of the prefilled databases; their data stays.</summary>
    public async Task StopPrefilled()
    {
        foreach (var one in _prefilled.Values) await one.Stop();
    }

    public async ValueTask DisposeAsync()
    {
        await StopPrefilled();
        _prefilled.Clear();
        if (_prefilledPostgres is not null) await _prefilledPostgres.DisposeAsync();
        _prefilledPostgres = null;
    }

    private async Task<BenchPostgres> StartPostgres(CancellationToken cancel)
    {
        var folder = Path.Combine(Folder, $"postgres-{Guid.NewGuid():N}");
        var postgres = await BenchPostgres.Start(folder, options.Quick ? 500 : 2_000, Tell, cancel);
        PostgresVersion ??= await postgres.Version(cancel);
        return postgres;
    }
}
