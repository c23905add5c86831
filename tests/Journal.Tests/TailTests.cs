using Commerce.Engine;
using Commerce.Kernel;
using Xunit;

namespace Commerce.Journal.Tests;

/// <summary>The end of a partition that memory knows is only ever too low.</summary>
public sealed class TailTests
{
    private readonly TailCache _tail = new(1);

    [Fact]
    public void Nothing_is_known_before_an_end_was_seen()
    {
        _tail.Committed(0, _tail.Growth(0), Facts(1, 2));
        Assert.False(_tail.TryRead(0, 0, 10, null, fresh: true, out _));
        Assert.False(_tail.Has(0, 0));
    }

    [Fact]
    public void What_this_process_has_committed_is_not_asked_for()
    {
        See(end: 4);
        _tail.Committed(0, _tail.Growth(0), Facts(5, 7));
        Same([5, 6, 7], 7, Read(after: 4));
        Same([], 7, Read(after: 7));
        Assert.Null(Read(after: 3)); // older than memory
    }

    [Fact]
    public void A_commit_of_another_process_that_was_heard_of_meanwhile_is_asked_for()
    {
        See(end: 4);
        var mark = _tail.Growth(0);
        _tail.MayHaveGrown(); // another process committed 7 after 5 and 6 of this one, and its notice came first
        _tail.Committed(0, mark, Facts(5, 6));
        Assert.Null(Read(after: 4));
        _tail.Saw(0, _tail.Growth(0), Facts(7, 7), 7);
        Same([5, 6, 7], 7, Read(after: 4));
    }

    [Fact]
    public void What_was_committed_between_is_not_left_out()
    {
        See(end: 4);
        _tail.Committed(0, _tail.Growth(0), Facts(6, 6)); // 5 is another process's
        Assert.Null(Read(after: 4));
        Assert.Equal(4, _tail.End(0));
        _tail.Saw(0, _tail.Growth(0), Facts(5, 6), 6);
        Same([5, 6], 6, Read(after: 4));
    }

    [Fact]
    public void A_reading_that_began_before_a_commit_does_not_tell_the_end()
    {
        See(end: 4);
        var before = _tail.Growth(0);
        _tail.MayHaveGrown([0]);
        _tail.Saw(0, before, [], 4);
        Assert.Null(Read(after: 4));
    }

    [Fact]
    public void Only_wanted_types_are_given_and_all_are_looked_at()
    {
        See(end: 0);
        _tail.Committed(0, _tail.Growth(0), Facts(1, 9));
        Same([1, 3], 3, Read(after: 0, limit: 2, "odd/1"));
        Same([8], 9, Read(after: 7, limit: 2, "even/1"));
    }

    [Fact]
    public void The_oldest_are_forgotten()
    {
        See(end: 0);
        _tail.Committed(0, _tail.Growth(0), Facts(1, 5000));
        Assert.Null(Read(after: 1));
        Same([4999, 5000], 5000, Read(after: 4998));
    }

    private static void Same(int[] positions, long seenTo, (IEnumerable<int> Positions, long SeenTo)? read)
    {
        Assert.Equal(positions, read?.Positions);
        Assert.Equal(seenTo, read?.SeenTo);
    }

    private void See(long end) => _tail.Saw(0, _tail.Growth(0), [], end);

    private (IEnumerable<int> Positions, long SeenTo)? Read(long after, int limit = 10, string? type = null) =>
        _tail.TryRead(0, after, limit, type is null ? null : [type], fresh: false, out var read)
            ? (read.Facts.Select(f => (int)f.Position).ToList(), read.SeenTo)
            : null;

    private static IReadOnlyList<RecordedFact> Facts(int first, int last) =>
    [
        .. Enumerable.Range(first, last - first + 1).Select(n => new RecordedFact(
            0, n, EntityId.Parse("thing/t"), n, new EncodedFact(n % 2 == 0 ? "even/1" : "odd/1", "{}"), default, $"{n}", "c", null)),
    ];
}
