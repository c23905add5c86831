using BenchmarkDotNet.Attributes;
using Commerce.Engine;
using Commerce.Journal;
using Commerce.Kernel;

namespace Commerce.Micro;

/// <summary>Appends that arrive together, to a real and durable journal.</summary>
public class JournalAppends
{
    private static readonly Capability Capability = new("Journal", [], new FactCatalog(), []);

    private static int _entities;

    private CommerceDatabases _databases = null!;
    private PostgresJournal _journal = null!;

    /// <summary>Where PostgreSQL is.</summary>
    public static string Postgres { get; set; } = "";

    [Params(1, 16, 256)]
    public int Batch { get; set; }

    [GlobalSetup]
    public void Open()
    {
        _databases = CommerceDatabases.Open(Postgres, "micro", [Capability]).GetAwaiter().GetResult();
        _journal = _databases.Journal(Capability.Name);
    }

    [Benchmark(Description = "append to PostgreSQL, together")]
    public async Task Append()
    {
        var appends = new Task<AppendResult>[Batch];
        for (var n = 0; n < appends.Length; n++) appends[n] = _journal.Append(One());
        foreach (var appended in await Task.WhenAll(appends))
            if (appended is not AppendResult.Committed) throw new InvalidOperationException($"Not committed: {appended}");
    }

    [GlobalCleanup]
    public void Close() => _databases.DisposeAsync().AsTask().GetAwaiter().GetResult();

    private static AppendRequest One()
    {
        var number = Interlocked.Increment(ref _entities);
        return new AppendRequest(
            new EntityId("thing", $"{Environment.ProcessId}-{number}"), 0, [new EncodedFact("happened/1", """{"of":"thing","makes":1}""")],
            $"operation-{number}", $"fingerprint-{number}", "\"answer\"", DateTimeOffset.UtcNow, "micro");
    }
}
