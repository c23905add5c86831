using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace Commerce.Bench;

/// <summary>What is measured: a service of one process or more, at one address.</summary>
/// <param name="Name">As the tables name it.</param>
/// <param name="Address">Where it serves.</param>
/// <param name="Processes">All that it consists of, PostgreSQL apart.</param>
internal sealed record Subject(string Name, Uri Address, IReadOnlyList<ServiceProcess> Processes) : IAsyncDisposable
{
    /// <summary>The one that ratios are to.</summary>
    public const string Reference = "plain";

    /// <summary>All that can be measured.</summary>
    public static readonly IReadOnlyList<string> Names = ["single", "cluster", Reference, "naive", Limit.Name];

    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    /// <summary>One process on a machine with PostgreSQL, as <c>./commerce up --single</c> tells it.</summary>
    private static readonly Dictionary<string, string> SharingWithPostgres = new()
    {
        ["DOTNET_ThreadPool_UnfairSemaphoreSpinLimit"] = "0", ["DOTNET_gcServer"] = "0",
    };

    /// <summary>Several processes on one machine, as <c>./commerce up</c> tells them.</summary>
    private static readonly Dictionary<string, string> Sharing = new(SharingWithPostgres) { ["DOTNET_TieredPGO"] = "0" };

    /// <summary>Waits until what a load has left to do is done; null: it leaves nothing.</summary>
    public Func<CancellationToken, Task>? Settled { get; init; }

    /// <summary>
    /// A gateway with everything in its own process, told as <c>./commerce up --single</c> tells it; its databases begin with
    /// <paramref name="prefix"/>.
    /// </summary>
    public static async Task<Subject> SingleProcess(
        Workbench bench, string postgres, CancellationToken cancel, string prefix = "single")
    {
        var port = FreePort();
        var gateway = ServiceProcess.Start(
            "the single process", bench.Program("ApiGateway"),
            new Dictionary<string, string>(SharingWithPostgres)
            {
                ["Commerce__Postgres"] = postgres, ["Commerce__Prefix"] = prefix, ["Commerce__Port"] = Text(port),
                ["Commerce__Engine"] = "single",
            },
            Health(port));
        return await WithFollowers("single", port, [gateway], cancel);
    }

    /// <summary>So many silos and a gateway, told to share the machine as <c>./commerce up</c> tells them.</summary>
    public static async Task<Subject> Cluster(
        Workbench bench, string postgres, int silos, CancellationToken cancel, string prefix = "cluster")
    {
        var shared = new Dictionary<string, string>(Sharing)
        {
            ["Commerce__Postgres"] = postgres, ["Commerce__Prefix"] = prefix, ["Commerce__Cluster__Id"] = "bench",
        };
        var (port, processes) = await OneByOne(
            silos,
            (n, health) => ServiceProcess.Start(
                $"silo {n}", bench.Program("Silo"),
                new Dictionary<string, string>(shared)
                {
                    ["Commerce__Silo__Name"] = $"silo-{n}", ["Commerce__Silo__Address"] = "127.0.0.1",
                    ["Commerce__Silo__Port"] = Text(FreePort()), ["Commerce__Silo__GatewayPort"] = Text(FreePort()),
                    ["Commerce__Silo__HealthPort"] = Text(health),
                },
                Health(health)),
            at => ServiceProcess.Start(
                "the gateway", bench.Program("ApiGateway"),
                new Dictionary<string, string>(shared) { ["Commerce__Port"] = Text(at), ["Commerce__Engine"] = "cluster" }, Health(at)),
            cancel);
        return await WithFollowers("cluster", port, processes, cancel);
    }

    /// <summary>The service that most would write by hand, told the same as the single process.</summary>
    public static Task<Subject> Plain(string program, string postgres, CancellationToken cancel)
    {
        var port = FreePort();
        var service = ServiceProcess.Start(
            Reference, program,
            new Dictionary<string, string>(SharingWithPostgres)
            {
                ["PLAIN_POSTGRES"] = postgres, ["ASPNETCORE_URLS"] = $"http://127.0.0.1:{port}",
            },
            Health(port));
        return Ready(Reference, port, [service], cancel);
    }

    /// <summary>One grain an entity, its state written on each call: silos and a gateway that share the machine as ours do.</summary>
    /// <param name="program">The program of both.</param>
    /// <param name="postgres">The server.</param>
    /// <param name="silos">How many.</param>
    /// <param name="cancel">Gives up.</param>
    /// <param name="prefix">Its database is <c>PREFIX_cluster</c>.</param>
    public static async Task<Subject> Naive(
        string program, string postgres, int silos, CancellationToken cancel, string prefix = "naive")
    {
        var shared = new Dictionary<string, string>(Sharing) { ["NAIVE_POSTGRES"] = postgres, ["NAIVE_PREFIX"] = prefix };
        var (ports, gateways) = (Enumerable.Range(0, silos).Select(_ => FreePort()).ToList(), new List<string>());
        var (port, processes) = await OneByOne(
            silos,
            (n, health) =>
            {
                gateways.Add(Text(FreePort()));
                return ServiceProcess.Start(
                    $"naive silo {n}", program,
                    new Dictionary<string, string>(shared)
                    {
                        ["NAIVE_SILO_PORT"] = Text(ports[n - 1]), ["NAIVE_GATEWAY_PORT"] = gateways[^1],
                        ["NAIVE_PRIMARY_PORT"] = Text(ports[0]), ["ASPNETCORE_URLS"] = $"http://127.0.0.1:{health}",
                    },
                    Health(health));
            },
            at => ServiceProcess.Start(
                "the naive gateway", program,
                new Dictionary<string, string>(shared)
                {
                    ["NAIVE_GATEWAYS"] = string.Join(',', gateways), ["ASPNETCORE_URLS"] = $"http://127.0.0.1:{at}",
                },
                Health(at)),
            cancel);
        return await Ready("naive", port, processes, cancel);
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var process in Processes.Reverse()) await process.DisposeAsync();
    }

    /// <summary>Silos, each after the one before is ready, and then a gateway, which is not waited for.</summary>
    /// <param name="silos">How many.</param>
    /// <param name="silo">Starts one, given its number and a port for its health.</param>
    /// <param name="gateway">Starts it at a port.</param>
    /// <param name="cancel">Gives up.</param>
    private static async Task<(int Port, IReadOnlyList<ServiceProcess> Processes)> OneByOne(
        int silos, Func<int, int, ServiceProcess> silo, Func<int, ServiceProcess> gateway, CancellationToken cancel)
    {
        var processes = new List<ServiceProcess>();
        try
        {
            for (var n = 1; n <= silos; n++)
            {
                processes.Add(silo(n, FreePort()));
                await processes[^1].Ready(Patience, cancel);
            }
        }
        catch
        {
            foreach (var process in processes) await process.DisposeAsync();
            throw;
        }

        var port = FreePort();
        processes.Add(gateway(port));
        return (port, processes);
    }

    private static async Task<Subject> WithFollowers(
        string name, int port, IReadOnlyList<ServiceProcess> processes, CancellationToken cancel)
    {
        var subject = await Ready(name, port, processes, cancel);
        return subject with { Settled = giveUp => Followers.CatchUp(subject.Address, giveUp) };
    }

    private static async Task<Subject> Ready(
        string name, int port, IReadOnlyList<ServiceProcess> processes, CancellationToken cancel)
    {
        var subject = new Subject(name, new Uri($"http://127.0.0.1:{port}"), processes);
        try
        {
            await processes[^1].Ready(Patience, cancel);
            return subject;
        }
        catch
        {
            await subject.DisposeAsync();
            throw;
        }
    }

    private static Uri Health(int port) => new($"http://127.0.0.1:{port}/health/ready");

    private static string Text(int port) => port.ToString(CultureInfo.InvariantCulture);

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
