using Commerce.Payments;

namespace Commerce.Simulation;

/// <summary>The double-entry ledger: every entry balanced, none posted twice.</summary>
internal sealed class LedgerBook(Verdict verdict)
{
    private readonly HashSet<string> _entries = [];
    private readonly Dictionary<(string Currency, string Account), long> _accounts = [];

    /// <summary>Debits less credits of an account, over all time.</summary>
    public long Balance(string currency, string account) => _accounts.GetValueOrDefault((currency, account));

    public void Posted(LedgerEntry entry)
    {
        if (!_entries.Add(entry.Id)) verdict.Broken("nothing is booked twice", entry.Id);
        var (debit, credit) = (entry.Postings.Sum(p => p.Debit), entry.Postings.Sum(p => p.Credit));
        if (debit != credit) verdict.Broken("the ledger balances", $"{entry.Id}: {debit} debit, {credit} credit");
        foreach (var posting in entry.Postings)
            _accounts[(entry.Currency, posting.Account)] = Balance(entry.Currency, posting.Account) + posting.Debit - posting.Credit;
    }
}
