using Commerce.Kernel;

namespace Commerce.Payments;

/// <summary>
/// One entry of the double-entry ledger that is not itself a movement of a payment, such as an invoice. The entity's key names the
/// document: <c>ord_1/shipment/shp_1</c>.
/// </summary>
public interface ILedgerEntry : IEntity
{
    /// <summary>Posts it. The same again: accepted. Refused: <c>entry_exists</c>, <c>entry_unbalanced</c>, <c>invalid_entry</c>.</summary>
    Task<Result<LedgerEntry>> Post(LedgerEntry entry, CallContext call);

    /// <summary>The entry, or null when there is none.</summary>
    [Interleaved]
    Task<LedgerEntry?> Get();
}

/// <summary>The accounts of the ledger.</summary>
public static class Accounts
{
    /// <summary>What customers owe for what was shipped (asset).</summary>
    public const string Receivable = "receivable";

    /// <summary>What payment providers hold for us (asset).</summary>
    public const string ProviderClearing = "provider_clearing";

    /// <summary>What was sold (income).</summary>
    public const string Sales = "sales";

    /// <summary>What was given back (contra income).</summary>
    public const string Refunds = "refunds";

    /// <summary>What we owe customers (liability).</summary>
    public const string CustomerCredit = "customer_credit";

    /// <summary>Every account there is.</summary>
    public static readonly IReadOnlyList<string> All = [Receivable, ProviderClearing, Sales, Refunds, CustomerCredit];
}

/// <summary>One side of an entry, in minor units; exactly one of debit and credit is above zero.</summary>
public sealed record Posting(string Account, long Debit, long Credit);

/// <summary>A balanced entry: its debits equal its credits, in one currency.</summary>
/// <param name="Id">Names the document.</param>
/// <param name="OccurredAt">The day it belongs to.</param>
/// <param name="Description">For a person.</param>
/// <param name="Reference">The order or credit note.</param>
/// <param name="Currency">ISO 4217.</param>
/// <param name="Postings">At least two.</param>
public sealed record LedgerEntry(
    string Id, DateTimeOffset OccurredAt, string Description, string Reference, string Currency, IReadOnlyList<Posting> Postings)
{
    /// <summary>The plain case: an amount from one account to another.</summary>
    public static LedgerEntry Of(
        string id, DateTimeOffset occurredAt, string description, string reference, Money amount, string debit, string credit) =>
        new(id, occurredAt, description, reference, amount.Currency, [new(debit, amount.Minor, 0), new(credit, 0, amount.Minor)]);
}

/// <summary>A fact that is also an entry of the ledger, so that the movement and its posting are one commit.</summary>
public interface IPosted
{
    /// <summary>The entry.</summary>
    LedgerEntry Entry { get; }
}

/// <summary>What was posted to an account in a period, in minor units.</summary>
/// <param name="Currency">ISO 4217.</param>
/// <param name="Account">See <see cref="Accounts"/>.</param>
/// <param name="Debit">Sum of debits.</param>
/// <param name="Credit">Sum of credits.</param>
public sealed record AccountBalance(string Currency, string Account, long Debit, long Credit)
{
    /// <summary>Debit less credit.</summary>
    public long Balance => Debit - Credit;
}

/// <summary>Lists over the ledger and the payments; may lag behind by moments.</summary>
public interface ILedgerQueries
{
    /// <summary>Per currency and account, from one day to another, both included; null: unbounded.</summary>
    Task<IReadOnlyList<AccountBalance>> TrialBalance(DateOnly? from, DateOnly? to, CancellationToken cancel);

    /// <summary>Entries by day, oldest first, filtered by what is given.</summary>
    Task<Page<LedgerEntry>> Entries(
        string? account, string? reference, DateOnly? from, DateOnly? to, PageRequest page, CancellationToken cancel);
}
