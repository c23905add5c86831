using Commerce.Ledger;

namespace Commerce.Journal;

/// <summary>
/// The ledger: every entry, the accounts that each touches, what was posted to each account on each UTC day, and what was posted to it
/// for each party.
/// </summary>
internal sealed class LedgerModel() : ReadModel(LedgerCapability.Definition, "ledger", 1, typeof(EntryPosted))
{
    public static readonly LedgerModel Instance = new();

    public override string Tables =>
        """
        create table entries (
            occurred_at timestamptz not null,
            id text collate "C" primary key,
            description text not null,
            reference text collate "C" not null,
            currency text not null,
            postings json not null);
        create index on entries (occurred_at, id);
        create index on entries (reference, occurred_at, id);
        create table touched (
            account text collate "C" not null,
            occurred_at timestamptz not null,
            id text collate "C" not null,
            primary key (account, occurred_at, id));
        create table days (
            day date not null,
            currency text collate "C" not null,
            account text collate "C" not null,
            debit bigint not null,
            credit bigint not null,
            primary key (day, currency, account))
            with (fillfactor = 70);
        create table parties (
            party text collate "C" not null,
            currency text collate "C" not null,
            account text collate "C" not null,
            debit bigint not null,
            credit bigint not null,
            primary key (party, currency, account))
            with (fillfactor = 70);
        """;

    public override Task Apply(Turn turn)
    {
        var entries = turn.Facts.Select(f => ((EntryPosted)f.Fact).Entry).ToList();
        WriteEntries(turn, entries);
        WriteTouched(turn, [.. entries.SelectMany(e => e.Postings.Select(p => p.Account).Distinct().Select(a => (a, e)))]);
        WriteDays(turn, entries);
        WriteParties(turn, entries);
        return Task.CompletedTask;
    }

    private static void WriteEntries(Turn turn, List<LedgerEntry> entries) => turn.Write(
        """
        insert into entries (occurred_at, id, description, reference, currency, postings)
        select occurred_at, id, description, reference, currency, postings::json
        from unnest($1, $2, $3, $4, $5, $6) as new(occurred_at, id, description, reference, currency, postings)
        """,
        entries.Select(e => e.OccurredAt).ToArray(),
        entries.Select(e => e.Id).ToArray(),
        entries.Select(e => e.Description).ToArray(),
        entries.Select(e => e.Reference).ToArray(),
        entries.Select(e => e.Currency).ToArray(),
        entries.Select(e => Values.Json(e.Postings)).ToArray());

    private static void WriteTouched(Turn turn, List<(string Account, LedgerEntry Entry)> touched) => turn.Write(
        "insert into touched (account, occurred_at, id) select * from unnest($1, $2, $3)",
        touched.Select(t => t.Account).ToArray(),
        touched.Select(t => t.Entry.OccurredAt).ToArray(),
        touched.Select(t => t.Entry.Id).ToArray());

    private static void WriteDays(Turn turn, List<LedgerEntry> entries)
    {
        var days = entries
            .SelectMany(e => e.Postings.Select(p => (Day: Values.Day(e.OccurredAt), e.Currency, Posting: p)))
            .GroupBy(p => (p.Day, p.Currency, p.Posting.Account))
            .Select(g => (
                g.Key.Day, g.Key.Currency, g.Key.Account, Debit: g.Sum(p => p.Posting.Debit), Credit: g.Sum(p => p.Posting.Credit)))
            .ToList();
        turn.Write(
            """
            insert into days (day, currency, account, debit, credit) select * from unnest($1, $2, $3, $4, $5)
            on conflict (day, currency, account) do update set
                debit = days.debit + excluded.debit, credit = days.credit + excluded.credit
            """,
            days.Select(d => d.Day).ToArray(),
            days.Select(d => d.Currency).ToArray(),
            days.Select(d => d.Account).ToArray(),
            days.Select(d => d.Debit).ToArray(),
            days.Select(d => d.Credit).ToArray());
    }
    private static void WriteParties(Turn turn, List<LedgerEntry> entries)
    {
        var parties = entries
            .SelectMany(e => e.Postings.Where(p => p.Party is not null).Select(p => (e.Currency, Posting: p)))
            .GroupBy(p => (Party: p.Posting.Party!, p.Currency, p.Posting.Account))
            .Select(g => (
                g.Key.Party, g.Key.Currency, g.Key.Account, Debit: g.Sum(p => p.Posting.Debit), Credit: g.Sum(p => p.Posting.Credit)))
            .ToList();
        turn.Write(
            """
            insert into parties (party, currency, account, debit, credit) select * from unnest($1, $2, $3, $4, $5)
            on conflict (party, currency, account) do update set
                debit = parties.debit + excluded.debit, credit = parties.credit + excluded.credit
            """,
            parties.Select(p => p.Party).ToArray(),
            parties.Select(p => p.Currency).ToArray(),
            parties.Select(p => p.Account).ToArray(),
            parties.Select(p => p.Debit).ToArray(),
            parties.Select(p => p.Credit).ToArray());
    }
}
