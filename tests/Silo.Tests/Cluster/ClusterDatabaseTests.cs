using Commerce.Hosting;
using Commerce.Journal;
using Commerce.Testing;
using Npgsql;
using Xunit;

namespace Commerce.Silo.Tests;

public sealed class ClusterDatabaseTests(ClusterStore store) : IClassFixture<ClusterStore>
{
    [Fact]
    public async Task Processes_that_start_at_once_make_one_database()
    {
        var (connection, prefix) = (await TestPostgres.ConnectionString(), TestPostgres.NewPrefix());
        var opened = await Task.WhenAll(Enumerable.Range(0, 6).Select(_ => ClusterDatabase.Open(connection, prefix)));
        foreach (var one in opened)
        {
            Assert.True(await one.Ping(CancellationToken.None));
            await one.DisposeAsync();
        }
    }

    [Fact]
    public async Task Opening_again_changes_nothing_and_newer_software_is_not_undone()
    {
        await using (var again = await store.Open())
            Assert.Contains($"{store.Prefix}_cluster", again.ConnectionString, StringComparison.Ordinal);
        Assert.Equal(1L, await store.Scalar<long>("select count(*) from cluster.schema_version"));
        Assert.Equal(21L, await store.Scalar<long>("select count(*) from OrleansQuery")); // by the name that Orleans asks for

        await store.Scalar<int>("insert into cluster.schema_version (version) values (999) returning version");
        var newer = await Assert.ThrowsAsync<JournalSchemaException>(store.Open);
        Assert.Contains($"'{store.Prefix}_cluster'", newer.Message, StringComparison.Ordinal);
        Assert.Contains("999", newer.Message, StringComparison.Ordinal);
        await store.Scalar<int>("delete from cluster.schema_version where version = 999 returning version");
    }

    [Theory]
    [InlineData("app", "update cluster.members set status = 6", true)]
    [InlineData("app", "delete from cluster.reminders", true)]
    [InlineData("app", "update cluster.orleansquery set querytext = 'select 1'", false)]
    [InlineData("app", "create table cluster.mine (n int)", false)]
    [InlineData("view", "select address from cluster.members", true)]
    [InlineData("view", "select querytext from cluster.orleansquery", true)]
    [InlineData("view", "select payload from cluster.states", false)]
    [InlineData("view", "update cluster.members set address = '192.0.2.1'", false)]
    [InlineData("view", "insert into cluster.clusters (cluster_id) values ('mine')", false)]
    public async Task A_gateway_only_looks_for_silos_and_nobody_changes_the_statements(string kind, string statement, bool allowed)
    {
        var (server, prefix) = (await TestPostgres.ConnectionString(), TestPostgres.NewPrefix());
        var roles = await ClusterDatabase.Migrate(server, prefix, CancellationToken.None);
        var account = (await roles.SetPasswords(server, CancellationToken.None))[kind];
        var accounts = new PostgresAccounts(server, new Dictionary<string, string> { [PostgresAccounts.ClusterName] = account });
        await using var opened = await ClusterDatabase.Open(accounts, prefix);
        await using var command = opened.DataSource.CreateCommand(statement);
        if (allowed) await command.ExecuteNonQueryAsync();
        else
        {
            var refused = await Assert.ThrowsAsync<PostgresException>(() => command.ExecuteNonQueryAsync());
            Assert.Equal(PostgresErrorCodes.InsufficientPrivilege, refused.SqlState);
        }
    }
}
