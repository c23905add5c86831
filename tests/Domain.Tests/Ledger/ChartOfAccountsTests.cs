using Commerce.Ledger;
using Xunit;

namespace Commerce.Domain.Tests.Ledger;

public sealed class ChartOfAccountsTests
{
    [Fact]
    public void Every_account_that_a_capability_declares_can_be_posted_to() =>
        Assert.Equal(Capabilities.All.SelectMany(c => c.Accounts).ToHashSet(), ChartOfAccounts.All.ToHashSet());

    [Fact]
    public void An_account_is_found_by_its_name_and_declared_once()
    {
        Assert.All(ChartOfAccounts.All, a => Assert.Same(a, ChartOfAccounts.Find(a.Name)));
        Assert.Equal(ChartOfAccounts.All.Count, ChartOfAccounts.All.Select(a => a.Name).Distinct().Count());
        Assert.Null(ChartOfAccounts.Find("slush"));
    }
}
