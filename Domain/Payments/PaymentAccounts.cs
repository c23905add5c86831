using Commerce.Kernel;

namespace Commerce.Payments;

/// <summary>The accounts on which captures and refunds are booked.</summary>
public static class PaymentAccounts
{
    /// <summary>Grows with each capture.</summary>
    public static readonly Account ProviderClearing = new(
        "provider_clearing", AccountType.Asset, "What payment providers hold for the business.");

    /// <summary>Every one of them.</summary>
    public static readonly IReadOnlyList<Account> All = [ProviderClearing];
}
