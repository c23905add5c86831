using Commerce.Ledger;

namespace Commerce.Simulation;

/// <summary>The double-entry ledger: every entry balanced, none posted twice.</summary>
internal sealed class LedgerInvariants(RunVerdict verdict)
{
    private readonly HashSet<string> _entries = [];
    private readonly Dictionary<(string Currency, string Account), long> _accounts = [];

    /// <summary>Debits less credits of every account that anything was posted to, over all time, by currency.</summary>
    public IReadOnlyDictionary<(string Currency, string Account), long> Balances => _accounts;

    /// <summary>The same of every part of an account that is one party's.</summary>
    public Dictionary<(string Currency, string Account, string Party), long> Parties { get; } = [];

    public void Posted(LedgerEntry entry)
    {
        if (!_entries.Add(entry.Id)) verdict.Broken("nothing is booked twice", entry.Id);
        var (debit, credit) = (entry.Postings.Sum(p => p.Debit), entry.Postings.Sum(p => p.Credit));
        if (debit != credit) verdict.Broken("the ledger balances", $"{entry.Id}: {debit} debit, {credit} credit {entry.Currency}");
        foreach (var posting in entry.Postings)
        {
            var account = (entry.Currency, posting.Account);
            _accounts[account] = _accounts.GetValueOrDefault(account) + posting.Debit - posting.Credit;
            if (posting.Party is not { } party) continue;
            var part = (entry.Currency, posting.Account, party);
            Parties[part] = Parties.GetValueOrDefault(part) + posting.Debit - posting.Credit;
        }
    }
}
