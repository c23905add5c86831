using Commerce.Testing;
using Xunit;

namespace Commerce.Histories.Tests;

/// <summary>What clients see of the single process while it is killed under them.</summary>
public sealed class KilledTests(ITestOutputHelper output)
{
    [Fact]
    public async Task Stock_and_payments_do_one_thing_at_a_time_however_often_the_process_is_killed()
    {
        await using var process = await SingleProcess.Start();
        await using var market = await Market.Open(process.Address, TestCredentials.Secret);
        for (var kills = 0; kills < 4; kills++)
        {
            await market.Until(700);
            await process.KillAndStartAgain();
        }

        await market.Until(700);
        await market.Close();
        var judgement = Judgement.Of(market.Recorder);
        output.WriteLine($"kill -9 four times: {judgement.Summary}");
        Assert.True(judgement.Wrong.Count == 0, $"{judgement}");
    }
}
