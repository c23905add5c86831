using Commerce.Ledger;

namespace Commerce.ReadModels;

/// <summary>
/// The ledger: every entry, the accounts that each touches, what was posted to each account on each UTC day and in each quarter of an
/// hour, of which the days of every time zone are made, and what was posted to it for each party.
/// </summary>
internal sealed class LedgerModel() : ReadModel(LedgerCapability.Definition, "ledger", 3, typeof(EntryPosted))
{
    public static readonly LedgerModel Instance = new();

    public override string Tables =>
        $"""
        create table entries (
            occurred_at timestamptz not null,
            id text collate "C" primary key,
            description text not null,
            reference text collate "C" not null,
            currency text not null,
            postings json not null,
            document_date timestamptz);
        create index on entries (occurred_at, id);
        create index on entries (reference, occurred_at, id);
        create table touched (
            account text collate "C" not null,
            occurred_at timestamptz not null,
            id text collate "C" not null,
            primary key (account, occurred_at, id));
        {Sums("days", "day", "date")}
        {Sums("slots", "slot", "timestamptz")}
        {Sums("parties", "party", "text collate \"C\"")}
        """;

    /// <summary>A table of what was posted to each account, by a part of its key.</summary>
    private static string Sums(string table, string part, string type) =>
        $"""
        create table {table} (
            {part} {type} not null,
            currency text collate "C" not null,
            account text collate "C" not null,
            debit bigint not null,
            credit bigint not null,
            primary key ({part}, currency, account))
            with (fillfactor = 70);
        """;

    public override Task Apply(ProjectionBatch batch)
    {
        var entries = batch.Facts.Select(f => ((EntryPosted)f.Fact).Entry).ToList();
        WriteEntries(batch, entries);
        WriteTouched(batch, [.. entries.SelectMany(e => e.Postings.Select(p => p.Account).Distinct().Select(a => (a, e)))]);
        WriteSums(batch, "days", "day", entries.SelectMany(e => e.Postings.Select(p => (SqlValues.Day(e.OccurredAt), e.Currency, p))));
        WriteSums(batch, "slots", "slot", entries.SelectMany(e => e.Postings.Select(p => (SqlValues.Slot(e.OccurredAt), e.Currency, p))));
        WriteSums(
            batch, "parties", "party",
            entries.SelectMany(e => e.Postings.Where(p => p.Party is not null).Select(p => (p.Party!, e.Currency, p))));
        return Task.CompletedTask;
    }

    private static void WriteEntries(ProjectionBatch batch, List<LedgerEntry> entries) => batch.Write(
        $"""
        insert into {batch.Schema}.entries (occurred_at, id, description, reference, currency, postings, document_date)
        select occurred_at, id, description, reference, currency, postings::json, document_date
        from unnest($1, $2, $3, $4, $5, $6, $7) as new(occurred_at, id, description, reference, currency, postings, document_date)
        """,
        entries.Select(e => e.OccurredAt).ToArray(),
        entries.Select(e => e.Id).ToArray(),
        entries.Select(e => e.Description).ToArray(),
        entries.Select(e => e.Reference).ToArray(),
        entries.Select(e => e.Currency).ToArray(),
        entries.Select(e => SqlValues.Json(e.Postings)).ToArray(),
        entries.Select(e => e.DocumentDate).ToArray());

    private static void WriteTouched(ProjectionBatch batch, List<(string Account, LedgerEntry Entry)> touched) => batch.Write(
        $"insert into {batch.Schema}.touched (account, occurred_at, id) select * from unnest($1, $2, $3)",
        touched.Select(t => t.Account).ToArray(),
        touched.Select(t => t.Entry.OccurredAt).ToArray(),
        touched.Select(t => t.Entry.Id).ToArray());

    /// <summary>Adds what was posted to the sums of each account, by another part of the table's key: a day, a slot, or a party.</summary>
    private static void WriteSums<T>(
        ProjectionBatch batch, string table, string part, IEnumerable<(T Part, string Currency, Posting Posting)> postings)
    {
        var sums = postings.GroupBy(p => (p.Part, p.Currency, p.Posting.Account)).Select(g => (
            g.Key.Part, g.Key.Currency, g.Key.Account, Debit: g.Sum(p => p.Posting.Debit), Credit: g.Sum(p => p.Posting.Credit))).ToList();
        batch.Write(
            $"""
            insert into {batch.Schema}.{table} ({part}, currency, account, debit, credit) select * from unnest($1, $2, $3, $4, $5)
            on conflict ({part}, currency, account) do update set
                debit = {table}.debit + excluded.debit, credit = {table}.credit + excluded.credit
            """,
            sums.Select(s => s.Part).ToArray(),
            sums.Select(s => s.Currency).ToArray(),
            sums.Select(s => s.Account).ToArray(),
            sums.Select(s => s.Debit).ToArray(),
            sums.Select(s => s.Credit).ToArray());
    }
}
