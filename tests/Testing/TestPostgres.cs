using Commerce.LocalPostgres;

namespace Commerce.Testing;

/// <summary>
/// A real PostgreSQL for tests: one server a test process. It is the one that <c>COMMERCE_TEST_POSTGRES</c> names, or else a private
/// one in a temporary folder, which goes with the process.
/// </summary>
public static class TestPostgres
{
    private static readonly Lazy<Task<string>> Shared = new(StartShared);
    private static int _prefixes;

    // For gateways and silos of this process and of those that it starts: they inherit it.
    static TestPostgres()
    {
        var keys = Path.Combine(Path.GetTempPath(), $"commerce-test-keys-{Environment.ProcessId}.json");
        Environment.SetEnvironmentVariable("Commerce__Keys__File", keys);
        Environment.SetEnvironmentVariable("Commerce__Keys__Create", "true");
        AppDomain.CurrentDomain.ProcessExit += (_, _) => Array.ForEach([keys, $"{keys}.lock"], File.Delete);
    }

    /// <summary>For Npgsql; names the server and a database from which others can be made.</summary>
    public static Task<string> ConnectionString() => Shared.Value;

    /// <summary>A prefix for the databases of one test class, that no other one uses, in this process or another.</summary>
    public static string NewPrefix() =>
        $"t{Environment.ProcessId:x}_{DateTimeOffset.UtcNow.ToUnixTimeSeconds():x}_{Interlocked.Increment(ref _prefixes)}";

    /// <summary>A server of one's own, to stop and kill. Its files go with <see cref="PrivatePostgres.DisposeAsync"/>.</summary>
    public static Task<PrivatePostgres> StartPrivate() => PrivatePostgres.Start();

    private static async Task<string> StartShared()
    {
        if (Environment.GetEnvironmentVariable("COMMERCE_TEST_POSTGRES") is { Length: > 0 } given) return given;
        var server = await PrivatePostgres.Start();
        AppDomain.CurrentDomain.ProcessExit += (_, _) => server.Abandon();
        return server.ConnectionString;
    }
}
