using System.Text.RegularExpressions;
using Commerce.Testing;
using Xunit;

namespace Commerce.Histories.Tests;

/// <summary>A checker that never says no is worth nothing: here it must, and name the entity.</summary>
public sealed partial class PlantedBugTests(ITestOutputHelper output)
{
    [Fact]
    public async Task A_read_from_a_stale_cache_is_caught()
    {
        var why = Assert.Single(await Shop(new StaleRead("/stock/LAST")));
        Assert.StartsWith("stock of LAST: of its ", why);
        Assert.Matches(@"reader\d +get: \d+ on hand", Culprit(why));
    }

    [Fact]
    public async Task A_receipt_that_is_booked_twice_is_caught()
    {
        var why = Assert.Single(await Shop(new DoneTwice(path => path == "/stock/SOME/receipts")));
        Assert.StartsWith("stock of SOME: of its ", why);
    }

    [Fact]
    public async Task A_receipt_that_is_promised_and_never_booked_is_caught()
    {
        var why = Assert.Single(await Shop(new NeverDone("FEW")));
        Assert.StartsWith("stock of FEW: of its ", why);
    }

    [Fact]
    public async Task An_order_that_is_placed_twice_is_caught_by_the_units_without_a_request()
    {
        var bug = new DoneTwice(path => path == "/orders");
        var wrong = await Shop(bug);
        Assert.Contains(wrong, why => why.StartsWith($"stock of {bug.Asked!["lines"]![0]!["sku"]}: of its ", StringComparison.Ordinal));
        Assert.Contains(wrong, why => why.StartsWith("the list of orders: ", StringComparison.Ordinal));
        Assert.Equal(2, wrong.Count);
    }

    [Fact]
    public async Task A_capture_that_is_made_twice_is_caught()
    {
        var bug = new DoneTwice(path => path.EndsWith("/captures", StringComparison.Ordinal));
        var why = Assert.Single(await Shop(bug));
        Assert.StartsWith($"payment {bug.Struck!.Split('/')[2]}: of its ", why);
        // It shows the second capture, is refused because of it, or the provider answers it.
        Assert.Matches($"{bug.Asked!["id"]} of |refused, |the provider answers ", Culprit(why));
    }

    private async Task<IReadOnlyList<string>> Shop(PlantedBug bug)
    {
        await using var process = await SingleProcess.Start();
        await using var market = await Market.Open(process.Address, TestCredentials.Secret, bug);
        await market.Until(200);
        while (bug.Struck is null)
        {
            Assert.True(market.Recorder.Count < 20_000, "There was no occasion for the bug.");
            await market.Until(20);
        }

        await market.Until(200);
        await market.Close();
        var judgement = Judgement.Of(market.Recorder);
        output.WriteLine($"{judgement}");
        return judgement.Wrong;
    }

    private static string Culprit(string why) => CulpritLine().Match(why).Groups[1].Value;

    [GeneratedRegex("this one cannot:\n([^\n]*)")]
    private static partial Regex CulpritLine();
}
