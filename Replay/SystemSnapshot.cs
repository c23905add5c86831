namespace Commerce.Replay;

/// <summary>The shop's books for the days of a file, according to the API.</summary>
/// <param name="Orders">The plan's orders that there are, and all others of these days.</param>
/// <param name="Payments">Of these orders, by payment id.</param>
/// <param name="CreditNotes">The plan's that there are, and all others of these days.</param>
/// <param name="Adjustments">Of stock, on these days.</param>
/// <param name="Days">The sales report.</param>
/// <param name="Trial">The trial balance of these days.</param>
/// <param name="OnHand">Units by SKU.</param>
/// <param name="Movements">All movements ever of some SKUs: those without a receipt of ours, and those whose level is a surprise.</param>
internal sealed record SystemSnapshot(
    IReadOnlyList<OrderView> Orders,
    IReadOnlyDictionary<string, PaymentView> Payments,
    IReadOnlyList<CreditNoteView> CreditNotes,
    IReadOnlyList<StockMovement> Adjustments,
    IReadOnlyList<SalesDay> Days,
    TrialBalance Trial,
    IReadOnlyDictionary<string, long> OnHand,
    IReadOnlyDictionary<string, IReadOnlyList<StockMovement>> Movements)
{
    /// <summary>All documents, in the form in which the plan has them.</summary>
    public IReadOnlyList<LedgerLine> Bookings(ReplayPlan plan)
    {
        var kinds = plan.Bookings.ToDictionary(b => b.Id, b => b.Kind);
        return
        [
            .. Orders.Select(o => OfOrder(o, kinds.GetValueOrDefault(o.Id, InvoiceKind.Sale))),
            .. Orders.SelectMany(o => o.Returns.Select(r => OfReturn(o, r))),
            .. CreditNotes.Select(c => OfCreditNote(c, kinds.GetValueOrDefault(c.Id, InvoiceKind.Cancellation))),
            .. LedgerLine.OfAdjustments(Adjustments.Select(a => (a.Reference, a.Sku, a.Units, a.OccurredAt))),
        ];
    }

    private LedgerLine OfOrder(OrderView order, InvoiceKind kind) => new(
        order.Id, DocumentKind.Order, kind, order.Reference ?? order.Id, order.OrderedAt, order.CustomerId, order.Total.Minor,
        [.. order.Lines.Select(l => new BookedLine(l.Line, l.Sku, l.UnitPrice, l.Shipped))],
        order.Status == OrderStatus.Shipped
            ? PaymentFlaw(order)
            : $"it is {Wire.Word(order.Status)}, not shipped{Because(order.Waiting ?? order.Reason)}");

    private string? PaymentFlaw(OrderView order)
    {
        if (order.Total.Minor == 0) return null;
        if (order.PaymentId is null || !Payments.TryGetValue(order.PaymentId, out var payment)) return "it has no payment";
        var refunded = order.Returns.Where(r => r.RefundedTo == RefundedTo.PaymentMethod).Sum(r => r.Amount ?? 0);
        if (payment.Captured != order.Total.Minor)
            return $"{payment.Captured} of its {order.Total.Minor} pence are captured";
        return payment.Refunded == refunded ? null : $"{payment.Refunded} pence are refunded, where its returns are worth {refunded}";
    }

    private static LedgerLine OfReturn(OrderView order, Return back) => new(
        LedgerLine.ReturnId(order.Id, back.Id), DocumentKind.Return, InvoiceKind.Cancellation, back.Reference ?? back.Id,
        back.ReturnedAt ?? back.RequestedAt, order.CustomerId, -(back.Amount ?? 0),
        [.. back.Lines.Select(l => new BookedLine(l.Line, order.Lines[l.Line - 1].Sku, order.Lines[l.Line - 1].UnitPrice, -l.Quantity))],
        back switch
        {
            { Status: not ReturnStatus.Completed } => $"it is {Wire.Word(back.Status)}",
            { RefundedTo: RefundedTo.CustomerCredit } => "its money went to the customer's credit and not back to the payment method",
            _ => null,
        });

    private static LedgerLine OfCreditNote(CreditNoteView note, InvoiceKind kind)
    {
        var sign = kind == InvoiceKind.Other ? 1 : -1;
        return new(
            note.Id, DocumentKind.CreditNote, kind, note.Reference ?? note.Id, note.IssuedAt, note.CustomerId, -note.Total.Minor,
            [.. note.Lines.Select(l => new BookedLine(l.Line, l.Sku, l.UnitPrice, sign * l.Quantity))],
            note.Status == CreditNoteStatus.Completed ? null : $"it is {Wire.Word(note.Status)}");
    }

    private static string Because(string? reason) => reason is null ? "" : $" ({reason})";
}
