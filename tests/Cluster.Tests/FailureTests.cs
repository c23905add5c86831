using Commerce.Testing;
using Xunit;

namespace Commerce.Cluster.Tests;

/// <summary>
/// What an operator fears, done on purpose while customers shop. Each says what it cost; none asserts a time, because the machine may be
/// busy with other things.
/// </summary>
public sealed class FailureTests(ITestOutputHelper output) : IAsyncLifetime
{
    private PrivatePostgres? _postgres;
    private LocalCluster? _cluster;
    private Shop? _shop;

    private LocalCluster Cluster => _cluster!;

    private Shop Shop => _shop!;

    public async ValueTask InitializeAsync()
    {
        _postgres = await TestPostgres.StartPrivate();
        _cluster = await LocalCluster.Start(_postgres.ConnectionString);
        _shop = new Shop(_cluster.Address);
        await _shop.Stock();
    }

    public async ValueTask DisposeAsync()
    {
        _shop?.Dispose();
        if (_cluster is not null) await _cluster.DisposeAsync();
        if (_postgres is not null) await _postgres.DisposeAsync();
    }

    [Fact]
    public async Task A_silo_killed_under_load_loses_nothing_and_every_promise_is_kept()
    {
        await using var shoppers = new Shoppers(Shop);
        foreach (var silo in Cluster.Silos.Take(2))
        {
            await shoppers.Until(60);
            await silo.Kill();
            await shoppers.Until(60);
            silo.Launch();
            await silo.Ready();
        }

        await Judge(shoppers, "kill -9 of a silo, twice");
    }

    [Fact]
    public async Task A_rolling_restart_of_every_silo_fails_no_request()
    {
        await using var shoppers = new Shoppers(Shop);
        foreach (var silo in Cluster.Silos)
        {
            await shoppers.Until(40);
            await silo.Stop();
            silo.Launch();
            await silo.Ready();
        }

        await shoppers.Until(40);
        await Judge(shoppers, "rolling restart of three silos");
        Assert.Empty(shoppers.Failures);
    }

    [Fact]
    public async Task A_rolling_upgrade_to_the_next_version_of_a_grain_interface_fails_no_request()
    {
        using var built = await NextVersion.Build();
        await using var shoppers = new Shoppers(Shop);
        foreach (var silo in Cluster.Silos)
        {
            await shoppers.Until(60); // with both versions running, but for the first and the last time
            await silo.Stop();
            silo.Program = built.Program;
            silo.Launch();
            await silo.Ready();
        }

        await shoppers.Until(60);
        await Judge(shoppers, "rolling upgrade of three silos from version 1 to version 2 of IOrderGrain");
        Assert.Empty(shoppers.Failures);
    }

    [Fact]
    public async Task All_silos_and_the_gateway_killed_at_once_come_back_with_everything()
    {
        await using var shoppers = new Shoppers(Shop);
        await shoppers.Until(60);
        await Task.WhenAll(Cluster.Members.Select(m => m.Kill()));
        await Cluster.LaunchAll();
        await shoppers.Until(60);
        await Judge(shoppers, "kill -9 of everything");
    }

    [Fact]
    public async Task PostgreSQL_away_for_half_a_minute_is_told_clearly_and_all_recovers_by_itself()
    {
        await using var shoppers = new Shoppers(Shop);
        await shoppers.Until(60);
        await _postgres!.Stop();
        await Task.Delay(TimeSpan.FromSeconds(30));
        await _postgres.StartAgain();
        await shoppers.Until(60);
        await Judge(shoppers, "PostgreSQL stopped for 30 s");
        Assert.All(shoppers.Failures, f => Assert.DoesNotContain("   at ", f.Body));
        Assert.All(shoppers.Failures, f => Assert.Equal(503, f.Status ?? 503));
    }

    private async Task Judge(Shoppers shoppers, string what)
    {
        await shoppers.Stop();
        var orders = await Verdict.On(Shop, shoppers);
        var kinds = shoppers.Failures.GroupBy(f => f.Status?.ToString() ?? "no answer").Select(g => $"{g.Count()} {g.Key}");
        output.WriteLine(
            $"{what}: {orders} orders, {shoppers.Promises.Count} promises in {shoppers.Elapsed.TotalSeconds:0} s, all kept; longest gap "
            + $"{shoppers.LongestGap().TotalSeconds:0.0} s; requests sent again: {shoppers.Failures.Count} ({string.Join(", ", kinds)})");
    }
}
