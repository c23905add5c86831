using System.Diagnostics;
using System.Runtime.InteropServices;
using Commerce.LocalPostgres;

namespace Commerce.Testing;

/// <summary>A PostgreSQL server of one test's own in a temporary folder; its address stays when it is killed and started again.</summary>
public sealed class PrivatePostgres : IAsyncDisposable
{
    private const int Sigstop = 19;
    private const int Sigcont = 18;

    private readonly string _folder;
    private PostgresServer _server;

    private PrivatePostgres(string folder, PostgresServer server) => (_folder, _server) = (folder, server);

    public string ConnectionString => _server.ConnectionString;

    internal static async Task<PrivatePostgres> Start()
    {
        var folder = Directory.CreateTempSubdirectory("commerce-test-").FullName;
        return new PrivatePostgres(folder, await PostgresServer.Start(Options(folder, null)));
    }

    /// <summary>Kills the server without warning, as a crash does.</summary>
    public async Task Kill()
    {
        using (var process = Process.GetProcessById(_server.ProcessId)) process.Kill();
        await _server.DisposeAsync();
    }

    /// <summary>Lets the server hang: its connections stay open, and it does not answer until the result is disposed of.</summary>
    public IDisposable Freeze()
    {
        int[] all = [_server.ProcessId, .. File.ReadAllText($"/proc/{_server.ProcessId}/task/{_server.ProcessId}/children")
            .Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(int.Parse)];
        foreach (var process in all) _ = Signal(process, Sigstop);
        return new Frozen(all);
    }

    /// <summary>Stops the server in good order.</summary>
    public async Task Stop() => await _server.DisposeAsync();

    /// <summary>Starts it again after <see cref="Kill"/> or <see cref="Stop"/>, on its data and its port.</summary>
    public async Task StartAgain() => _server = await PostgresServer.Start(Options(_folder, _server.Port));

    /// <summary>
    /// At the end of the process. The files of many databases take a while to remove; that is left to a detached program: a test process
    /// that does not end within seconds counts as failed.
    /// </summary>
    internal void Abandon()
    {
        _server.Stop(atOnce: true).GetAwaiter().GetResult();
        using var removing = Process.Start("rm", ["-rf", _folder]);
    }

    public async ValueTask DisposeAsync()
    {
        await _server.Stop(atOnce: true);
        await _server.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }

    /// <summary>Not durable against a loss of power, which no test causes; a killed server loses nothing by that.</summary>
    private static PostgresServerOptions Options(string folder, int? port) => new(folder)
    {
        Port = port, Durable = false, SharedBuffers = "64MB",
    };

    [DllImport("libc", EntryPoint = "kill")]
    private static extern int Signal(int pid, int signal);

    private sealed class Frozen(int[] processes) : IDisposable
    {
        public void Dispose()
        {
            foreach (var process in processes) _ = Signal(process, Sigcont);
        }
    }
}
