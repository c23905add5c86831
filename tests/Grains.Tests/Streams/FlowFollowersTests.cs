using Commerce.Engine;
using Commerce.Journal.Memory;
using Commerce.Kernel;
using Commerce.Testing;
using Xunit;

namespace Commerce.Grains.Tests;

/// <summary>Followers of every kind: far behind, slow, on and off; and a journal that is away.</summary>
public sealed class FlowFollowersTests : IAsyncLifetime
{
    private const string Quick = "quick-from-ticking";
    private const string Slow = "slow-from-ticking";

    private readonly FlowWorld _world = new();
    private readonly InMemoryStore _ticking;
    private readonly Ticker _tickers;
    private readonly CapabilityStore[] _stores;
    private FlowCluster _cluster = null!;

    public FlowFollowersTests()
    {
        _ticking = new InMemoryStore(_world.Ticking, TimeProvider.System, partitions: 1);
        _stores = [_ticking.Store, new InMemoryStore(_world.Reacting, TimeProvider.System).Store];
        _tickers = new Ticker(_ticking.Store);
    }

    public async ValueTask InitializeAsync() => _cluster = await FlowCluster.Start(_stores, _world);

    public async ValueTask DisposeAsync()
    {
        _world.Open(Slow);
        await _cluster.DisposeAsync();
    }

    [Fact]
    public async Task One_far_behind_the_window_catches_up_from_any_position()
    {
        await _tickers.TickAll(10, 1000);
        await UntilHandled(Quick);
        foreach (var after in new[] { 0, 1, 255, 5000, 9998, 10_000 })
        {
            var projection = Projection($"after{after}");
            await projection.Follow("Ticking", 0, after, TimeSpan.Zero);
            await UntilSeen(projection, Enumerable.Range(after + 1, 10_000 - after));
        }
    }

    [Fact]
    public async Task One_that_is_slow_falls_behind_the_window_and_misses_nothing()
    {
        var projection = Projection("slow");
        await projection.Follow("Ticking", 0, 0, TimeSpan.FromMilliseconds(1));
        for (var n = 0; n < 12; n++)
        {
            await _tickers.TickAll(5, 100);
            await Task.Delay(20);
        }

        await UntilHandled(Quick);
        await UntilSeen(projection, Enumerable.Range(1, 6000));
    }

    [Fact]
    public async Task A_follower_from_now_on_sees_new_facts_and_may_leave_and_return_to_a_quiet_stream()
    {
        await _tickers.Tick("t", 5);
        await UntilHandled(Quick);
        var projection = Projection("now");
        await projection.FollowFromNow("Ticking", 0);
        await _tickers.Tick("t", 5);
        await UntilSeen(projection, Enumerable.Range(6, 5));
        await projection.Unfollow();
        await projection.Follow("Ticking", 0, 2, TimeSpan.Zero);
        await UntilSeen(projection, Enumerable.Range(3, 8));
    }

    [Fact]
    public async Task A_batch_may_take_longer_than_a_call_and_is_still_handled_once()
    {
        _world.Close(Slow);
        await _tickers.Tick("t", 5);
        await UntilHandled(Quick);
        await FlowCluster.Until(async () => (await Checkpoint(Quick)) == 5, "the other goes on");
        await Task.Delay(TimeSpan.FromSeconds(13)); // a call may take 10
        Assert.Empty(_world.HandledBy(Slow));
        _world.Open(Slow);
        await UntilHandled(Slow);
        await FlowCluster.Until(async () => (await Checkpoint(Slow)) == 5, "it is remembered");
        Assert.Equal(5, _world.HandledBy(Slow).Count);
    }

    [Fact]
    public async Task While_the_journal_is_away_it_is_reported_and_then_all_goes_on()
    {
        await _tickers.Tick("t", 5);
        await UntilHandled(Quick);
        _ticking.TakeAway();
        await FlowCluster.Until(() => _cluster.Reports.Any(r => r.Flow == "stream Ticking/0"), "it is reported");
        var projection = Projection("behind");
        await projection.Follow("Ticking", 0, 0, TimeSpan.Zero);
        _ticking.BringBack();
        await _tickers.Tick("t", 5);
        await UntilHandled(Quick);
        await UntilSeen(projection, Enumerable.Range(1, 10));
    }

    private IProjectionGrain Projection(string key) => _cluster.Grains.GetGrain<IProjectionGrain>(key);

    private Task<long> Checkpoint(string reaction) => _stores[1].Checkpoints.Load(reaction, 0, default);

    private async Task UntilHandled(string reaction)
    {
        var written = (await _tickers.Written()).Sum(p => p.Count);
        await FlowCluster.Until(() => _world.HandledBy(reaction).Count >= written, $"{reaction} has handled all");
    }

    private static async Task UntilSeen(IProjectionGrain projection, IEnumerable<int> positions)
    {
        long[] wanted = [.. positions];
        await FlowCluster.Until(async () => (await projection.Seen()).LastOrDefault() == wanted.LastOrDefault(), "all are seen");
        Assert.Equal(wanted, await projection.Seen());
    }
}
