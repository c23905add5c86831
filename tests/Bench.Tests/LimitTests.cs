using Commerce.Testing;
using Npgsql;
using Xunit;

namespace Commerce.Bench.Tests;

/// <summary>The limit writes what an order of the single process writes, as it is now.</summary>
public sealed class LimitTests
{
    [Fact]
    public async Task The_limit_writes_the_facts_answers_and_entities_of_one_order_in_one_commit()
    {
        var programs = Directory.CreateTempSubdirectory("commerce-bench-tests-").FullName;
        try
        {
            Directory.CreateSymbolicLink(Path.Combine(programs, "ApiGateway"), AppContext.BaseDirectory);
            var (server, name) = (await TestPostgres.ConnectionString(), TestPostgres.NewPrefix());
            var bench = new Workbench(programs, Settings.InMinutes, TestContext.Current.SendDiagnosticMessage);
            var cancel = TestContext.Current.CancellationToken;
            if (await Limit.Prepare(bench, server, cancel, name) is not { } limit)
            {
                Assert.Skip("There is no pgbench here.");
                return;
            }

            var second = TimeSpan.FromSeconds(1);
            var loads = new[] { await limit.Load(4, second, cancel), await limit.Load(4, second, cancel) };
            var orders = loads.Sum(l => l.Latencies.Length);
            Assert.All(loads, l => Assert.True(l.Rate > 0));

            await using var postgres = NpgsqlDataSource.Create(new NpgsqlConnectionStringBuilder(server) { Database = name });
            foreach (var table in new[] { "facts", "operations" })
            {
                var one = await Scalar(postgres, $"select count(*) from pattern.{table}");
                Assert.True(one > 10, $"An order has left only {one} {table}.");
                Assert.Equal(orders * one, await Scalar(postgres, $"select count(*) from journal.{table}"));
                Assert.Equal(orders, await Scalar(
                    postgres, $"select count(distinct entity) from journal.{table} where entity like 'order/%'"));
                Assert.Equal(0, await Scalar(
                    postgres, $"select count(*) from journal.{table} t, pattern.key k where strpos(t::text, k.key) > 0"));
            }

            // Each customer has three SKUs, and what an order has of its own is there once an order.
            Assert.Equal(4 * 3, await Scalar(postgres, "select count(*) from journal.entities where id like 'stock/%'"));
            Assert.Equal(orders, await Scalar(postgres, "select count(*) from journal.entities where id like 'payment/%'"));
            Assert.Equal(0, await Scalar(postgres, """
                select count(*) from journal.entities e
                where version <> (select max(version) from journal.facts f where f.entity = e.id)
                """));
            Assert.Equal(
                await Scalar(postgres, "select sum(length(data::text)) from pattern.facts") * orders,
                await Scalar(postgres, "select sum(length(data::text)) from journal.facts"));
        }
        finally
        {
            Directory.Delete(programs, recursive: true);
        }
    }

    private static async Task<long> Scalar(NpgsqlDataSource postgres, string sql)
    {
        await using var command = postgres.CreateCommand(sql);
        return (long)(await command.ExecuteScalarAsync())!;
    }
}
