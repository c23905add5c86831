using System.Net;
using System.Net.Sockets;
using System.Runtime.Versioning;
using Commerce.LocalPostgres;
using Npgsql;
using Xunit;

namespace Commerce.Journal.Tests;

/// <summary>
/// The private PostgreSQL: started, found in use, half made, and started again. Its folder lies below one that only its owner may enter.
/// </summary>
[UnsupportedOSPlatform("windows")]
public sealed class PrivateServerTests : IDisposable
{
    private readonly string _parent = Directory.CreateTempSubdirectory("commerce-server-").FullName;

    private string Folder => Path.Combine(_parent, "postgres");

    public void Dispose() => Directory.Delete(_parent, recursive: true);

    [Fact]
    public async Task Started_again_it_has_its_data_and_its_password()
    {
        string first;
        await using (var server = await Start())
        {
            first = server.ConnectionString;
            await Ask(server, "create table kept as select 42 as answer");
        }

        await using var again = await Start();
        Assert.Equal(42, await Ask(again, "select answer from kept"));
        Assert.Equal(Password(first), Password(again.ConnectionString));
    }

    [Fact]
    public async Task It_keeps_what_it_says_it_keeps()
    {
        await using var server = await PostgresServer.Start(new(Folder) { SharedBuffers = "32MB" });
        Assert.Equal("on", await Ask(server, "show fsync"));
        Assert.Equal("on", await Ask(server, "show synchronous_commit"));
        Assert.Equal("on", await Ask(server, "show full_page_writes"));
        Assert.Equal("on", await Ask(server, "show data_checksums"));
    }

    [Fact]
    public async Task Nobody_gets_in_without_the_password()
    {
        await using var server = await Start();
        var guess = new NpgsqlConnectionStringBuilder(server.ConnectionString) { Password = "guess", Pooling = false };
        await using var connection = new NpgsqlConnection(guess.ConnectionString);
        var problem = await Assert.ThrowsAsync<PostgresException>(() => connection.OpenAsync());
        Assert.Equal(PostgresErrorCodes.InvalidPassword, problem.SqlState);
    }

    [Fact]
    public async Task PostgreSQL_gets_no_capability_and_no_secret()
    {
        await using var server = await Start();
        var status = await File.ReadAllTextAsync($"/proc/{server.ProcessId}/status");
        Assert.Contains("CapEff:\t0000000000000000", status, StringComparison.Ordinal);
        Assert.Contains("CapAmb:\t0000000000000000", status, StringComparison.Ordinal);
        var variables = (await File.ReadAllTextAsync($"/proc/{server.ProcessId}/environ"))
            .Split('\0', StringSplitOptions.RemoveEmptyEntries).Select(v => v.Split('=')[0]);
        Assert.All(variables, name => Assert.Matches("^(PATH|LANG|TZ|LC_.*|LD_LIBRARY_PATH|PWD|OLDPWD|SHLVL|_)$", name));
    }

    [Fact]
    public async Task Only_the_owner_can_read_the_files()
    {
        await using var server = await Start();
        foreach (var file in Directory.EnumerateFileSystemEntries(Folder, "*", SearchOption.AllDirectories).Append(Folder))
            Assert.Equal(UnixFileMode.None, File.GetUnixFileMode(file) & (UnixFileMode)0b111_111);
    }

    [Fact]
    public async Task A_folder_in_use_is_refused_and_its_server_goes_on()
    {
        await using var server = await Start();
        var problem = await Assert.ThrowsAsync<LocalPostgresException>(Start);
        Assert.Contains(Folder, problem.Message, StringComparison.Ordinal);
        Assert.Contains($"pid {Environment.ProcessId}", problem.Message, StringComparison.Ordinal);
        Assert.Equal(1, await Ask(server, "select 1"));
    }

    [Fact]
    public async Task A_stopped_server_leaves_its_folder_to_the_next()
    {
        var server = await Start();
        Assert.False(server.Exited.IsCompleted);
        await server.DisposeAsync();
        Assert.True(server.Exited.IsCompleted);
        await (await Start()).DisposeAsync();
    }

    [Fact]
    public async Task Files_that_were_half_made_are_made_anew()
    {
        Directory.CreateDirectory(Path.Combine(Folder, "cluster.partial", "base"));
        await File.WriteAllTextAsync(Path.Combine(Folder, "cluster.partial", "PG_VERSION"), "1");
        await using var server = await Start();
        Assert.Equal(1, await Ask(server, "select 1"));
        Assert.False(Directory.Exists(Path.Combine(Folder, "cluster.partial")));
    }

    [Fact]
    public async Task Files_that_are_no_database_are_left_alone()
    {
        var file = Path.Combine(Folder, "cluster", "holiday.jpg");
        Directory.CreateDirectory(Path.GetDirectoryName(file)!);
        await File.WriteAllTextAsync(file, "sun");
        await Assert.ThrowsAsync<LocalPostgresException>(Start);
        Assert.Equal("sun", await File.ReadAllTextAsync(file));
    }

    [Fact]
    public async Task A_port_in_use_is_named()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var port = ((IPEndPoint)listener.LocalEndpoint).Port;
        var problem = await Assert.ThrowsAsync<LocalPostgresException>(
            () => PostgresServer.Start(new(Folder) { Port = port, Durable = false }));
        Assert.Contains($"127.0.0.1:{port}", problem.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_file_left_by_a_crash_whose_process_id_is_now_anothers_is_no_hindrance()
    {
        await (await Start()).DisposeAsync();
        await File.WriteAllTextAsync(Path.Combine(Folder, "cluster", "postmaster.pid"), $"{Environment.ProcessId}\n");
        await using var server = await Start();
        Assert.Equal(1, await Ask(server, "select 1"));
    }

    [Fact]
    public async Task Data_of_a_version_that_is_not_installed_asks_for_that_version()
    {
        Directory.CreateDirectory(Path.Combine(Folder, "cluster"));
        await File.WriteAllTextAsync(Path.Combine(Folder, "cluster", "PG_VERSION"), "9\n");
        var problem = await Assert.ThrowsAsync<LocalPostgresException>(Start);
        Assert.Contains("PostgreSQL 9, which made this data folder", problem.Message, StringComparison.Ordinal);
    }

    private Task<PostgresServer> Start() => PostgresServer.Start(new(Folder) { Durable = false, SharedBuffers = "32MB" });

    private static string? Password(string connectionString) => new NpgsqlConnectionStringBuilder(connectionString).Password;

    private static async Task<object?> Ask(PostgresServer server, string sql)
    {
        await using var source = NpgsqlDataSource.Create(server.ConnectionString);
        await using var command = source.CreateCommand(sql);
        return await command.ExecuteScalarAsync();
    }
}
