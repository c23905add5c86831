using System.Net;
using System.Net.Sockets;
using System.Runtime.CompilerServices;
using Commerce.Testing;
using Xunit;

namespace Commerce.Cluster.Tests;

/// <summary>One process of a cluster, which can be killed and started again at its address.</summary>
internal sealed class Member(string name, string program, Uri health, IReadOnlyDictionary<string, string> environment) : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(3);

    private readonly HttpClient _http = new() { Timeout = TimeSpan.FromSeconds(5) };
    private RunningProgram? _running;

    public string Name { get; } = name;

    /// <summary>The program's file; another one for a rolling upgrade.</summary>
    public string Program { get; set; } = program;

    /// <summary>All that its present process has said.</summary>
    public string Output => _running?.Output ?? "";

    /// <summary>Starts it; <see cref="Ready"/> tells when it serves.</summary>
    public void Launch() => _running = RunningProgram.Start(Program, environment);

    /// <summary>Waits until it says that it is ready.</summary>
    public async Task Ready()
    {
        for (var end = DateTime.UtcNow + Patience; !await IsReady(); await Task.Delay(100))
        {
            Assert.False(_running!.HasExited, $"{Name} ended before it was ready. It said:\n{Tail()}");
            Assert.True(DateTime.UtcNow < end, $"{Name} was not ready after {Patience.TotalMinutes} minutes. It said:\n{Tail()}");
        }
    }

    public Task Kill() => _running!.Kill();

    /// <summary>Stops it in good order.</summary>
    public async Task Stop() => Assert.True(await _running!.Stop() == 0, $"{Name} did not end in good order. It said:\n{Tail()}");

    public async ValueTask DisposeAsync()
    {
        _http.Dispose();
        if (_running is not null) await _running.DisposeAsync();
    }

    private async Task<bool> IsReady()
    {
        try
        {
            using var answer = await _http.GetAsync(new Uri(health, "/health/ready"));
            return answer.IsSuccessStatusCode;
        }
        catch (Exception away) when (away is HttpRequestException or TaskCanceledException)
        {
            return false;
        }
    }

    private string Tail() => string.Join('\n', Output.Split('\n').TakeLast(20));
}

/// <summary>Silos and a gateway as processes of their own, on databases of their own.</summary>
internal sealed class LocalCluster : IAsyncDisposable
{
    private static int _clusters;

    private LocalCluster(IReadOnlyList<Member> silos, Member gateway, Uri address) =>
        (Silos, Gateway, Address) = (silos, gateway, address);

    public IReadOnlyList<Member> Silos { get; }

    public Member Gateway { get; }

    /// <summary>Where the gateway serves.</summary>
    public Uri Address { get; }

    public IEnumerable<Member> Members => [.. Silos, Gateway];

    /// <summary>Starts it; ready when this completes.</summary>
    public static async Task<LocalCluster> Start(string postgres, int silos = 3)
    {
        var common = new Dictionary<string, string>
        {
            ["Commerce__Postgres"] = postgres,
            ["Commerce__Prefix"] = TestPostgres.NewPrefix(),
            ["Commerce__Silo__ProbeSeconds"] = "2", // as ./commerce up has it: a busy machine may stand still for a second
            ["Commerce__Cluster__Id"] = $"test-{Environment.ProcessId}-{Interlocked.Increment(ref _clusters)}",
        };
        var ports = FreePorts((3 * silos) + 1);
        Member Silo(int n) => new($"silo-{n + 1}", ProgramOf("Silo"), Local(ports[3 * n]), With(common,
            ("Commerce__Silo__Name", $"silo-{n + 1}"), ("Commerce__Silo__HealthPort", $"{ports[3 * n]}"),
            ("Commerce__Silo__Port", $"{ports[(3 * n) + 1]}"), ("Commerce__Silo__GatewayPort", $"{ports[(3 * n) + 2]}")));
        var address = Local(ports[^1]);
        var gateway = new Member("gateway", ProgramOf("ApiGateway"), address, With(common,
            ("Commerce__Engine", "cluster"), ("Commerce__Port", $"{ports[^1]}")));
        var cluster = new LocalCluster([.. Enumerable.Range(0, silos).Select(Silo)], gateway, address);
        try
        {
            await cluster.LaunchAll();
            return cluster;
        }
        catch
        {
            await cluster.DisposeAsync();
            throw;
        }
    }

    /// <summary>Starts every process that is not running and waits until all are ready.</summary>
    public async Task LaunchAll()
    {
        foreach (var member in Members) member.Launch();
        await Task.WhenAll(Members.Select(m => m.Ready()));
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var member in Members) await member.DisposeAsync();
    }

    /// <summary>The built program of a project.</summary>
    public static string ProgramOf(string project) =>
        Path.Combine(Root(), project, "bin", Configuration(), "net10.0", $"Commerce.{project}.dll");

    /// <summary>The checkout that these tests were built from.</summary>
    public static string Root([CallerFilePath] string here = "") => Path.GetFullPath("../..", Path.GetDirectoryName(here)!);

    private static string Configuration() => new DirectoryInfo(AppContext.BaseDirectory).Parent!.Name;

    private static Dictionary<string, string> With(Dictionary<string, string> common, params (string Name, string Value)[] more)
    {
        var all = new Dictionary<string, string>(common);
        foreach (var (name, value) in more) all[name] = value;
        return all;
    }

    private static Uri Local(int port) => new($"http://127.0.0.1:{port}");

    /// <summary>
    /// Below those that the system gives to outgoing connections, one of which could take the port of a process that is being restarted.
    /// </summary>
    private static int[] FreePorts(int count)
    {
        var found = new List<int>();
        for (var port = Random.Shared.Next(12_000, 28_000); found.Count < count; port++)
        {
            using var listener = new TcpListener(IPAddress.Loopback, port);
            try
            {
                listener.Start();
                found.Add(port);
            }
            catch (SocketException)
            {
                continue; // somebody else's
            }
        }

        return [.. found];
    }
}
