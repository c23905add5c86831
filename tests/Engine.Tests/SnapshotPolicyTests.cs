using Xunit;

namespace Commerce.Engine.Tests;

public sealed class SnapshotPolicyTests
{
    [Fact]
    public void Many_small_facts_make_a_snapshot_due_as_few_large_ones_do()
    {
        Assert.InRange(FactsUntilDue(new SnapshotPolicy(), factBytes: 0), 50, 100);
        Assert.Equal(2, FactsUntilDue(new SnapshotPolicy(), factBytes: 10_000));
    }

    [Fact]
    public void A_large_state_is_written_less_often_than_a_small_one()
    {
        var (small, large) = (new SnapshotPolicy(), new SnapshotPolicy());
        small.Restart(1_000);
        large.Restart(1_000_000);
        Assert.Equal(2, FactsUntilDue(small, factBytes: 10_000));
        Assert.Equal(99, FactsUntilDue(large, factBytes: 10_000));
    }

    [Fact]
    public void A_snapshot_that_was_not_committed_is_still_due()
    {
        var policy = new SnapshotPolicy();
        FactsUntilDue(policy, factBytes: 10_000);
        policy.Restart(1_000);
        Assert.False(policy.IsDue);
        policy.Retry();
        Assert.True(policy.IsDue);
    }

    private static int FactsUntilDue(SnapshotPolicy policy, int factBytes)
    {
        for (var facts = 0; ; facts++)
        {
            if (policy.IsDue) return facts;
            policy.Add(factBytes);
        }
    }
}
