namespace Commerce.Replay;

/// <summary>Reads a SKU's movements: which are of this file's documents, and what was on hand before the first of these.</summary>
internal sealed class StockHistory
{
    private readonly ReplayPlan _plan;
    private readonly HashSet<string> _documents;

    public StockHistory(ReplayPlan plan)
    {
        _plan = plan;
        _documents = new(StringComparer.Ordinal);
        foreach (var booking in plan.Bookings)
        {
            _documents.Add(booking.Document == DocumentKind.Adjustment ? booking.Invoice : DocumentOf(booking.Id));
        }
        foreach (var receipt in plan.Receipts) _documents.Add(receipt.Request.Body.Reference!);
    }

    /// <summary>
    /// Units on hand before the first of our movements; a stock starts with none and every change is a movement. Without any of ours:
    /// what there is now.
    /// </summary>
    public long Baseline(IEnumerable<StockMovement> movements) =>
        movements.OrderBy(m => m.Version).TakeWhile(m => !IsOurs(m)).Sum(m => m.Units);

    /// <summary>By how much our documents have changed the level.</summary>
    public long OurChange(IEnumerable<StockMovement> movements) => movements.Where(IsOurs).Sum(m => m.Units);

    /// <summary>By how much other orders, and replays of other months, have changed the level since our first movement.</summary>
    public long OtherTrade(IEnumerable<StockMovement> movements) => Since(movements).Where(IsTrade).Sum(m => m.Units);

    /// <summary>What came after our first movement and is neither ours nor other trade, in words.</summary>
    public IReadOnlyList<string> Others(IEnumerable<StockMovement> movements) =>
    [
        .. Since(movements).Where(m => !IsTrade(m)).Select(m =>
            $"{Wire.Word(m.Kind)} of {m.Units} on {m.OccurredAt.UtcDateTime:yyyy-MM-dd}" +
            $"{(m.Reason is null ? "" : $" because '{m.Reason}'")}{(m.Reference is null ? "" : $" ({m.Reference})")}"),
    ];

    private IEnumerable<StockMovement> Since(IEnumerable<StockMovement> movements) =>
        movements.OrderBy(m => m.Version).SkipWhile(m => !IsOurs(m)).Where(m => !IsOurs(m));

    // Sales and returns have documents of their own. A receipt or a correction is suspicious unless it is that of another month.
    private bool IsTrade(StockMovement movement) => movement.Kind switch
    {
        MovementKind.Shipment or MovementKind.Return => true,
        MovementKind.Receipt => movement.Reference?.StartsWith(Planner.ReceiptPrefix, StringComparison.Ordinal) == true,
        _ => movement.Reference is { Length: 6 } r && r.All(char.IsAsciiDigit)
            && DateOnly.FromDateTime(movement.OccurredAt.UtcDateTime) is var day && (day < _plan.From || day > _plan.To),
    };

    // The movements of an order's lines refer to ord_X/1, ord_X/2 and so on.
    private bool IsOurs(StockMovement movement) =>
        movement.Reference is { } r && (_documents.Contains(r) || _documents.Contains(DocumentOf(r)));

    private static string DocumentOf(string reference) => reference.Split('/')[0];
}
