using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Runtime.InteropServices;

namespace Commerce.LocalPostgres;

/// <summary>
/// A private PostgreSQL server on 127.0.0.1, a child of this process: it goes when the process goes, however that ends.
/// </summary>
public sealed class PostgresServer : IAsyncDisposable
{
    private const int Sigint = 2;
    private const int Sigquit = 3;

    private readonly DataDirectory _cluster;
    private readonly FolderLock _lock;
    private readonly Process _process;

    private PostgresServer(DataDirectory cluster, FolderLock held, ServerProcess process)
    {
        (_cluster, _lock, _process, Port, Exited) = (cluster, held, process.Process, process.Port, process.Exited);
        ProcessId = _process.Id;
        ConnectionString = $"{Address};Username={DataDirectory.Superuser};Password={cluster.Password};Database=postgres";
    }

    /// <summary>For Npgsql; the database is <c>postgres</c>, from which others can be made.</summary>
    public string ConnectionString { get; }

    /// <summary>The same without the account.</summary>
    public string Address => $"Host=127.0.0.1;Port={Port}";

    /// <summary>Where it listens on 127.0.0.1.</summary>
    public int Port { get; }

    /// <summary>The server's process id.</summary>
    public int ProcessId { get; }

    public string LogFile => _cluster.Log;

    /// <summary>Completes when the server has ended, for any reason.</summary>
    public Task Exited { get; }

    /// <summary>Starts a server; makes its files first when there are none. Data of earlier runs is there again.</summary>
    /// <param name="progress">Receives progress in words.</param>
    /// <param name="cancel">Gives up; what was started is stopped.</param>
    /// <exception cref="LocalPostgresException">It cannot be started; nothing was harmed.</exception>
    public static async Task<PostgresServer> Start(
        PostgresServerOptions options, IProgress<string>? progress = null, CancellationToken cancel = default)
    {
        var cluster = new DataDirectory(Path.GetFullPath(options.Folder));
        var held = FolderLock.Take(cluster.Folder, DataDirectory.Names);
        try
        {
            await PostmasterPid.EnsureNone(cluster, progress, cancel);
            var binaries = await PostgresBinaries.Find(cluster.Major, cancel);
            var account = await ServerAccount.Find(options.User, cancel);
            await cluster.Initialise(binaries, account, options, progress, cancel);
            await cluster.WriteAccess(account, options, cancel);
            progress?.Report($"Starting PostgreSQL {binaries.Major}");
            var process = await ServerProcess.Start(cluster, binaries, account, options, cancel);
            return new PostgresServer(cluster, held, process);
        }
        catch
        {
            await held.DisposeAsync();
            throw;
        }
    }

    /// <summary>Stops it: connections are closed, everything committed is kept.</summary>
    /// <param name="atOnce">Without writing its buffers to their files: the next start has to replay the log.</param>
    public async Task Stop(bool atOnce = false)
    {
        foreach (var (signal, patience) in atOnce ? [(Sigquit, 10)] : new[] { (Sigint, 60), (Sigquit, 10) })
        {
            if (Exited.IsCompleted) break;
            _ = Kill(ProcessId, signal);
            await Task.WhenAny(Exited, Task.Delay(TimeSpan.FromSeconds(patience)));
        }

        if (!Exited.IsCompleted) _process.Kill();
        await Exited;
    }

    public async ValueTask DisposeAsync()
    {
        await Stop();
        await _lock.DisposeAsync();
        _process.Dispose();
    }

    internal static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    [DllImport("libc", EntryPoint = "kill")]
    private static extern int Kill(int pid, int signal);
}
