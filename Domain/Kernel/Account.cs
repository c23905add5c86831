namespace Commerce.Kernel;

/// <summary>What an account of the ledger stands for. It determines on which side the account grows.</summary>
public enum AccountType
{
    /// <summary>What the business owns or is owed. It grows by debits.</summary>
    Asset,

    /// <summary>What the business owes. It grows by credits.</summary>
    Liability,

    /// <summary>What the business has earned. It grows by credits.</summary>
    Income,

    /// <summary>What the business has spent. It grows by debits.</summary>
    Expense,

    /// <summary>What reduces an income. It grows by debits.</summary>
    ContraIncome,
}

/// <summary>An account of the double-entry ledger, declared by the capability whose facts are booked on it.</summary>
/// <param name="Name">Unique and stable: <c>receivable</c>.</param>
/// <param name="Type">What it stands for.</param>
/// <param name="Description">For a person.</param>
/// <param name="HasParties">True when a posting can name a party, so that the account has a balance for each party.</param>
public sealed record Account(string Name, AccountType Type, string Description, bool HasParties = false);
