using System.Text;
using Commerce.Testing;
using Xunit;

namespace Commerce.Replay.Tests;

public sealed class ReplayTests
{
    /// <summary>A short one: every oddity, and few ordinary orders besides.</summary>
    private static readonly SampleMonth Sample = new(orders: 40);

    [Fact]
    public async Task The_given_month_reconciles_to_the_penny_and_a_second_run_doubles_nothing()
    {
        await using var shop = await Shop.Open();
        var first = await shop.Replay(GivenMonth.File);
        AssertAgrees(first, GivenMonth.Totals);
        var orders = await shop.Get("/ledger/trial-balance");

        var second = await shop.Replay(GivenMonth.File);
        AssertAgrees(second, GivenMonth.Totals);
        Assert.Equal(orders.ToString(), (await shop.Get("/ledger/trial-balance")).ToString());
        Assert.Equal(first.Json.GetProperty("matchedReturns").GetInt32(), second.Json.GetProperty("matchedReturns").GetInt32());
        Assert.Contains("The books agree with the file to the penny", second.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Without_a_file_the_sample_month_is_replayed_and_reconciles_to_the_penny()
    {
        var sample = new SampleMonth();
        await using var shop = await Shop.Open();
        var replayed = await Replayed.Run(["--gateway", shop.Url, "--api-key", TestCredentials.Secret, "--json"]);
        AssertAgrees(replayed, kind => sample.Totals[kind]);
        Assert.Contains("the sample month: 2019-03-01 to 2019-03-", replayed.Output, StringComparison.Ordinal);
        Assert.True(replayed.Json.GetProperty("matchedReturns").GetInt32() > 20, replayed.Output);
    }

    [Fact]
    public async Task The_sample_month_is_saved_on_request_and_nothing_is_overwritten()
    {
        var file = Path.Combine(Directory.CreateTempSubdirectory("replay-sample-").FullName, "sample.csv");
        Assert.Equal(0, (await Replayed.Run(["--save", file])).ExitCode);
        Assert.Equal(RetailFile.Sample().Rows, RetailFile.Read(file).Rows);
        var again = await Replayed.Run(["--save", file]);
        Assert.Equal(2, again.ExitCode);
        Assert.Contains("cannot be written", again.Errors, StringComparison.Ordinal);
        Assert.Equal(2, (await Replayed.Run(["--save", ""])).ExitCode);
    }

    [Fact]
    public async Task A_month_with_every_known_oddity_reconciles_in_a_shop_that_trades_already()
    {
        await using var shop = await Shop.Open();
        await shop.Post("/customers", new { id = "cus_17850", name = "Known before", email = "known@example.com" });
        await shop.Post("/products", new { sku = "22423", name = "Known before", kind = "goods" });
        await shop.Post("/products", new { sku = "90210", name = "Known before", kind = "goods" });
        await shop.Post("/stock/22423/receipts", new { quantity = 7 });
        await shop.Post("/stock/90210/receipts", new { quantity = 7 });
        var lines = new[] { new { sku = "22423", quantity = 2, unitPrice = 1 } };
        await shop.Post("/orders", new { id = "ord_before", currency = "GBP", paymentMethod = "pm_sandbox_ok", lines });

        var replayed = await shop.Replay(Sample.Saved());
        AssertAgrees(replayed, kind => Sample.Totals[kind]);
        Assert.Equal(new Totals(3, 3, 3, -1106206), replayed.Figures("other"));
        Assert.Equal(7 + 2, (await shop.Get("/stock/90210")).GetProperty("onHand").GetInt64());
    }

    [Fact]
    public async Task A_month_still_agrees_after_another_one_was_replayed()
    {
        var (march, april) = (Sample.Saved(), new SampleMonth(4, orders: 40));
        await using var shop = await Shop.Open();
        AssertAgrees(await shop.Replay(march), kind => Sample.Totals[kind]);
        AssertAgrees(await shop.Replay(april.Saved()), kind => april.Totals[kind]);
        var again = await shop.Replay(march);
        AssertAgrees(again, kind => Sample.Totals[kind]);
        Assert.Contains("moved by other trade since", again.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_interrupted_replay_continues_even_after_a_restart_of_the_gateway()
    {
        var file = Sample.Saved();
        await using var shop = await Shop.Open();
        using var stop = new CancellationTokenSource();
        var interrupted = shop.Replay(file, stop.Token, concurrency: 2);
        await shop.Until("/orders?limit=500", orders => orders.GetProperty("items").GetArrayLength() >= 5);
        await stop.CancelAsync();
        Assert.Equal(130, (await interrupted).ExitCode);
        Assert.Contains("continues from here", (await interrupted).Errors, StringComparison.Ordinal);

        var second = shop.Replay(file, concurrency: 2);
        await shop.Until("/orders?limit=500", orders => orders.GetProperty("items").GetArrayLength() >= 15);
        await shop.DisposeAsync();
        await using var again = await shop.Reopen();
        AssertAgrees(await second, kind => Sample.Totals[kind]);
    }

    [Fact]
    public async Task What_is_in_the_books_and_not_in_the_file_is_found_and_named()
    {
        var file = Sample.Saved();
        await using var shop = await Shop.Open();
        Assert.Equal(0, (await shop.Replay(file)).ExitCode);

        await shop.Post("/stock/71053/adjustments", new { change = 3, reason = "found behind the shelf" });
        var adjusted = await shop.Replay(file);
        Assert.Equal(1, adjusted.ExitCode);
        var words = Assert.Single(adjusted.Differences);
        Assert.StartsWith("stock of 71053: expected", words, StringComparison.Ordinal);
        Assert.Contains("adjustment of 3", words, StringComparison.Ordinal);
        Assert.Contains("found behind the shelf", words, StringComparison.Ordinal);

        var lines = new[] { new { sku = "M", quantity = 2, unitPrice = 250 } };
        await shop.Post(
            "/orders",
            new { id = "ord_extra", currency = "GBP", paymentMethod = "pm_sandbox_ok", lines, orderedAt = "2019-03-02T10:00:00Z" });
        var extra = await shop.Replay(file);
        Assert.Equal(1, extra.ExitCode);
        Assert.Contains(extra.Differences, d => d.StartsWith("ord_extra (2019-03-02, 1 line", StringComparison.Ordinal));
        Assert.Contains(extra.Differences, d => d.StartsWith("sales of 2019-03-02:", StringComparison.Ordinal));
        Assert.Contains(
            extra.Differences,
            d => d.StartsWith("sales report of 2019-03-02, gross:", StringComparison.Ordinal)
                && d.EndsWith("documents that are not in the file account for all of it.", StringComparison.Ordinal));
        Assert.Equal(Sample.Totals[InvoiceKind.Sale].Pence + 500, extra.Figures("sales").Pence);
    }

    [Fact]
    public async Task A_file_that_says_something_else_than_the_books_is_told_line_by_line()
    {
        await using var shop = await Shop.Open();
        Assert.Equal(0, (await shop.Replay(Sample.Saved())).ExitCode);
        var changed = Sample.Csv.Replace(",gift_0001_40,", ",gift_0001_50,", StringComparison.Ordinal);
        Assert.NotEqual(Sample.Csv, changed);
        var file = Path.Combine(Directory.CreateTempSubdirectory("replay-sample-").FullName, "changed.csv");
        await File.WriteAllTextAsync(file, changed, new UTF8Encoding(false));

        var replayed = await shop.Replay(file);
        Assert.Equal(1, replayed.ExitCode);
        Assert.Contains(
            replayed.Differences,
            d => d.Contains("line 1: expected 1 × gift_0001_50 at 3404, found 1 × gift_0001_40 at 3404", StringComparison.Ordinal));
    }

    [Fact]
    public async Task What_cannot_be_used_is_said_in_a_sentence_with_exit_code_2()
    {
        var file = Sample.Saved();
        var away = await Replayed.Run([file, "--gateway", "http://127.0.0.1:9"]);
        Assert.Equal(2, away.ExitCode);
        Assert.Contains("The gateway at http://127.0.0.1:9/ cannot be used", away.Errors, StringComparison.Ordinal);
        Assert.Contains("./commerce up", away.Errors, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", away.Errors, StringComparison.Ordinal);

        Assert.Equal(2, (await Replayed.Run([file, "--gateway", "elsewhere"])).ExitCode);
        Assert.Equal(2, (await Replayed.Run([file, "--concurrency", "0"])).ExitCode);
        Assert.Equal(2, (await Replayed.Run([file, "--api-key", ""])).ExitCode);
        Assert.Equal(2, (await Replayed.Run([file, "another"])).ExitCode);
        Assert.Equal(2, (await Replayed.Run(["/nowhere/orders.csv.gz"])).ExitCode);
        Assert.Equal(0, (await Replayed.Run(["--help"])).ExitCode);
    }

    private static void AssertAgrees(Replayed replayed, Func<InvoiceKind, Totals> expected)
    {
        Assert.True(replayed.ExitCode == 0, replayed.Output + replayed.Errors);
        Assert.Empty(replayed.Differences);
        Assert.Equal(expected(InvoiceKind.Sale), replayed.Figures("sales"));
        Assert.Equal(expected(InvoiceKind.Cancellation), replayed.Figures("cancellations"));
        Assert.Equal(expected(InvoiceKind.Correction), replayed.Figures("corrections"));
    }
}
