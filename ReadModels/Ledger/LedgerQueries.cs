using Commerce.Kernel;
using Commerce.Ledger;
using Npgsql;

namespace Commerce.ReadModels;

/// <summary>Lists over the ledger, from the read model in the capability's database.</summary>
public sealed class LedgerQueries(NpgsqlDataSource ledger) : ILedgerQueries
{
    private static readonly string Schema = LedgerModel.Instance.Schema;

    private static readonly KeysetList<LedgerEntry> All = Entries($"{Schema}.entries");

    /// <summary>Goes through the entries of the account alone, however few they are among all.</summary>
    private static readonly KeysetList<LedgerEntry> OfAccount = Entries(
        $"(select account, entries.* from {Schema}.touched join {Schema}.entries using (occurred_at, id)) as entries");

    private readonly ReadModelReader _reader = new(LedgerModel.Instance, ledger);

    public async Task<IReadOnlyList<AccountBalance>> TrialBalance(DateTimeOffset? from, DateTimeOffset? to, CancellationToken cancel)
    {
        // Whole days in UTC are summed already. What is left at both ends of the range is less than a day each.
        var (begin, end) = (from ?? DateTimeOffset.MinValue, to ?? DateTimeOffset.MaxValue);
        var firstWhole = begin.UtcDateTime.TimeOfDay == TimeSpan.Zero ? SqlValues.Day(begin) : SqlValues.Day(begin).AddDays(1);
        var afterWhole = SqlValues.Day(end);
        var wholeFrom = Min(SqlValues.Start(firstWhole), end);
        var wholeTo = Max(SqlValues.Start(afterWhole), wholeFrom);
        return await _reader.All(
            $"""
            select currency, account, sum(debit)::bigint, sum(credit)::bigint from (
                select currency, account, debit, credit from {Schema}.days where day >= $1 and day < $2
                union all
                select currency, account, debit, credit from {Schema}.slots
                where slot >= $3 and slot < $4 or slot >= $5 and slot < $6) as parts
            group by currency, account order by currency, account
            """,
            [firstWhole, afterWhole, begin, wholeFrom, wholeTo, end],
            Balance,
            cancel);
    }

    public async Task<IReadOnlyList<AccountBalance>> BalancesOf(string party, CancellationToken cancel) => await _reader.All(
        $"select currency, account, debit, credit from {Schema}.parties where party = $1 order by currency, account",
        [party],
        Balance,
        cancel);

    public Task<Page<LedgerEntry>> Entries(
        string? account, string? reference, DateTimeOffset? from, DateTimeOffset? to, PageRequest page, CancellationToken cancel) =>
        (account is null ? All : OfAccount).Page(
            _reader, Reach.Everything,
            page,
            [
                Condition.If("account = {0}", account),
                Condition.If("reference = {0}", reference),
                Condition.If("occurred_at >= {0}", from),
                Condition.If("occurred_at < {0}", to),
            ],
            cancel);

    private static DateTimeOffset Min(DateTimeOffset a, DateTimeOffset b) => a < b ? a : b;

    private static DateTimeOffset Max(DateTimeOffset a, DateTimeOffset b) => a > b ? a : b;

    private static AccountBalance Balance(NpgsqlDataReader row) =>
        new(row.GetString(0), row.GetString(1), row.GetInt64(2), row.GetInt64(3));

    private static KeysetList<LedgerEntry> Entries(string source) => new(
        "ledger-entries", $"select description, reference, currency, postings, document_date, occurred_at, id from {source}",
        ["occurred_at", "id"], [typeof(DateTimeOffset), typeof(string)], descending: false, Visibility.Common,
        row => new LedgerEntry(
            row.GetString(6), row.Time(5), row.GetString(0), row.GetString(1), row.GetString(2), row.Json<IReadOnlyList<Posting>>(3),
            row.IsDBNull(4) ? null : row.Time(4)));
}
