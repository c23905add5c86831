using System.Net.Http.Headers;
using Commerce.ApiGateway;
using Commerce.Testing;

namespace Commerce.Silo.Tests;

/// <summary>A silo or a gateway as a process of its own, as an operator starts it.</summary>
public sealed class OurProcess : IAsyncDisposable
{
    private readonly ServingProgram _program;

    private OurProcess(ServingProgram program, Uri address)
    {
        (_program, Http) = (program, new HttpClient { BaseAddress = address, Timeout = TimeSpan.FromMinutes(2) });
        Http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", TestCredentials.Secret);
        program.Launch();
    }

    public HttpClient Http { get; }

    public string Errors => _program.Errors;

    public string Output => _program.Output;

    /// <summary>A silo; options of the command line follow those of the environment.</summary>
    public static async Task<OurProcess> Silo(
        string prefix, string cluster, string[] options, params (string Name, string Value)[] environment)
    {
        var ports = ServingProgram.FreePorts(3);
        var health = ports[0];
        return Start("silo", typeof(SiloHost), health, options,
        [
            ("Commerce__Postgres", await TestPostgres.ConnectionString()), ("Commerce__Prefix", prefix),
            ("Commerce__Cluster__Id", cluster), ("Commerce__Silo__Port", $"{ports[1]}"), ("Commerce__Silo__GatewayPort", $"{ports[2]}"),
            ("Commerce__Silo__HealthPort", $"{health}"),
            ("Commerce__Silo__ProbeSeconds", "60"), // none dies here, however busy the machine is with other tests
            .. environment,
        ]);
    }

    public static async Task<OurProcess> Gateway(string prefix, string cluster, params (string Name, string Value)[] environment)
    {
        var port = ServingProgram.FreePorts(1)[0];
        return Start("gateway", typeof(GatewayHost), port, [],
        [
            ("Commerce__Postgres", await TestPostgres.ConnectionString()), ("Commerce__Prefix", prefix),
            ("Commerce__Cluster__Id", cluster), ("Commerce__Port", $"{port}"), ("Commerce__StartupTimeoutSeconds", "120"),
            .. TestCredentials.Variables, .. environment,
        ]);
    }

    /// <summary>Waits until it says that it is ready.</summary>
    public async Task<OurProcess> Ready()
    {
        await _program.Ready();
        return this;
    }

    /// <summary>Sends SIGTERM, for a graceful stop.</summary>
    public void Terminate() => _program.Terminate();

    /// <summary>Ends it at once.</summary>
    public Task Kill() => _program.Kill();

    /// <summary>Its exit code, and all of its output.</summary>
    public Task<int> Exit() => _program.Exit();

    public async ValueTask DisposeAsync()
    {
        Http.Dispose();
        await _program.DisposeAsync();
    }

    private static OurProcess Start(string name, Type program, int port, string[] options, (string Name, string Value)[] environment)
    {
        var all = new Dictionary<string, string>();
        foreach (var (variable, value) in environment) all[variable] = value;
        var address = new Uri($"http://127.0.0.1:{port}");
        return new OurProcess(new ServingProgram(name, program.Assembly.Location, address, all, options), address);
    }
}
