namespace Commerce.Replay;

/// <summary>What the file says and what the API says.</summary>
internal readonly record struct Compared(Totals Expected, Totals Found);

/// <summary>The result of a replay.</summary>
/// <param name="Days">By day and kind; days on which either has something.</param>
/// <param name="MatchedReturns">Cancellation lines that became returns, in whole or in part.</param>
/// <param name="CreditNotes">Credit notes issued for cancellations.</param>
/// <param name="Checks">What else was compared, in words.</param>
/// <param name="Differences">Each in words, with expected and found; none: the books are what the file says.</param>
/// <param name="Surprises">SKUs whose level is not what this file alone would make it.</param>
internal sealed record ReplayOutcome(
    IReadOnlyDictionary<InvoiceKind, Compared> All,
    IReadOnlyList<(DateOnly Day, IReadOnlyDictionary<InvoiceKind, Compared> Kinds)> Days,
    int MatchedReturns,
    int CreditNotes,
    IReadOnlyList<string> Checks,
    IReadOnlyList<string> Differences,
    IReadOnlyList<string> Surprises);

/// <summary>Compares the books with the file. Pure: the same books always give the same words.</summary>
internal sealed class Reconciliation
{
    private const int MostOfAKind = 25;
    private const int MostMovements = 5;

    private readonly ReplayPlan _plan;
    private readonly Sent _sent;
    private readonly SystemSnapshot _books;
    private readonly IReadOnlyList<LedgerLine> _found;
    private readonly IReadOnlyList<LedgerLine> _others;
    private readonly HashSet<(string, int)> _plannedPieces;
    private readonly List<string> _differences = [];
    private readonly List<string> _checks = [];

    private Reconciliation(ReplayPlan plan, Sent sent, SystemSnapshot books)
    {
        (_plan, _sent, _books) = (plan, sent, books);
        var planned = plan.Bookings.Select(b => b.Id).ToHashSet(StringComparer.Ordinal);
        _found = books.Bookings(plan);
        // A rejected or cancelled order of another client has changed nothing.
        _others = [.. _found.Where(b => !planned.Contains(b.Id) && !NeverHappened(b))];
        _plannedPieces = plan.Cancelled.SelectMany(c => c.Pieces).ToHashSet();
    }

    public static ReplayOutcome Compare(ReplayPlan plan, Sent sent, SystemSnapshot books) => new Reconciliation(plan, sent, books).Make();

    private ReplayOutcome Make()
    {
        var kinds = Enum.GetValues<InvoiceKind>();
        var counted = _found.Where(b => !NeverHappened(b)).ToList();
        var all = kinds.ToDictionary(k => k, k => new Compared(_plan.Totals(k), Found(k, counted)));
        foreach (var (kind, compared) in all) Differ($"{Word(kind)} in all", compared);
        var days = new List<(DateOnly, IReadOnlyDictionary<InvoiceKind, Compared>)>();
        foreach (var day in _plan.Invoices.Select(i => i.Day).Concat(counted.Select(b => b.Day)).Distinct().Order())
        {
            var ofDay = counted.Where(b => b.Day == day).ToList();
            days.Add((day, kinds.ToDictionary(k => k, k => new Compared(_plan.Totals(k, day), Found(k, ofDay)))));
            foreach (var (kind, compared) in days[^1].Item2) Differ($"{Word(kind)} of {day:yyyy-MM-dd}", compared);
        }
        Some(DocumentComparison.Of(_plan.Bookings, _found, _others), "documents");
        Some(_sent.Problems, "requests");
        Payments();
        Report();
        Ledger();
        var surprises = Stock();
        return new(
            all, days, CancelledRows(_plan.Cancelled.Where(c => c.Matched), counted),
            counted.Count(b => b is { Document: DocumentKind.CreditNote, Kind: InvoiceKind.Cancellation }),
            _checks, _differences, surprises);
    }

    private static bool NeverHappened(LedgerLine booking) =>
        booking is { Document: DocumentKind.Order, Flaw: { } flaw } && (flaw.Contains("rejected") || flaw.Contains("cancelled"));

    /// <summary>A row of a cancellation counts once, however many documents it had to be split into.</summary>
    private Totals Found(InvoiceKind kind, IReadOnlyList<LedgerLine> bookings)
    {
        var own = bookings.Where(b => b.Kind == kind).ToList();
        var lines = kind == InvoiceKind.Cancellation
            ? CancelledRows(_plan.Cancelled, own) + own.Sum(b => b.Lines.Count(l => !_plannedPieces.Contains((b.Id, l.Line))))
            : own.Sum(b => b.Lines.Count);
        return new(lines, own.Select(b => b.Invoice).Distinct().Count(), own.Sum(b => b.Lines.Sum(l => l.Units)), own.Sum(b => b.Pence));
    }

    private static int CancelledRows(IEnumerable<CancelledRow> rows, IReadOnlyList<LedgerLine> bookings)
    {
        var pieces = bookings.SelectMany(b => b.Lines.Select(l => (b.Id, l.Line))).ToHashSet();
        return rows.Count(r => r.Pieces.All(pieces.Contains));
    }

    private void Payments()
    {
        var ours = _plan.Orders.Select(o => o.Id).ToHashSet(StringComparer.Ordinal);
        var paid = _books.Orders.Where(o => ours.Contains(o.Id) && o.PaymentId is not null && _books.Payments.ContainsKey(o.PaymentId))
            .Select(o => _books.Payments[o.PaymentId!]).ToList();
        _checks.Add($"payments: {paid.Count}, {paid.Sum(p => p.Captured)} pence captured, {paid.Sum(p => p.Refunded)} refunded");
    }

    private void Report()
    {
        var found = _books.Days.Where(d => d.Currency == Wire.Currency).ToDictionary(d => d.Day);
        var before = _differences.Count;
        foreach (var day in _plan.Bookings.Concat(_others).Select(b => b.Day).Concat(found.Keys).Distinct().Order())
        {
            var expected = SalesFigures.Of(_plan.Bookings.Where(b => b.Day == day));
            var others = SalesFigures.Of(_others.Where(b => b.Day == day));
            var actual = found.TryGetValue(day, out var d) ? SalesFigures.Of(d) : default;
            Some(SalesFigures.Differences($"sales report of {day:yyyy-MM-dd}", expected, actual, others), "figures");
        }
        _checks.Add($"sales report: {found.Count} days {(before == _differences.Count ? "as in the file" : "differ")}");
    }

    private void Ledger()
    {
        if (!_books.Trial.Balanced) _differences.Add("trial balance: it does not balance: debits and credits differ.");
        var all = SalesFigures.Of(_plan.Bookings);
        var others = SalesFigures.Of(_others);
        var rows = _books.Trial.Rows.Where(r => r.Currency == Wire.Currency).ToDictionary(r => r.Account, r => r.Debit - r.Credit);
        var balances = new (string Account, Func<SalesFigures, long> Of)[]
        {
            ("receivable", _ => 0),
            ("provider_clearing", f => f.Gross - f.Refunds),
            ("sales", f => -f.Gross),
            ("refunds", f => f.Refunds + f.Credits),
            ("customer_credit", f => -f.Credits),
        };
        foreach (var (account, of) in balances)
        {
            var (expected, actual) = (of(all), rows.GetValueOrDefault(account));
            if (actual == expected) continue;
            _differences.Add(
                $"trial balance, {account}: expected {expected} pence, found {actual}" +
                SalesFigures.Why(actual - expected, of(others), _others.Count > 0));
        }
        _checks.Add(
            $"trial balance: {(_books.Trial.Balanced ? "balanced" : "NOT balanced")}, " +
            string.Join(", ", balances.Select(b => $"{b.Account} {rows.GetValueOrDefault(b.Account)}")));
    }

    private List<string> Stock()
    {
        var trail = new StockHistory(_plan);
        var surprises = new List<string>();
        var words = new List<string>();
        var traded = 0;
        foreach (var (sku, change) in _plan.StockChange)
        {
            var movements = _books.Movements.GetValueOrDefault(sku, []);
            var baseline = _sent.Baselines.TryGetValue(sku, out var known) ? known : trail.Baseline(movements);
            var found = _books.OnHand.GetValueOrDefault(sku);
            if (found == baseline + change) continue;
            var trade = trail.OtherTrade(movements);
            surprises.Add(sku);
            if (found == baseline + change + trade)
            {
                traded++;
                continue;
            }
            var others = trail.Others(movements);
            words.Add(
                $"stock of {sku}: expected {baseline + change + trade} on hand ({baseline} before, {change} came back, {trade} by other " +
                $"trade since), found {found}" +
                (others.Count == 0 ? "." : $"; not of this file: {string.Join(", ", others.Take(MostMovements))}{Etc(others.Count)}."));
        }
        Some(words, "SKUs");
        _checks.Add(
            $"stock: {_plan.StockChange.Count - words.Count} of {_plan.StockChange.Count} SKUs as expected" +
            (traded == 0 ? "" : $", {traded} of them moved by other trade since"));
        return surprises;
    }

    private static string Etc(int movements) => movements > MostMovements ? " and more" : "";

    private void Differ(string what, Compared compared)
    {
        var (e, f) = (compared.Expected, compared.Found);
        if (e == f) return;
        var parts = new (string Name, long Expected, long Found)[]
        {
            ("lines", e.Lines, f.Lines), ("invoices", e.Invoices, f.Invoices), ("units", e.Units, f.Units), ("pence", e.Pence, f.Pence),
        };
        var wrong = parts.Where(p => p.Expected != p.Found).Select(p => $"{p.Expected} {p.Name} expected, {p.Found} found");
        _differences.Add($"{what}: {string.Join(", ", wrong)}.");
    }

    private void Some(IReadOnlyList<string> words, string of)
    {
        _differences.AddRange(words.Take(MostOfAKind));
        if (words.Count > MostOfAKind) _differences.Add($"… and {words.Count - MostOfAKind} more {of}.");
    }

    private static string Word(InvoiceKind kind) => kind switch
    {
        InvoiceKind.Sale => "sales",
        InvoiceKind.Cancellation => "cancellations",
        InvoiceKind.Correction => "corrections",
        _ => "other invoices",
    };
}
