using Commerce.Testing;
using Xunit;

namespace Commerce.Journal.Tests;

/// <summary>A batch is what arrived while the last one was served; there is no limit but those given.</summary>
public sealed class LaneTests
{
    private readonly List<int[]> _batches = [];
    private readonly TaskCompletionSource _firstMayEnd = new();
    private readonly TaskCompletionSource _firstHasBegun = new();
    private Action _taking = () => { };

    [Fact]
    public async Task What_arrives_while_one_batch_is_served_makes_the_next_in_order()
    {
        var lane = new GroupCommitQueue<int, int>(100, 100, _ => 1, 1, Serve);
        var first = lane.Add(0);
        await _firstHasBegun.Task;
        var others = Enumerable.Range(1, 9).Select(lane.Add).ToList();
        _firstMayEnd.SetResult();
        Assert.Equal(Enumerable.Range(0, 10), await Task.WhenAll(others.Prepend(first)));
        Assert.Equal([[0], [1, 2, 3, 4, 5, 6, 7, 8, 9]], _batches);
    }

    [Fact]
    public async Task A_batch_has_at_most_so_many_requests_and_so_much_weight()
    {
        var lane = new GroupCommitQueue<int, int>(3, 10, n => n, 1, Serve);
        var first = lane.Add(0);
        await _firstHasBegun.Task;
        var others = new[] { 1, 2, 3, 4, 5, 6, 50, 1 }.Select(lane.Add).ToList();
        _firstMayEnd.SetResult();
        await Task.WhenAll(others);
        Assert.Equal([[0], [1, 2, 3], [4, 5], [6], [50], [1]], _batches);
    }

    [Fact]
    public async Task A_batch_that_breaks_fails_its_requests_and_the_next_is_served()
    {
        var lane = new GroupCommitQueue<int, int>(
            3, 10, _ => 1, 1, batch => batch[0].Request < 0 ? throw new InvalidDataException("broken") : Serve(batch));
        _firstMayEnd.SetResult();
        var problem = await Assert.ThrowsAsync<InvalidOperationException>(() => lane.Add(-1));
        Assert.IsType<InvalidDataException>(problem.InnerException);
        Assert.Equal(7, await lane.Add(7));
    }

    [Fact]
    public async Task Closing_serves_what_was_added_and_takes_nothing_more()
    {
        var lane = new GroupCommitQueue<int, int>(1, 10, _ => 1, 1, Serve);
        var added = Enumerable.Range(0, 3).Select(lane.Add).ToList();
        var closing = lane.DisposeAsync().AsTask();
        Assert.False(closing.IsCompleted);
        _firstMayEnd.SetResult();
        await closing;
        Assert.All(added, a => Assert.True(a.IsCompletedSuccessfully));
        await Assert.ThrowsAsync<ObjectDisposedException>(() => lane.Add(9));
    }

    [Fact]
    public async Task A_queue_lingers_after_a_small_batch_of_several_so_that_the_next_is_larger()
    {
        var clock = new FakeClock();
        var lane = new GroupCommitQueue<int, int>(100, 100, _ => 1, 1, Serve, TimeSpan.FromMilliseconds(15), clock);
        var first = lane.Add(0);
        await _firstHasBegun.Task;
        var others = new[] { 1, 2 }.Select(lane.Add).ToList();
        _taking = () => clock.Advance(TimeSpan.FromMilliseconds(8));
        _firstMayEnd.SetResult();
        await Task.WhenAll([first, .. others]);
        var later = new[] { 3, 4 }.Select(lane.Add).ToList();
        clock.Advance(TimeSpan.FromMilliseconds(6)); // of 8 × (1 - 2/16)
        await Task.Delay(20);
        Assert.Equal([[0], [1, 2]], _batches); // the first was alone, and needed no rest

        await clock.Until(() => Task.FromResult(later.All(l => l.IsCompleted)), "the rest is over", TimeSpan.FromMilliseconds(1));
        Assert.Equal([[0], [1, 2], [3, 4]], _batches);
    }

    [Fact]
    public async Task After_a_large_batch_a_lane_does_not_rest()
    {
        var clock = new FakeClock();
        var lane = new GroupCommitQueue<int, int>(100, 100, _ => 1, 1, Serve, TimeSpan.FromMilliseconds(15), clock);
        var first = lane.Add(0);
        await _firstHasBegun.Task;
        var others = Enumerable.Range(1, 16).Select(lane.Add).ToList();
        _taking = () => clock.Advance(TimeSpan.FromMilliseconds(8));
        _firstMayEnd.SetResult();
        await Task.WhenAll([first, .. others]);
        await lane.Add(17); // the clock goes no further: a rest would never end
        Assert.Equal(3, _batches.Count);
    }

    private async Task Serve(IReadOnlyList<Pending<int, int>> batch)
    {
        _batches.Add([.. batch.Select(p => p.Request)]);
        _firstHasBegun.TrySetResult();
        await _firstMayEnd.Task;
        _taking();
        foreach (var pending in batch) pending.Complete(pending.Request);
    }
}
