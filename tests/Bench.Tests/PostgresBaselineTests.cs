using Commerce.Testing;
using Npgsql;
using Xunit;

namespace Commerce.Bench.Tests;

/// <summary>The baseline writes the rows that an order of the single process leaves, as the product is now.</summary>
public sealed class PostgresBaselineTests : IDisposable
{
    private readonly TestContexts _bench = new();

    [Fact]
    public async Task The_baseline_writes_the_appends_of_an_order_in_one_commit()
    {
        var (server, name) = (await TestPostgres.ConnectionString(), TestPostgres.NewPrefix());
        var cancel = TestContext.Current.CancellationToken;
        if (await PostgresBaseline.Prepare(_bench.Create(), server, cancel, name) is not { } baseline)
        {
            Assert.Skip("There is no pgbench here.");
            return;
        }

        var orders = 0;
        for (var round = 0; round < 2; round++) orders += (await baseline.Load(4, TimeSpan.FromSeconds(1), cancel)).Latencies.Length;
        Assert.True(orders > 0);
        await using var postgres = NpgsqlDataSource.Create(new NpgsqlConnectionStringBuilder(server) { Database = name });
        var one = await Scalar(postgres, "select count(*) from template.appends");
        Assert.True(one >= 12, $"An order has left only {one} appends.");
        Assert.Equal(orders * one, await Scalar(postgres, "select count(*) from journal.appends"));
        Assert.Equal(orders, await Scalar(postgres, "select count(distinct entity) from journal.appends where entity like 'order/%'"));
        Assert.Equal(
            await Scalar(postgres, "select sum(length(data::text)) from template.appends") * orders,
            await Scalar(postgres, "select sum(length(data::text)) from journal.appends"));
    }

    public void Dispose() => _bench.Dispose();

    private static async Task<long> Scalar(NpgsqlDataSource postgres, string sql)
    {
        await using var command = postgres.CreateCommand(sql);
        return (long)(await command.ExecuteScalarAsync())!;
    }
}
