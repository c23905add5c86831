using System.Security.Cryptography.X509Certificates;
using Commerce.LocalPostgres;
using Npgsql;
using Xunit;

namespace Commerce.AppHost.Tests;

public sealed class SessionDatabaseTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("commerce-database-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task The_password_is_never_sent_in_clear_and_the_server_must_prove_itself()
    {
        using var authority = CertificateAuthority.Of(_folder);
        await using var database = await SessionDatabase.Private(
            Path.Combine(_folder, "postgres"), 20, authority, new Terminal(), new Progress<string>(), CancellationToken.None);
        var proven = new NpgsqlConnectionStringBuilder(database.Connection) { Pooling = false, Timeout = 5 };
        Assert.Equal("TLSv1.3", await Ask(proven, "select version from pg_stat_ssl where pid = pg_backend_pid()"));

        var password = proven.Password!;
        var trusting = new NpgsqlConnectionStringBuilder
        {
            Host = proven.Host, Username = proven.Username, Password = password, Pooling = false, Timeout = 5,
        };
        foreach (var certificate in new Func<X509Certificate2?>[] { () => null, Foreign })
        {
            using var impostor = new FalseServer(certificate());
            proven.Port = trusting.Port = impostor.Port;
            await Assert.ThrowsAnyAsync<Exception>(() => Ask(proven, "select 1"));
            Assert.DoesNotContain(password, impostor.Heard, StringComparison.Ordinal);
            await Assert.ThrowsAnyAsync<Exception>(() => Ask(trusting, "select 1"));
            Assert.Contains(password, impostor.Heard, StringComparison.Ordinal); // the impostor is a good one
        }
    }

    [Fact]
    public async Task A_client_without_TLS_is_refused()
    {
        using var authority = CertificateAuthority.Of(_folder);
        await using var database = await SessionDatabase.Private(
            Path.Combine(_folder, "postgres"), 20, authority, new Terminal(), new Progress<string>(), CancellationToken.None);
        var plain = new NpgsqlConnectionStringBuilder(database.Connection)
        {
            SslMode = SslMode.Disable, ChannelBinding = ChannelBinding.Disable, RootCertificate = null, Pooling = false,
        };
        var refused = await Assert.ThrowsAsync<PostgresException>(() => Ask(plain, "select 1"));
        Assert.Equal(PostgresErrorCodes.InvalidAuthorizationSpecification, refused.SqlState);
    }

    [Fact]
    public void The_root_is_made_once_and_one_that_cannot_be_read_is_named()
    {
        using (var first = CertificateAuthority.Of(_folder)) Assert.True(File.Exists(first.RootFile));
        var made = File.ReadAllText(Path.Combine(_folder, "root.pem"));
        CertificateAuthority.Of(_folder).Dispose();
        Assert.Equal(made, File.ReadAllText(Path.Combine(_folder, "root.pem")));

        File.WriteAllText(Path.Combine(_folder, "root.pem"), "nonsense");
        var problem = Assert.Throws<CommandFailedException>(() => CertificateAuthority.Of(_folder));
        Assert.Contains("root.pem", problem.Message);
        Assert.Contains("Remove both", problem.Message);
    }

    /// <summary>For the same address, of another root.</summary>
    private static X509Certificate2 Foreign()
    {
        var folder = Directory.CreateTempSubdirectory("commerce-foreign-");
        try
        {
            using var authority = CertificateAuthority.Of(folder.FullName);
            var (certificate, key) = authority.ForServer();
            return X509Certificate2.CreateFromPem(certificate, key);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private static async Task<object?> Ask(NpgsqlConnectionStringBuilder server, string sql)
    {
        await using var source = NpgsqlDataSource.Create(server);
        await using var command = source.CreateCommand(sql);
        return await command.ExecuteScalarAsync();
    }
}
