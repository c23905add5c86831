using Commerce.Kernel;
using Xunit;

namespace Commerce.Domain.Tests.Kernel;

public sealed class ReachTests
{
    private static readonly Owner Adas = new("cus_ada", "ord_1", "market");

    [Theory]
    [InlineData(ReachKind.Everything, null, true)]
    [InlineData(ReachKind.Nothing, null, false)]
    [InlineData(ReachKind.Customer, "cus_ada", true)]
    [InlineData(ReachKind.Customer, "cus_bob", false)]
    [InlineData(ReachKind.Order, "ord_1", true)]
    [InlineData(ReachKind.Order, "ord_2", false)]
    [InlineData(ReachKind.Channel, "market", true)]
    [InlineData(ReachKind.Channel, "cus_ada", false)]
    public void A_thing_is_within_reach_by_its_owner(ReachKind kind, string? id, bool within) =>
        Assert.Equal(within, new Reach(kind, id).Includes(Adas));

    [Fact]
    public void What_belongs_to_nobody_is_within_the_reach_of_staff_only()
    {
        var nobodys = new Owner();
        foreach (var kind in Enum.GetValues<ReachKind>())
            Assert.Equal(kind == ReachKind.Everything, new Reach(kind).Includes(nobodys)); // null is no owner in common
    }
}
