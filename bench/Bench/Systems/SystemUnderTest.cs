using System.Net;
using System.Net.Sockets;
using System.Text.Json;
using Commerce.Client;
using Commerce.LocalPostgres;
using Npgsql;

namespace Commerce.Bench;

/// <summary>A running system that is measured: one process or more, at one address.</summary>
internal sealed class SystemUnderTest : IAsyncDisposable
{
    public const string Single = "single";
    public const string Cluster = "cluster";
    public const string Naive = "naive";
    public const string Marten = "marten";

    /// <summary>The system that the others are compared with.</summary>
    public const string Plain = "plain";

    public static readonly IReadOnlyList<string> Names = [Single, Cluster, Plain, Naive, Marten, PostgresBaseline.Name];

    private static readonly TimeSpan StartPatience = TimeSpan.FromMinutes(10); // up may have to build first, or wait for a build
    private static readonly TimeSpan StopPatience = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan FollowPatience = TimeSpan.FromMinutes(10);

    /// <summary>For the hand-written systems, what <c>./commerce up</c> tells processes that share the cores with PostgreSQL.</summary>
    private static readonly Dictionary<string, string> SharedCores = new()
    {
        ["DOTNET_ThreadPool_UnfairSemaphoreSpinLimit"] = "0", ["DOTNET_gcServer"] = "0",
    };

    private readonly IReadOnlyList<ChildProgram> _programs;
    private readonly bool _isOurs;

    private SystemUnderTest(
        string name, string databases, string address, IReadOnlyList<ChildProgram> programs, IReadOnlyList<int>? processes = null) =>
        (Name, Databases, Address, _programs, ProcessIds, _isOurs) =
            (name, databases, new Uri(address), programs, processes ?? [.. programs.Select(p => p.Id)], processes is not null);

    public string Name { get; }

    /// <summary>Its database, or the prefix of its databases' names.</summary>
    public string Databases { get; }

    public Uri Address { get; }

    /// <summary>The processes that serve; their memory and CPU are the system's.</summary>
    public IReadOnlyList<int> ProcessIds { get; }

    /// <summary>The file of the keys with which the product seals what is personal in the databases of this prefix.</summary>
    public static string KeyRingOf(BenchContext bench, string prefix) => Path.Combine(bench.Folder, prefix, "keys.json");

    /// <summary>The product, started by <c>./commerce up</c> with the settings that it gives its processes.</summary>
    /// <param name="bench">The checkout and the folders.</param>
    /// <param name="postgres">The server, as an Npgsql connection string.</param>
    /// <param name="silos">Number of silos; 0: the single process.</param>
    /// <param name="cancel">Cancels the start.</param>
    /// <param name="prefix">Prefix of its databases' names; null: the system's name.</param>
    public static async Task<SystemUnderTest> Up(
        BenchContext bench, string postgres, int silos, CancellationToken cancel, string? prefix = null)
    {
        var name = silos == 0 ? Single : Cluster;
        string[] kind = silos == 0 ? ["--single"] : ["--silos", $"{silos}"];
        // By a file: other users of the machine see arguments.
        var connection = Path.Combine(bench.Folder, $"{prefix ?? name}.connection");
        Directory.CreateDirectory(bench.Folder);
        PrivateFolder.Write(connection, postgres);
        var up = ChildProgram.Start(
            "./commerce up", "{",
            [
                Path.Combine(bench.Options.Root, "commerce"), "up", .. kind, "--json", "--port", "0", "--postgres", $"@{connection}",
                "--data", Path.Combine(bench.Folder, prefix ?? name),
            ],
            new Dictionary<string, string>
            {
                ["Commerce__Prefix"] = prefix ?? name, ["Commerce__Keys__File"] = KeyRingOf(bench, prefix ?? name),
                ["Commerce__ApiKeys__bench__Key"] = OrderClient.Key,
                ["Commerce__ApiKeys__bench__Roles__0"] = "merchandiser", ["Commerce__ApiKeys__bench__Roles__1"] = "warehouse",
                ["Commerce__ApiKeys__bench__Roles__2"] = "customer-service", ["Commerce__ApiKeys__bench__Roles__3"] = "operator",
                ["Commerce__ApiKeys__bench__Roles__4"] = "finance", ["Commerce__ApiKeys__bench__Roles__5"] = "importer",
            });
        var running = JsonSerializer.Deserialize<UpAnswer>(await Answer(up, [up], cancel), JsonSerializerOptions.Web)!;
        return new SystemUnderTest(name, prefix ?? name, running.Url, [up], [.. running.Processes.Select(p => p.Pid)]);
    }

    /// <summary>The hand-written service.</summary>
    public static async Task<SystemUnderTest> StartPlain(string program, string postgres, CancellationToken cancel)
    {
        var service = Start(Plain, program, new Dictionary<string, string> { ["PLAIN_POSTGRES"] = postgres });
        return new SystemUnderTest(Plain, DatabaseOf(postgres), await Answer(service, [service], cancel), [service]);
    }

    /// <summary>Event-sourced orders on Marten and Wolverine.</summary>
    public static async Task<SystemUnderTest> StartMarten(string program, string postgres, CancellationToken cancel)
    {
        var service = Start(Marten, program, new Dictionary<string, string> { ["MARTEN_POSTGRES"] = postgres });
        return new SystemUnderTest(Marten, DatabaseOf(postgres), await Answer(service, [service], cancel), [service]);
    }

    /// <summary>Orleans with one grain an entity: silos, and a gateway. Its database is <c>PREFIX_cluster</c>.</summary>
    public static async Task<SystemUnderTest> StartNaive(
        string program, string postgres, int silos, CancellationToken cancel, string prefix = Naive)
    {
        var shared = new Dictionary<string, string>
        {
            ["NAIVE_POSTGRES"] = postgres, ["NAIVE_PREFIX"] = prefix, ["DOTNET_TieredPGO"] = "0",
            ["DOTNET_GCHeapHardLimitPercent"] = $"{60 / (silos + 1):x}",
        };
        var ports = FreePorts(2 * silos);
        var programs = new List<ChildProgram>();
        for (var n = 0; n < silos; n++)
        {
            programs.Add(Start($"naive silo {n + 1}", program, new Dictionary<string, string>(shared)
            {
                ["NAIVE_SILO_PORT"] = ports[n], ["NAIVE_GATEWAY_PORT"] = ports[silos + n], ["NAIVE_PRIMARY_PORT"] = ports[0],
            }));
            await Answer(programs[^1], programs, cancel);
        }

        programs.Add(Start("naive gateway", program, new Dictionary<string, string>(shared)
        {
            ["NAIVE_GATEWAYS"] = string.Join(',', ports.Skip(silos)),
        }));
        return new SystemUnderTest(Naive, prefix, await Answer(programs[^1], programs, cancel), programs);
    }

    /// <summary>Waits until subscriptions and read models have seen every fact: their cost belongs to the load that caused it.</summary>
    public async Task CatchUp(CancellationToken cancel, Action<string>? tell = null)
    {
        if (!_isOurs) return;
        using var client = new CommerceClient(new CommerceOptions(Address) { ApiKey = OrderClient.Key });
        using var late = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        late.CancelAfter(FollowPatience);
        for (var round = 1; ; round++)
        {
            var models = await client.GetReadModelsAsync(cancel);
            var subscriptions = await client.GetSubscriptionsAsync(cancel);
            if (subscriptions.Parked.Count > 0) throw new BenchException($"A subscription failed: {subscriptions.Parked[0].Reason}");
            var facts = models.Sum(m => m.Lag) + subscriptions.Lag.Sum(s => s.Facts);
            if (facts == 0 && models.All(m => m.State == ReadModelState.Following)) return;
            if (late.IsCancellationRequested)
                throw new BenchException($"{FollowPatience.TotalMinutes} minutes after the load, {facts} facts are still to be read.");
            if (round % 40 == 0) tell?.Invoke($"{facts:#,0} facts are still to be read by read models");
            await Task.Delay(250, cancel);
        }
    }

    /// <summary>Stops it as an operator does.</summary>
    public async Task Stop()
    {
        foreach (var program in _programs.Reverse())
            if (!await program.Stop(StopPatience))
                throw new BenchException($"{Name} did not stop within {StopPatience.TotalSeconds:0} s.");
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var program in _programs.Reverse()) await program.DisposeAsync();
    }

    private static string DatabaseOf(string connectionString) => new NpgsqlConnectionStringBuilder(connectionString).Database!;

    private static ChildProgram Start(string name, string program, Dictionary<string, string> settings) => ChildProgram.Start(
        name, "ready: ", [ChildProgram.Dotnet, program],
        [.. SharedCores, .. settings, new("ASPNETCORE_URLS", "http://127.0.0.1:0")], Path.GetDirectoryName(program));

    private static async Task<string> Answer(ChildProgram program, IReadOnlyList<ChildProgram> all, CancellationToken cancel)
    {
        try
        {
            return await program.Answer(StartPatience, cancel);
        }
        catch
        {
            foreach (var one in all) await one.DisposeAsync();
            throw;
        }
    }

    private static IReadOnlyList<string> FreePorts(int count)
    {
        var listeners = Enumerable.Range(0, count).Select(_ => new TcpListener(IPAddress.Loopback, 0)).ToList();
        listeners.ForEach(l => l.Start());
        var ports = listeners.Select(l => $"{((IPEndPoint)l.LocalEndpoint).Port}").ToList();
        listeners.ForEach(l => l.Dispose());
        return ports;
    }

    /// <summary>What <c>./commerce up --json</c> says.</summary>
    private sealed record UpAnswer(string Url, IReadOnlyList<UpProcess> Processes);

    private sealed record UpProcess(string Name, int Pid);
}
