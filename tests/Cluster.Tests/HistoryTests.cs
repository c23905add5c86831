using Commerce.Histories;
using Commerce.Testing;
using Xunit;

namespace Commerce.Cluster.Tests;

/// <summary>What clients see of the cluster while its silos and its gateway are killed under them.</summary>
public sealed class HistoryTests(ITestOutputHelper output)
{
    [Fact]
    public async Task Stock_and_payments_do_one_thing_at_a_time_whichever_process_is_killed()
    {
        await using var postgres = await TestPostgres.StartPrivate();
        await using var cluster = await LocalCluster.Start(postgres.ConnectionString);
        await using var market = await Market.Open(cluster.Address, TestCredentials.Secret, pause: LocalCluster.Pause);
        foreach (var killed in new[] { cluster.Silos[0], cluster.Gateway, cluster.Silos[1] })
        {
            await market.Until(400);
            await killed.Kill();
            if (killed != cluster.Gateway) await market.Until(100); // without a gateway no request is served
            killed.Launch();
            await killed.Ready();
        }

        await market.Until(400);
        await market.Close();
        var judgement = Judgement.Of(market.Recorder);
        output.WriteLine($"kill -9 of two silos and the gateway: {judgement.Summary}");
        Assert.True(judgement.Wrong.Count == 0, $"{judgement}");
    }
}
