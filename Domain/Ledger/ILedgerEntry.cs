using Commerce.Kernel;

namespace Commerce.Ledger;

/// <summary>
/// One entry of the double-entry ledger. The entity's key names what it books: <c>ord_1/shipment/shp_1</c>, <c>pay_1/capture/shp_1</c>.
/// </summary>
public interface ILedgerEntry : IEntity
{
    /// <summary>
    /// Posts it. The same again: accepted. Refused: <c>entry_exists</c>, <c>entry_unbalanced</c>, <c>unknown_account</c>,
    /// <c>invalid_entry</c>.
    /// </summary>
    Task<Result<LedgerEntry>> Post(LedgerEntry entry, CallContext call);

    /// <summary>The entry, or null when there is none.</summary>
    [Interleaved]
    Task<LedgerEntry?> Get();
}

/// <summary>One side of an entry, in minor units; exactly one of debit and credit is above zero.</summary>
/// <param name="Account">The account's name.</param>
/// <param name="Debit">Minor units.</param>
/// <param name="Credit">Minor units.</param>
/// <param name="Party">Whose part of the account: <c>cus_…</c>; null where there is none or it is unknown.</param>
public sealed record Posting(string Account, long Debit, long Credit, string? Party = null);

/// <summary>A balanced entry: its debits equal its credits, in one currency.</summary>
/// <param name="Id">Names what is booked.</param>
/// <param name="OccurredAt">The day it is booked on.</param>
/// <param name="Description">For a person.</param>
/// <param name="Reference">The order or credit note.</param>
/// <param name="Currency">ISO 4217.</param>
/// <param name="Postings">At least two.</param>
/// <param name="DocumentDate">The day it belongs to, where that was closed when it was posted.</param>
public sealed record LedgerEntry(
    string Id, DateTimeOffset OccurredAt, string Description, string Reference, string Currency, IReadOnlyList<Posting> Postings,
    DateTimeOffset? DocumentDate = null)
{
    /// <summary>The plain case: an amount from one account to another. The party is noted on the account that has parties.</summary>
    public static LedgerEntry Of(
        string id, DateTimeOffset occurredAt, string description, string reference, Money amount, Account debit, Account credit,
        string? party = null) =>
        new(
            id, occurredAt, description, reference, amount.Currency,
            [
                new(debit.Name, amount.Minor, 0, debit.HasParties ? party : null),
                new(credit.Name, 0, amount.Minor, credit.HasParties ? party : null),
            ]);
}

/// <summary>What was posted to an account, in minor units.</summary>
/// <param name="Currency">ISO 4217.</param>
/// <param name="Account">The account's name.</param>
/// <param name="Debit">Sum of debits.</param>
/// <param name="Credit">Sum of credits.</param>
public sealed record AccountBalance(string Currency, string Account, long Debit, long Credit)
{
    /// <summary>Debit less credit.</summary>
    public long Balance => Debit - Credit;
}

/// <summary>Lists over the ledger; may lag behind by moments.</summary>
public interface ILedgerQueries : IQueries
{
    /// <summary>
    /// Per currency and account, from one instant to before another, each at a quarter of an hour, as the days of all time zones are;
    /// null: unbounded.
    /// </summary>
    Task<IReadOnlyList<AccountBalance>> TrialBalance(DateTimeOffset? from, DateTimeOffset? to, CancellationToken cancel);

    /// <summary>Per currency and account over all time, of what was posted for one party.</summary>
    Task<IReadOnlyList<AccountBalance>> BalancesOf(string party, CancellationToken cancel);

    /// <summary>
    /// Entries by the time that they are booked at, oldest first, filtered by what is given (<paramref name="to"/> is exclusive).
    /// </summary>
    Task<Page<LedgerEntry>> Entries(
        string? account, string? reference, DateTimeOffset? from, DateTimeOffset? to, PageRequest page, CancellationToken cancel);
}
