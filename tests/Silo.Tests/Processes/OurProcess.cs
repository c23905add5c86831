using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Runtime.InteropServices;
using Commerce.ApiGateway;
using Commerce.Testing;
using Xunit;

namespace Commerce.Silo.Tests;

/// <summary>A silo or a gateway as a process of its own, as an operator starts it.</summary>
public sealed class OurProcess : IAsyncDisposable
{
    private const int Sigterm = 15;

    private readonly Process _process;
    private readonly List<string> _errors = [];
    private readonly List<string> _output = [];

    private OurProcess(Process process, Uri address)
    {
        (_process, Http) = (process, new HttpClient { BaseAddress = address, Timeout = TimeSpan.FromMinutes(2) });
        process.OutputDataReceived += (_, line) => Note(_output, line.Data);
        process.ErrorDataReceived += (_, line) => Note(_errors, line.Data);
        process.Start();
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
    }

    /// <summary>Asks it.</summary>
    public HttpClient Http { get; }

    public string Errors => Text(_errors);

    public string Output => Text(_output);

    /// <summary>A silo; options of the command line follow those of the environment.</summary>
    public static async Task<OurProcess> Silo(
        string prefix, string cluster, IReadOnlyList<string> options, params (string Name, string Value)[] environment)
    {
        var health = FreePort();
        return Start(typeof(SiloHost), health, options,
        [
            ("Commerce__Postgres", await TestPostgres.ConnectionString()), ("Commerce__Prefix", prefix),
            ("Commerce__Cluster__Id", cluster), ("Commerce__Silo__Port", $"{FreePort()}"), ("Commerce__Silo__GatewayPort", $"{FreePort()}"),
            ("Commerce__Silo__HealthPort", $"{health}"),
            ("Commerce__Silo__ProbeSeconds", "10"), // none dies here, however busy the machine is with other tests
            .. environment,
        ]);
    }

    /// <summary>A gateway.</summary>
    public static async Task<OurProcess> Gateway(string prefix, string cluster, params (string Name, string Value)[] environment)
    {
        var port = FreePort();
        return Start(typeof(GatewayHost), port, [],
        [
            ("Commerce__Postgres", await TestPostgres.ConnectionString()), ("Commerce__Prefix", prefix),
            ("Commerce__Cluster__Id", cluster), ("Commerce__Port", $"{port}"), ("Commerce__StartupTimeoutSeconds", "120"), .. environment,
        ]);
    }

    public static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    /// <summary>Waits until it says that it is ready.</summary>
    public async Task<OurProcess> Ready()
    {
        for (var wait = Stopwatch.StartNew(); !await SaysReady(); await Task.Delay(100))
        {
            Assert.False(_process.HasExited, $"It ended: {Errors}\n{Output}");
            Assert.True(wait.Elapsed < TimeSpan.FromMinutes(2), $"It did not become ready: {Errors}\n{Output}");
        }

        return this;
    }

    /// <summary>Tells it to stop.</summary>
    public void Terminate() => Assert.Equal(0, Kill(_process.Id, Sigterm));

    /// <summary>Ends it at once.</summary>
    public void Kill() => _process.Kill();

    /// <summary>Its exit code, and all of its output.</summary>
    public async Task<int> Exit()
    {
        await _process.WaitForExitAsync().WaitAsync(TimeSpan.FromMinutes(2));
        return _process.ExitCode;
    }

    public async ValueTask DisposeAsync()
    {
        Http.Dispose();
        if (!_process.HasExited) _process.Kill();
        await _process.WaitForExitAsync();
        _process.Dispose();
    }

    private static OurProcess Start(Type program, int port, IReadOnlyList<string> options, (string Name, string Value)[] environment)
    {
        var start = new ProcessStartInfo("dotnet", [program.Assembly.Location, .. options])
        {
            RedirectStandardOutput = true, RedirectStandardError = true, WorkingDirectory = Path.GetTempPath(),
        };
        foreach (var (name, value) in environment) start.Environment[name] = value;
        return new OurProcess(new Process { StartInfo = start }, new Uri($"http://127.0.0.1:{port}"));
    }

    private async Task<bool> SaysReady()
    {
        try
        {
            using var answer = await Http.GetAsync("/health/ready");
            return answer.IsSuccessStatusCode;
        }
        catch (HttpRequestException)
        {
            return false; // not listening yet
        }
    }

    private static void Note(List<string> lines, string? line)
    {
        if (line is null) return;
        lock (lines) lines.Add(line);
    }

    private static string Text(List<string> lines)
    {
        lock (lines) return string.Join('\n', lines);
    }

    [DllImport("libc", EntryPoint = "kill")]
    private static extern int Kill(int pid, int signal);
}
