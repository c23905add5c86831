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

    /// <inheritdoc/>
    public async Task<IReadOnlyList<AccountBalance>> TrialBalance(DateOnly? from, DateOnly? to, CancellationToken cancel) =>
        await _reader.All(
            $"""
            select currency, account, sum(debit)::bigint, sum(credit)::bigint from {Schema}.days
            where day >= $1 and day <= $2 group by currency, account order by currency, account
            """,
            [from ?? DateOnly.MinValue, to ?? DateOnly.MaxValue],
            Balance,
            cancel);

    /// <inheritdoc/>
    public async Task<IReadOnlyList<AccountBalance>> BalancesOf(string party, CancellationToken cancel) => await _reader.All(
        $"select currency, account, debit, credit from {Schema}.parties where party = $1 order by currency, account",
        [party],
        Balance,
        cancel);

    /// <inheritdoc/>
    public Task<Page<LedgerEntry>> Entries(
        string? account, string? reference, DateOnly? from, DateOnly? to, PageRequest page, CancellationToken cancel) =>
        (account is null ? All : OfAccount).Page(
            _reader,
            page,
            [
                Condition.If("account = {0}", account),
                Condition.If("reference = {0}", reference),
                Condition.If("occurred_at >= {0}", from is { } first ? SqlValues.Start(first) : null),
                Condition.If("occurred_at < {0}", to is { } last && last < DateOnly.MaxValue ? SqlValues.Start(last.AddDays(1)) : null),
            ],
            cancel);

    private static AccountBalance Balance(NpgsqlDataReader row) =>
        new(row.GetString(0), row.GetString(1), row.GetInt64(2), row.GetInt64(3));

    private static KeysetList<LedgerEntry> Entries(string source) => new(
        "ledger-entries", $"select description, reference, currency, postings, occurred_at, id from {source}",
        ["occurred_at", "id"], [typeof(DateTimeOffset), typeof(string)], descending: false,
        row => new LedgerEntry(
            row.GetString(5), row.Time(4), row.GetString(0), row.GetString(1), row.GetString(2), row.Json<IReadOnlyList<Posting>>(3)));
}
