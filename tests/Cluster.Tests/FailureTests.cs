using Commerce.Histories;
using Commerce.Testing;
using Xunit;

namespace Commerce.Cluster.Tests;

/// <summary>
/// What an operator fears, done on purpose while customers shop. Each says what it cost; none asserts a time, because the machine may be
/// busy with other things.
/// </summary>
public sealed class FailureTests(ITestOutputHelper output) : IAsyncLifetime
{
    /// <summary>Number of orders that settle before something happens to the cluster, and after it.</summary>
    private const int Some = 30;

    private PrivatePostgres? _postgres;
    private LocalCluster? _cluster;
    private Market? _market;

    private LocalCluster Cluster => _cluster!;

    private Market Market => _market!;

    public async ValueTask InitializeAsync()
    {
        _postgres = await TestPostgres.StartPrivate();
        _cluster = await LocalCluster.Start(_postgres.ConnectionString);
    }

    public async ValueTask DisposeAsync()
    {
        if (_market is not null) await _market.DisposeAsync();
        if (_cluster is not null) await _cluster.DisposeAsync();
        if (_postgres is not null) await _postgres.DisposeAsync();
    }

    [Fact]
    public async Task A_silo_killed_under_load_loses_nothing_and_every_promise_is_kept()
    {
        await Open();
        foreach (var silo in Cluster.Silos.Take(2))
        {
            await Market.UntilOrders(Some);
            await silo.Kill();
            await Market.UntilOrders(Some);
            silo.Launch();
            await silo.Ready();
        }

        await Judge("kill -9 of a silo, twice");
    }

    [Fact]
    public async Task A_rolling_restart_of_every_silo_fails_no_request()
    {
        await Open();
        foreach (var silo in Cluster.Silos)
        {
            await Market.UntilOrders(Some);
            await silo.Stop();
            silo.Launch();
            await silo.Ready();
        }

        await Market.UntilOrders(Some);
        await Judge("rolling restart of three silos");
        Assert.Empty(Market.Recorder.Lost);
    }

    [Fact]
    public async Task A_rolling_upgrade_to_the_next_version_of_a_grain_interface_fails_no_request()
    {
        using var built = await NextVersion.Build(); // before there is load: it takes both cores
        await Open();
        foreach (var silo in Cluster.Silos)
        {
            await Market.UntilOrders(Some); // with both versions running, but for the first and the last time
            await silo.Stop();
            silo.Program = built.Program;
            silo.Launch();
            await silo.Ready();
        }

        await Market.UntilOrders(Some);
        await Judge("rolling upgrade of three silos from version 1 to version 2 of IOrderGrain");
        Assert.Empty(Market.Recorder.Lost);
    }

    [Fact]
    public async Task All_silos_and_the_gateway_killed_at_once_come_back_with_everything()
    {
        await Open();
        await Market.UntilOrders(Some);
        await Task.WhenAll(Cluster.Members.Select(m => m.Kill()));
        await Cluster.LaunchAll();
        await Market.UntilOrders(Some);
        await Judge("kill -9 of everything");
    }

    [Fact]
    public async Task PostgreSQL_away_for_half_a_minute_is_told_clearly_and_all_recovers_by_itself()
    {
        await Open();
        await Market.UntilOrders(Some);
        await _postgres!.Stop();
        await Task.Delay(TimeSpan.FromSeconds(30));
        await _postgres.StartAgain();
        await Market.UntilOrders(Some);
        await Judge("PostgreSQL stopped for 30 s");
        Assert.All(Market.Recorder.Lost, lost => Assert.DoesNotContain("   at ", lost.Reply.Body));
        Assert.All(Market.Recorder.Lost, lost => Assert.Equal(503, lost.Reply.Status ?? 503));
    }

    private async Task Open() => _market = await Market.Open(Cluster.Address, TestCredentials.Secret, pause: LocalCluster.Pause);

    private async Task Judge(string what)
    {
        await Market.Close();
        var judgement = Judgement.Of(Market.Recorder);
        var (orders, lost) = (Market.Recorder.Orders.Count, Market.Recorder.Lost.GroupBy(l => l.Reply.Status?.ToString() ?? "no answer"));
        output.WriteLine(
            $"{what}: {orders} orders, {judgement.Summary}; longest gap {Market.Recorder.LongestGap.TotalSeconds:0.0} s; "
            + $"requests that were not answered: {string.Join(", ", lost.Select(g => $"{g.Count()} {g.Key}").DefaultIfEmpty("none"))}");
        Assert.True(judgement.Wrong.Count == 0, $"{judgement}");
    }
}
