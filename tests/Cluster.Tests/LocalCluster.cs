using System.Runtime.CompilerServices;
using Commerce.Testing;

namespace Commerce.Cluster.Tests;

/// <summary>
/// Silos and a gateway as processes of their own, on databases of their own, as in production: each with its accounts and certificate.
/// </summary>
internal sealed class LocalCluster : IAsyncDisposable
{
    /// <summary>How long a client of the market rests: then two cores can still start silos.</summary>
    public static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(600);

    private static int _clusters;

    private LocalCluster(IReadOnlyList<ServingProgram> silos, ServingProgram gateway, Uri address) =>
        (Silos, Gateway, Address) = (silos, gateway, address);

    public IReadOnlyList<ServingProgram> Silos { get; }

    public ServingProgram Gateway { get; }

    /// <summary>Where the gateway serves.</summary>
    public Uri Address { get; }

    public IEnumerable<ServingProgram> Members => [.. Silos, Gateway];

    /// <summary>Starts it; ready when this completes.</summary>
    /// <param name="postgres">The server.</param>
    /// <param name="silos">How many.</param>
    /// <param name="programOf">The built program of a project; null: this checkout's.</param>
    public static async Task<LocalCluster> Start(string postgres, int silos = 3, Func<string, string>? programOf = null)
    {
        programOf ??= ProgramOf;
        var common = new Dictionary<string, string>
        {
            ["Commerce__Postgres"] = postgres,
            ["Commerce__Prefix"] = TestPostgres.NewPrefix(),
            ["Commerce__Silo__ProbeSeconds"] = "2", // as ./commerce up has it: a busy machine may stand still for a second
            ["Commerce__Cluster__Id"] = $"test-{Environment.ProcessId}-{Interlocked.Increment(ref _clusters)}",
        };
        var accounts = await Migrate(programOf("ApiGateway"), common);
        var authority = new TestAuthority();
        var ports = ServingProgram.FreePorts((3 * silos) + 1);
        ServingProgram Silo(int n) => new($"silo-{n + 1}", programOf("Silo"), Local(ports[3 * n]), With(common,
        [
            ("Commerce__Silo__Name", $"silo-{n + 1}"), ("Commerce__Silo__HealthPort", $"{ports[3 * n]}"),
            ("Commerce__Silo__Port", $"{ports[(3 * n) + 1]}"), ("Commerce__Silo__GatewayPort", $"{ports[(3 * n) + 2]}"),
            .. accounts["silo"], .. authority.Settings("silo"),
        ]));
        var address = Local(ports[^1]);
        var gateway = new ServingProgram("gateway", programOf("ApiGateway"), address, With(common,
        [
            ("Commerce__Engine", "cluster"), ("Commerce__Port", $"{ports[^1]}"), .. TestCredentials.Variables,
            .. accounts["gateway"], .. authority.Settings("gateway"),
        ]));
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

    /// <summary>Makes the databases as an operator does; the accounts by the kind of process.</summary>
    private static Task<Dictionary<string, (string Name, string Value)[]>> Migrate(string gateway, Dictionary<string, string> settings) =>
        AccountFiles.Make(folder => new Tool(Path.GetDirectoryName(gateway)!, [.. settings.Select(s => (s.Key, s.Value))])
            .Run("dotnet", gateway, "migrate", "--accounts", folder));

    private static string Configuration() => new DirectoryInfo(AppContext.BaseDirectory).Parent!.Name;

    private static Dictionary<string, string> With(Dictionary<string, string> common, params (string Name, string Value)[] more)
    {
        var all = new Dictionary<string, string>(common);
        foreach (var (name, value) in more) all[name] = value;
        return all;
    }

    private static Uri Local(int port) => new($"http://127.0.0.1:{port}");
}
