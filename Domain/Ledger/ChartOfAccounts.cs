using Commerce.Kernel;
using Commerce.Orders;
using Commerce.Payments;

namespace Commerce.Ledger;

/// <summary>The accounts that entries can be posted to: those of all capabilities whose facts the ledger books.</summary>
public static class ChartOfAccounts
{
    /// <summary>In the order they are shown.</summary>
    public static readonly IReadOnlyList<Account> All = [.. OrderAccounts.All, .. PaymentAccounts.All];

    private static readonly Dictionary<string, Account> ByName = All.ToDictionary(a => a.Name);

    /// <summary>The account with that name, or null.</summary>
    public static Account? Find(string name) => ByName.GetValueOrDefault(name);
}
