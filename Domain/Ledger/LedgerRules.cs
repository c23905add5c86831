using Commerce.Kernel;

namespace Commerce.Ledger;

/// <summary>One entry of the ledger as its rules see it.</summary>
/// <param name="Entry">What was posted; null: nothing yet.</param>
public sealed record LedgerEntryState(LedgerEntry? Entry)
{
    public static readonly LedgerEntryState Initial = new((LedgerEntry?)null);
}

/// <summary>
/// The rules of the ledger: an entry balances in its one currency, or it is not an entry; once posted, it never changes; closed days get
/// no more of them.
/// </summary>
public static class LedgerRules
{
    /// <summary>The most postings that an entry has.</summary>
    public const int MaxPostings = 1_000;

    public static readonly EntityDefinition<LedgerEntryState, EntryPosted> Definition =
        new("ledger-entry/1", LedgerEntryState.Initial, Evolve);

    public static LedgerEntryState Evolve(LedgerEntryState state, EntryPosted fact) => state with { Entry = fact.Entry };

    /// <summary>An entry is posted; what belongs to a closed day, on the first day that is open.</summary>
    public static Decision<EntryPosted> Post(LedgerEntryState state, string key, LedgerEntry entry, BooksView books)
    {
        if (state.Entry is { } posted) return Same(posted, entry) ? Decision<EntryPosted>.Nothing : Refusals.Exists("entry", key);
        if (entry.Id != key) return Bad("/id", $"'{entry.Id}' is posted to another document, '{key}'.", "Give the document's own id.");
        if (Fault(entry) is { } fault) return fault;
        return new EntryPosted(entry.OccurredAt < books.OpenFrom
            ? entry with { OccurredAt = books.OpenFrom.Value, DocumentDate = entry.OccurredAt }
            : entry);
    }

    /// <summary>Why this is not an entry of a double-entry ledger; null when it is one.</summary>
    public static Refusal? Fault(LedgerEntry entry)
    {
        if (!Currencies.Known(entry.Currency)) return Bad("/currency", $"'{entry.Currency}' is not a currency.", "Give one ISO 4217 code.");
        if (entry.Postings is not { Count: >= 2 and <= MaxPostings })
            return Bad("/postings", $"{entry.Postings?.Count ?? 0} postings do not make an entry.", $"Give 2 to {MaxPostings}.");
        for (var i = 0; i < entry.Postings.Count; i++)
            if (Fault(i, entry.Postings[i]) is { } fault) return fault;
        var (debit, credit) = (entry.Postings.Sum(p => (decimal)p.Debit), entry.Postings.Sum(p => (decimal)p.Credit));
        return debit == credit ? null : Unbalanced(entry, debit, credit);
    }

    private static Refusal? Fault(int index, Posting posting)
    {
        var field = $"/postings/{index}";
        if (ChartOfAccounts.Find(posting.Account) is not { } account) return UnknownAccount($"{field}/account", posting.Account);
        if (posting.Party is { } party && Fault($"{field}/party", party, account) is { } fault) return fault;
        if (posting.Debit < 0 || posting.Credit < 0)
            return Bad(field, $"Debit {posting.Debit}, credit {posting.Credit}: an amount is below zero.", "Post it to the other side.");
        if (posting.Debit > 0 && posting.Credit > 0)
            return Bad(field, $"Debit {posting.Debit} and credit {posting.Credit} in one posting.", "Make two postings of it.");
        if (posting is { Debit: 0, Credit: 0 }) return Bad(field, "The posting moves nothing.", "Leave it out.");
        if (posting.Debit > Money.Limit || posting.Credit > Money.Limit)
            return Bad(field, $"Debit {posting.Debit}, credit {posting.Credit}: beyond what is booked.", $"Give at most {Money.Limit}.");
        return null;
    }

    private static Refusal? Fault(string field, string party, Account account)
    {
        if (!account.HasParties) return Bad(field, $"The account '{account.Name}' has no parties, such as '{party}'.", "Leave it out.");
        return Ids.Has(party.Split('_')[0], party) ? null : Bad(field, $"'{party}' cannot be a party's id.", "Give one such as cus_1.");
    }

    private static bool Same(LedgerEntry posted, LedgerEntry entry) =>
        AsGiven(posted) == entry with { Postings = [] } && posted.Postings.SequenceEqual(entry.Postings ?? []);

    private static LedgerEntry AsGiven(LedgerEntry posted) =>
        posted with { OccurredAt = posted.DocumentDate ?? posted.OccurredAt, DocumentDate = null, Postings = [] };

    private static Refusal Bad(string field, string detail, string remedy) => Refusals.Invalid("invalid_entry", field, detail, remedy);

    private static Refusal UnknownAccount(string field, string account) => Refusals.Invalid(
        "unknown_account", field, $"There is no account '{account}'.",
        $"Give one of {string.Join(", ", ChartOfAccounts.All.Select(a => a.Name))}.");

    private static Refusal Unbalanced(LedgerEntry entry, decimal debit, decimal credit) => Refusals.Invalid(
        "entry_unbalanced", "/postings", $"Debits of {debit} and credits of {credit} {entry.Currency} do not balance.",
        "Make both sides equal.");
}
