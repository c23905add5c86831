using Commerce.Kernel;
using Commerce.Testing;
using Xunit;

namespace Commerce.Engine.Tests;

/// <summary>What is known of entities whose facts were seen.</summary>
public sealed class LatestVersionsTests
{
    private static readonly TimeSpan Time = TimeSpan.FromSeconds(30);

    private readonly FakeClock _clock = new();

    [Fact]
    public void The_latest_version_is_known_for_the_time_and_not_for_ever()
    {
        var seen = Begin(most: 10);
        seen.Add(Entity(1), 4);
        seen.Add(Entity(1), 3); // late: another partition's reading may be behind
        Assert.Equal(4, seen.Of(Entity(1)));
        Assert.Equal(0, seen.Of(Entity(2)));
        _clock.Advance(Time);
        seen.Add(Entity(2), 1);
        Assert.Equal(4, seen.Of(Entity(1)));
        _clock.Advance(Time);
        seen.Add(Entity(3), 1);
        Assert.Equal((0, 1), (seen.Of(Entity(1)), seen.Of(Entity(2))));
    }

    [Fact]
    public void It_is_complete_once_it_has_seen_facts_for_the_time()
    {
        var seen = new LatestVersions(_clock, Time, 10);
        Assert.False(seen.IsCompleteAt(_clock.GetTimestamp()));
        seen.Begin();
        _clock.Advance(Time - TimeSpan.FromMilliseconds(1));
        Assert.False(seen.IsCompleteAt(_clock.GetTimestamp()));
        _clock.Advance(TimeSpan.FromMilliseconds(1));
        Assert.True(seen.IsCompleteAt(_clock.GetTimestamp()));
    }

    [Fact]
    public void When_there_are_too_many_it_forgets_and_says_so()
    {
        var seen = Begin(most: 3);
        _clock.Advance(Time);
        for (var n = 0; n < 3; n++) seen.Add(Entity(n), 1);
        Assert.True(seen.IsCompleteAt(_clock.GetTimestamp()));
        seen.Add(Entity(3), 1);
        Assert.Equal((0, 1), (seen.Of(Entity(0)), seen.Of(Entity(3))));
        Assert.False(seen.IsCompleteAt(_clock.GetTimestamp()));
    }

    private static EntityId Entity(int n) => new("product", $"p-{n}");

    private LatestVersions Begin(int most)
    {
        var seen = new LatestVersions(_clock, Time, most);
        seen.Begin();
        return seen;
    }
}
