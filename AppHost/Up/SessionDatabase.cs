using System.Data.Common;
using System.Net.Sockets;
using Commerce.LocalPostgres;

namespace Commerce.AppHost;

/// <summary>The PostgreSQL to use: the one that the caller named, else a private one that is kept running.</summary>
internal sealed class SessionDatabase : IAsyncDisposable
{
    private const string Name = "PostgreSQL";
    private const string Example = "An example: --postgres 'Host=127.0.0.1;Port=5432;Username=commerce;Password=…;Database=postgres'";

    private readonly Terminal _screen;
    private readonly PostgresServerOptions? _options;
    private PostgresServer? _server;
    private ProcessState? _state;

    private SessionDatabase(
        Terminal screen, string connection, string where, PostgresServerOptions? options = null, PostgresServer? server = null,
        string? serverAlone = null)
    {
        (_screen, Connection, Where, _options, _server, ServerAlone) = (screen, connection, where, options, server, serverAlone);
        if (server is not null)
            _state = new ProcessState(Name, "ready", server.ProcessId, $"127.0.0.1:{server.Port}", 0, DateTimeOffset.UtcNow);
    }

    /// <summary>The state of the private server; null when the server is not ours.</summary>
    public ProcessState? State => _state;

    /// <summary>With the account that may do everything.</summary>
    public string Connection { get; }

    /// <summary>Without an account; null when the server is not ours.</summary>
    public string? ServerAlone { get; }

    /// <summary>Where the data is, for a person.</summary>
    public string Where { get; }

    /// <summary>Uses the server that the connection string names; something must answer there.</summary>
    public static async Task<SessionDatabase> Given(string connection, Terminal screen, CancellationToken cancel)
    {
        var (host, port) = Address(connection);
        var where = $"PostgreSQL at {host}:{port} (given with --postgres; it is not stopped with the rest)";
        // A socket's folder or a list of hosts: the gateway tries those itself.
        if (host.StartsWith('/') || host.Contains(',')) return new SessionDatabase(screen, connection, where);
        try
        {
            using var client = new TcpClient();
            await client.ConnectAsync(host, port, cancel);
        }
        catch (SocketException problem)
        {
            throw new CommandFailedException(
                $"No PostgreSQL answers at {host}:{port}: {problem.Message}.\n"
                + "Start it, correct --postgres, or leave --postgres out to have a private one.");
        }

        return new SessionDatabase(screen, connection, where);
    }

    /// <summary>Starts a private server on the folder's data, with the given connection limit.</summary>
    public static async Task<SessionDatabase> Private(
        string folder, int connections, CertificateAuthority authority, Terminal screen, IProgress<string> progress,
        CancellationToken cancel)
    {
        var options = new PostgresServerOptions(folder) { MaxConnections = connections, Tls = authority.ForServer() };
        var server = await PostgresServer.Start(options, progress, cancel);
        var where = $"{folder} (a private PostgreSQL on 127.0.0.1:{server.Port})";
        var proven = Proven(authority.RootFile);
        return new SessionDatabase(
            screen, server.ConnectionString + proven, where, options with { Port = server.Port }, server, server.Address + proven);
    }

    /// <summary>Restarts the private server when it ends, on the same port, so that its clients reconnect.</summary>
    public async Task KeepRunning(CancellationToken cancel)
    {
        if (_server is null || _options is null || _state is null)
        {
            await Task.Delay(Timeout.Infinite, cancel); // not our server: nothing to supervise
            return;
        }

        while (true)
        {
            await _server.Exited.WaitAsync(cancel);
            _screen.Problem($"PostgreSQL ended unexpectedly; starting it again. Its log: {_server.LogFile}");
            _state = _state with { State = "starting", Pid = null, Restarts = _state.Restarts + 1, Since = DateTimeOffset.UtcNow };
            await _server.DisposeAsync();
            _server = await RestartBackoff.Until(() => PostgresServer.Start(_options, null, cancel), _screen, cancel);
            _state = _state with { State = "ready", Pid = _server.ProcessId, Since = DateTimeOffset.UtcNow };
            _screen.Line("PostgreSQL is running again");
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (_server is null) return;
        await _server.DisposeAsync();
        _screen.Line("stopped PostgreSQL");
    }

    /// <summary>
    /// A program that answers on the server's port has to prove that it is the server; else it gets no password, in any form.
    /// </summary>
    private static string Proven(string root) =>
        $";SSL Mode=VerifyFull;Root Certificate=\"{root}\";Channel Binding=Require;Require Auth=ScramSHA256";

    private static (string Host, int Port) Address(string connection)
    {
        try
        {
            var parts = new DbConnectionStringBuilder { ConnectionString = connection };
            string? Value(string key) => parts.TryGetValue(key, out var value) ? value as string : null;
            var host = Value("Host") ?? Value("Server") ?? throw new CommandFailedException($"--postgres names no host. {Example}");
            var port = Value("Port") ?? "5432";
            if (int.TryParse(port, out var number)) return (host, number);
            throw new CommandFailedException($"--postgres has the port '{port}', which is not a number. {Example}");
        }
        catch (ArgumentException)
        {
            throw new CommandFailedException($"--postgres is not a connection string. {Example}");
        }
    }
}
