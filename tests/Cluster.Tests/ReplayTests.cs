using System.Text.Json;
using Commerce.Client;
using Commerce.Replay;
using Commerce.Replay.Tests;
using Commerce.Testing;
using Xunit;

namespace Commerce.Cluster.Tests;

/// <summary>The retailer's month through three silos.</summary>
public sealed class ReplayTests(ITestOutputHelper output)
{
    [Fact]
    public async Task The_given_month_reconciles_to_the_penny_although_a_silo_is_killed_while_it_runs()
    {
        await using var postgres = await TestPostgres.StartPrivate();
        await using var cluster = await LocalCluster.Start(postgres.ConnectionString);
        using var shop = new CommerceClient(new CommerceOptions(cluster.Address) { ApiKey = TestCredentials.Secret });
        await using var replay = RunningProgram.Start(
            LocalCluster.ProgramOf("Replay"), new Dictionary<string, string> { ["COMMERCE_API_KEY"] = TestCredentials.Secret },
            GivenMonth.File, "--gateway", $"{cluster.Address}", "--json");
        await UntilOrders(shop, 20);
        await cluster.Silos[1].Kill();
        await Task.Delay(TimeSpan.FromSeconds(3));
        cluster.Silos[1].Launch();
        var exit = await replay.Exit();
        output.WriteLine(replay.Output);

        Assert.True(exit == 0, replay.Output + string.Join('\n', cluster.Gateway.Output.Split('\n').Where(l => l.Contains("\"Error\""))));
        var json = JsonDocument.Parse(replay.Output.TrimEnd().Split('\n').Last(l => l.StartsWith('{'))).RootElement;
        Assert.Equal(0, json.GetProperty("differences").GetArrayLength());
        foreach (var kind in new[] { InvoiceKind.Sale, InvoiceKind.Cancellation, InvoiceKind.Correction })
            Assert.Equal(GivenMonth.Totals(kind), Figures(json, kind));
    }

    private static async Task UntilOrders(CommerceClient shop, int count)
    {
        while ((await shop.ListOrdersAsync(limit: count)).Items.Count < count) await Task.Delay(100);
    }

    private static Totals Figures(JsonElement json, InvoiceKind kind)
    {
        var figures = json.GetProperty(kind switch
        {
            InvoiceKind.Sale => "sales",
            InvoiceKind.Cancellation => "cancellations",
            _ => "corrections",
        });
        long Of(string name) => figures.GetProperty(name).GetInt64();
        return new(Of("lines"), Of("invoices"), Of("units"), Of("pence"));
    }
}
