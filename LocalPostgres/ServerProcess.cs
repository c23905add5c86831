using System.Diagnostics;

namespace Commerce.LocalPostgres;

/// <summary>The server's process, from its launch until it accepts connections.</summary>
internal sealed record ServerProcess(Process Process, int Port, Task Exited)
{
    private const long MaxLogBytes = 16 * 1024 * 1024;

    private static readonly string[] Guard = ["setsid", "setpriv", "--pdeathsig", "INT"];

    public static async Task<ServerProcess> Start(
        DataDirectory cluster, PostgresBinaries binaries, ServerAccount account, PostgresServerOptions options, CancellationToken cancel)
    {
        if (File.Exists(cluster.Log) && new FileInfo(cluster.Log).Length > MaxLogBytes)
            File.Move(cluster.Log, cluster.Log + ".1", overwrite: true);
        var settings = await Settings(cluster, binaries, account, options, cancel);
        var (guarded, _) = await PostgresCommand.Run(["sh", "-c", string.Join(' ', [.. Guard, "true"])], cancel); // Linux with util-linux
        var guard = guarded == 0 ? Guard : [];
        for (var attempt = 1; ; attempt++)
        {
            var logged = File.Exists(cluster.Log) ? new FileInfo(cluster.Log).Length : 0;
            var port = options.Port ?? PostgresServer.FreePort();
            var server = Launch(cluster, port, [.. Guarded(guard, account), binaries.Program("postgres"), .. settings, "-p", $"{port}"]);
            if (await Accepts(server, cluster, options.StartTimeout, cancel)) return server;

            var complaint = LogSince(cluster, logged);
            var portTaken = complaint.Contains("could not bind", StringComparison.Ordinal);
            if (portTaken && options.Port is not null)
                throw new LocalPostgresException($"PostgreSQL cannot listen on 127.0.0.1:{port}: the port is in use. Give another one.");
            // A free port may be taken before it is bound, and the children of a killed server need a moment to notice and go.
            var passing = portTaken || complaint.Contains("shared memory block", StringComparison.Ordinal);
            if (!passing || attempt == 20)
                throw new LocalPostgresException($"PostgreSQL did not start. Its log ({cluster.Log}) says:\n{complaint}");
            await Task.Delay(250, cancel);
        }
    }

    private static async Task<IReadOnlyList<string>> Settings(
        DataDirectory cluster, PostgresBinaries binaries, ServerAccount account, PostgresServerOptions options, CancellationToken cancel)
    {
        var onOff = options.Durable ? "on" : "off";
        List<string> settings =
        [
            "-D", account.NameOf(cluster.Data), "-c", "listen_addresses=127.0.0.1", "-c", "unix_socket_directories=",
            "-c", $"max_connections={options.MaxConnections}", "-c", $"shared_buffers={options.SharedBuffers}",
            "-c", $"fsync={onOff}", "-c", $"full_page_writes={onOff}", "-c", "synchronous_commit=on",
            "-c", "jit=off", "-c", "wal_compression=on", "-c", "checkpoint_timeout=15min",
            "-c", "max_wal_size=2GB", "-c", "min_wal_size=2GB", // files once written are written again: making one stops all commits
            "-c", "tcp_keepalives_idle=30", "-c", "log_timezone=UTC", "-c", "timezone=UTC", "-c", "logging_collector=off",
        ];
        if (options.Tls is not null)
            settings.AddRange(
            [
                "-c", "ssl=on", "-c", $"ssl_cert_file={DataDirectory.CertificateName}", "-c", $"ssl_key_file={DataDirectory.KeyName}",
                "-c", "ssl_min_protocol_version=TLSv1.3",
            ]);
        string[] lz4 = ["-c", "default_toast_compression=lz4"]; // several times faster than pglz, but not compiled into every build
        var (supported, _) = await PostgresCommand.Run(
            account.Run(cluster.Data, cluster.Version, (_, _) =>
                [binaries.Program("postgres"), .. settings, .. lz4, "-C", "default_toast_compression"]), cancel);
        return supported == 0 ? [.. settings, .. lz4] : settings;
    }

    /// <summary>
    /// Starts the server in a session of its own, so that Ctrl-C at the terminal stops this process first and the server last. The kernel
    /// shuts it down when this process is killed. That signal is tied to the <i>thread</i> that launched it, so a thread of its own
    /// launches the server and lives as long.
    /// </summary>
    private static ServerProcess Launch(DataDirectory cluster, int port, IReadOnlyList<string> command)
    {
        const string script = "umask 077; exec 9<\"$1\" >>\"$2\" 2>&1 </dev/null; shift 2; exec \"$@\"";
        var start = PostgresCommand.Prepare(["sh", "-c", script, "sh", cluster.Data, cluster.Log, .. command]);
        var launched = new TaskCompletionSource<Process>();
        var exited = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        new Thread(() =>
        {
            try
            {
                var process = PostgresCommand.Launch(start);
                launched.SetResult(process);
                process.WaitForExit();
            }
            catch (Exception problem)
            {
                launched.TrySetException(problem);
            }

            exited.SetResult();
        }) { IsBackground = true, Name = "PostgreSQL's parent" }.Start();
        return new ServerProcess(launched.Task.GetAwaiter().GetResult(), port, exited.Task);
    }

    /// <summary>The death signal is lost when the user changes, so the last program before the server requests it.</summary>
    private static IEnumerable<string> Guarded(string[] guard, ServerAccount account) =>
        guard is [var apart, ..] ? [apart, .. account.Become, .. guard.Skip(account.Become.Count > 0 ? 2 : 1)] : account.Become;

    private static async Task<bool> Accepts(ServerProcess server, DataDirectory cluster, TimeSpan patience, CancellationToken cancel)
    {
        try
        {
            for (var since = Stopwatch.StartNew(); since.Elapsed < patience; await Task.Delay(25, cancel))
            {
                if (server.Exited.IsCompleted) return false;
                if (PostmasterPid.Read(cluster) is { Ready: true } file && file.Pid == server.Process.Id) return true;
            }
        }
        catch (OperationCanceledException)
        {
            server.Process.Kill();
            throw;
        }

        server.Process.Kill();
        throw new LocalPostgresException($"PostgreSQL was not ready after {patience.TotalSeconds:0} s. Its log: {cluster.Log}");
    }

    private static string LogSince(DataDirectory cluster, long offset)
    {
        using var log = new FileStream(cluster.Log, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
        log.Position = offset;
        return string.Join('\n', new StreamReader(log).ReadToEnd().TrimEnd().Split('\n').TakeLast(15));
    }
}
