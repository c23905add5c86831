using System.Runtime.Versioning;
using Commerce.LocalPostgres;
using Npgsql;
using Xunit;

namespace Commerce.AppHost.Tests;

[UnsupportedOSPlatform("windows")]
public sealed class MigrateTests : IDisposable
{
    private readonly Checkout _checkout = new();

    [Fact]
    public async Task It_makes_databases_and_accounts_and_changes_no_password_unless_asked()
    {
        await using var server = await PostgresServer.Start(new(Path.Combine(_checkout.Temporary, "own")) { Durable = false });
        var (owner, accounts) = (Path.Combine(_checkout.Temporary, "owner"), Path.Combine(_checkout.Temporary, "accounts"));
        await File.WriteAllTextAsync(owner, server.ConnectionString);
        var (made, output) = await _checkout.Run("migrate", "--postgres", $"@{owner}", "--accounts", accounts);
        Assert.True(made == 0, output);
        var files = Directory.EnumerateFiles(accounts).Select(f => Path.GetFileName(f)).Order();
        Assert.Equal(["gateway.env", "silo.env", "single.env"], files);
        Assert.All(
            Directory.EnumerateFiles(accounts),
            file => Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(file)));
        var silo = await File.ReadAllLinesAsync(Path.Combine(accounts, "silo.env"));
        var orders = silo.Single(l => l.StartsWith("Commerce__Postgres__Orders=", StringComparison.Ordinal)).Split('=', 2)[1];
        Assert.Equal("commerce_orders_app", await User(server, orders));

        var (again, said) = await _checkout.Run("migrate", "--postgres", $"@{owner}");
        Assert.True(again == 0, said);
        Assert.Equal("commerce_orders_app", await User(server, orders));
        Assert.DoesNotContain(new NpgsqlConnectionStringBuilder(orders).Password!, output + said);
    }

    [Fact]
    public async Task A_server_that_cannot_be_used_is_said_without_its_password()
    {
        var file = Path.Combine(_checkout.Temporary, "nowhere");
        await File.WriteAllTextAsync(file, "Host=127.0.0.1;Port=1;Username=u;Password=swordfish");
        var none = new Dictionary<string, string?> { ["Commerce__StartupTimeoutSeconds"] = "1" };
        var (exit, output) = await _checkout.Run(["migrate", "--postgres", $"@{file}"], none);
        Assert.Equal(3, exit);
        Assert.Contains("127.0.0.1:1", output);
        Assert.DoesNotContain("swordfish", output);
        Assert.Equal(1, (await _checkout.Run("migrate")).Exit);
    }

    public void Dispose() => _checkout.Dispose();

    private static async Task<object?> User(PostgresServer server, string account)
    {
        var own = new NpgsqlConnectionStringBuilder(account);
        await using var source = NpgsqlDataSource.Create(new NpgsqlConnectionStringBuilder(server.ConnectionString)
        {
            Database = "commerce_orders", Username = own.Username, Password = own.Password, Pooling = false,
        });
        await using var command = source.CreateCommand("select current_user::text");
        return await command.ExecuteScalarAsync();
    }
}
