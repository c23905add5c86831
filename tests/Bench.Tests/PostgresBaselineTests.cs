using Commerce.Testing;
using Npgsql;
using Xunit;

namespace Commerce.Bench.Tests;

/// <summary>The baseline writes the rows that an order of the single process leaves, as the product is now.</summary>
public sealed class PostgresBaselineTests : IDisposable
{
    private readonly TestContexts _bench = new();

    [Fact]
    public async Task The_baseline_writes_the_facts_answers_and_entities_of_an_order_in_one_commit()
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
        foreach (var (table, least) in new[] { ("facts", 10), ("operations", 10), ("entities", 5) })
        {
            var one = await Scalar(postgres, $"select count(*) from template.{table}");
            Assert.True(one >= least, $"An order has left only {one} {table}.");
            Assert.Equal(orders * one, await Scalar(postgres, $"select count(*) from journal.{table}"));
        }

        Assert.Equal(orders, await Scalar(postgres, "select count(distinct entity) from journal.facts where entity like 'order/%'"));
        Assert.Equal(orders, await Scalar(postgres, "select count(*) from journal.entities where id like 'payment/%'"));
        Assert.Equal(
            await Scalar(postgres, "select sum(length(data::text)) from template.facts") * orders,
            await Scalar(postgres, "select sum(length(data::text)) from journal.facts"));
    }

    public void Dispose() => _bench.Dispose();

    private static async Task<long> Scalar(NpgsqlDataSource postgres, string sql)
    {
        await using var command = postgres.CreateCommand(sql);
        return (long)(await command.ExecuteScalarAsync())!;
    }
}
