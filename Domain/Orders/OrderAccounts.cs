using Commerce.Kernel;

namespace Commerce.Orders;

/// <summary>The accounts on which sales, returns and credit notes are booked.</summary>
public static class OrderAccounts
{
    /// <summary>Grows with each shipment and each refund by a provider; captures, returns and allowances settle it.</summary>
    public static readonly Account Receivable = new(
        "receivable", AccountType.Asset, "What customers owe for what was shipped; below zero: paid ahead.", HasParties: true);

    /// <summary>Grows with each shipment.</summary>
    public static readonly Account Sales = new("sales", AccountType.Income, "What was sold.");

    /// <summary>Grows with returns, allowances and credit notes.</summary>
    public static readonly Account Refunds = new("refunds", AccountType.ContraIncome, "What was given back of what was sold.");

    /// <summary>Grows where money cannot go back to a payment method.</summary>
    public static readonly Account CustomerCredit = new(
        "customer_credit", AccountType.Liability, "What is owed to customers.", HasParties: true);

    /// <summary>Every one of them.</summary>
    public static readonly IReadOnlyList<Account> All = [Receivable, Sales, Refunds, CustomerCredit];
}
