using System.Diagnostics;
using Commerce.LocalPostgres;

namespace Commerce.Testing;

/// <summary>A PostgreSQL server of one test's own in a temporary folder; its address stays when it is killed and started again.</summary>
public sealed class PrivatePostgres : IAsyncDisposable
{
    private readonly string _folder;
    private PostgresServer _server;

    private PrivatePostgres(string folder, PostgresServer server) => (_folder, _server) = (folder, server);

    /// <summary>For Npgsql.</summary>
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

    /// <summary>Stops the server in good order.</summary>
    public async Task Stop() => await _server.DisposeAsync();

    /// <summary>Starts it again after <see cref="Kill"/> or <see cref="Stop"/>, on its data and its port.</summary>
    public async Task StartAgain() => _server = await PostgresServer.Start(Options(_folder, _server.Port));

    /// <summary>
    /// At the end of the process. The files of many databases take a while to remove; that is left to a program nobody waits for: a test
    /// process that does not end within seconds counts as failed.
    /// </summary>
    internal void Abandon()
    {
        _server.Stop(atOnce: true).GetAwaiter().GetResult();
        using var removing = Process.Start("rm", ["-rf", _folder]);
    }

    /// <inheritdoc/>
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
}
