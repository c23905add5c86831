using Commerce.Hosting;
using Commerce.Journal;
using Commerce.Testing;
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
}
