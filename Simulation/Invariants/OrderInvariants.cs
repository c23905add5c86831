using Commerce.Catalogue;
using Commerce.Orders;

namespace Commerce.Simulation;

/// <summary>Orders, by their facts alone, compared with stock and money.</summary>
internal sealed class OrderInvariants(
    RunVerdict verdict, CatalogueInvariants catalogue, StockInvariants stock, MoneyInvariants money)
{
    private readonly Dictionary<string, Sheet> _sheets = [];

    /// <summary>Every order, by its id.</summary>
    public IReadOnlyDictionary<string, Sheet> Sheets => _sheets;

    /// <summary>What credit notes are worth, by currency.</summary>
    public Dictionary<string, long> CreditNotes { get; } = [];

    /// <summary>The same of those that a customer got.</summary>
    public Dictionary<(string Currency, string CustomerId), long> CreditedTo { get; } = [];

    /// <summary>Units that credit notes put back, by SKU.</summary>
    public Dictionary<string, long> Restocked { get; } = [];

    public void Add(string id, CreditNoteFact fact)
    {
        if (fact is not CreditNoteIssued issued) return;
        CreditNotes[issued.Total.Currency] = CreditNotes.GetValueOrDefault(issued.Total.Currency) + issued.Total.Minor;
        if (issued.CustomerId is { } customer)
            CreditedTo[(issued.Total.Currency, customer)] =
                CreditedTo.GetValueOrDefault((issued.Total.Currency, customer)) + issued.Total.Minor;
        foreach (var line in issued.Lines.Where(l => l.Restock))
            Restocked[line.Sku] = Restocked.GetValueOrDefault(line.Sku) + line.Quantity;
    }

    public void Add(string id, OrderFact fact)
    {
        if (fact is OrderPlaced placed)
        {
            if (!_sheets.TryAdd(id, new Sheet(id, placed))) verdict.Broken("an order is placed once", id);
            catalogue.Ordered(id, placed);
            return;
        }

        if (!_sheets.TryGetValue(id, out var sheet))
        {
            verdict.Broken("an order begins with being placed", $"{id}: {fact}");
            return;
        }

        sheet.IsErasing |= fact is OrderErasureRequested;
        var returns = fact is ReturnRequested or ReturnReceived or ReturnRejected or ReturnRestocked or ReturnCompleted or OrderWaiting;
        if (sheet.Closed is { } outcome && !(outcome == OrderStatus.Shipped && returns) && fact is not (CaptureNoted or RefundNoted)
            && !sheet.IsErasing)
            verdict.Broken("nothing happens to an order that is over", $"{id} is {outcome}: {fact}");
        if (CurrencyOf(fact) is { } currency && currency != sheet.Currency)
            verdict.Broken(MoneyInvariants.CurrencyRule, $"{id} is in {sheet.Currency}: {fact}");
        switch (fact)
        {
            case OrderConfirmed: Confirmed(sheet); break;
            case ShipmentRequested f:
                Once(sheet, $"request of {f.Shipment.Id}");
                sheet.Shipments[f.Shipment.Id] = f.Shipment;
                break;
            case ShipmentPosted f: Once(sheet, $"posting of {f.ShipmentId}"); break;
            case ReturnRestocked f: Went(sheet, f.ReturnId, ReturnStatus.Received, ReturnStatus.Restocked); break;
            case ShipmentCompleted f: Shipped(sheet, f); break;
            case ReturnRequested f: Requested(sheet, f); break;
            case ReturnReceived f:
                Went(sheet, f.ReturnId, ReturnStatus.Requested, ReturnStatus.Received);
                sheet.Returns[f.ReturnId] = sheet.Returns[f.ReturnId] with { Amount = f.Amount.Minor };
                break;
            case ReturnRejected f: Went(sheet, f.ReturnId, ReturnStatus.Requested, ReturnStatus.Rejected); break;
            case ReturnCompleted f: Returned(sheet, f); break;
            case CaptureNoted f:
                Once(sheet, $"capture {f.CaptureId} of {f.PaymentId}");
                if (f.PaymentId != sheet.Current) sheet.Covered += f.Amount.Minor;
                break;
            case RefundNoted f: Noted(sheet, f); break;
            case PaymentRequested f: sheet.Payments.Add(f.PaymentId); break;
            case PaymentReplaced f: Replaced(sheet, f); break;
            case AuthorizationLost f: sheet.Covered -= f.Amount.Minor; break;
            case RestReleased f: Credited(sheet, "overpaid", f.Credited.Minor); break;
            case OrderClosed f: Closed(sheet, f); break;
        }
    }

    /// <summary>Stock or money was moved for a part of an order. Of a return that is not received, or is done, nothing moves.</summary>
    public void Moved(string order, string part)
    {
        if (_sheets.GetValueOrDefault(order)?.Returns.GetValueOrDefault(part) is { IsPending: false } back)
            verdict.Broken("a return moves stock and money once its units are here", $"{order}: {back}");
    }

    private static string? CurrencyOf(OrderFact fact) => fact switch
    {
        OrderConfirmed f => f.Total.Currency,
        ShipmentCompleted f => f.Amount.Currency,
        ReturnReceived f => f.Amount.Currency,
        ReturnCompleted f => f.Refunded.Currency,
        RefundNoted f => f.Amount.Currency,
        CaptureNoted f => f.Amount.Currency,
        PaymentReplaced f => f.Amount.Currency,
        AuthorizationLost f => f.Amount.Currency,
        OrderClosed f => f.Total.Currency,
        RestReleased f => f.Credited.Currency,
        _ => null,
    };

    private void Once(Sheet sheet, string what)
    {
        if (!sheet.Done.Add(what)) verdict.Broken("a step of an order is recorded once", $"{sheet.Id}: {what}");
    }

    private void Confirmed(Sheet sheet)
    {
        if (sheet.IsConfirmed) verdict.Broken("an order is confirmed once", sheet.Id);
        (sheet.IsConfirmed, sheet.Covered) = (true, sheet.Total);
        foreach (var line in sheet.Goods)
            if (stock.Held(line.Sku, $"{sheet.Id}/{line.Line}") != line.Quantity)
                verdict.Broken("confirmed is held", $"{sheet.Id} is confirmed, and line {line.Line} ({line.Sku}) is not held");
        if (sheet.Total == 0) return;
        var purse = money.Purses.GetValueOrDefault(sheet.Payments[0]);
        if ((purse?.Held, purse?.Currency) != (sheet.Total, sheet.Currency))
            verdict.Broken(
                "confirmed is authorized",
                $"{sheet.Id} is confirmed with {sheet.Total} {sheet.Currency}, and {purse?.Held} {purse?.Currency} are authorized");
    }

    private void Shipped(Sheet sheet, ShipmentCompleted fact)
    {
        var shipment = sheet.Shipments[fact.ShipmentId];
        if (!sheet.Done.Add(fact.ShipmentId)) verdict.Broken("a shipment is completed once", $"{sheet.Id}: {fact}");
        foreach (var part in shipment.Lines) sheet.Shipped[part.Line - 1] += part.Quantity;
        sheet.Sold += fact.Amount.Minor;
        for (var n = 0; n < sheet.Shipped.Length; n++)
            if (sheet.Shipped[n] > sheet.Lines[n].Quantity) verdict.Broken("no more is shipped than ordered", $"{sheet.Id}: {fact}");
        if (sheet.Sold != sheet.Worth(sheet.Shipped))
            verdict.Broken(
                "parts are worth their share of the line", $"{sheet.Id}: {sheet.Sold} for {sheet.Worth(sheet.Shipped)} after {fact}");
        if (Purses(sheet).Sum(p => p.Captured) < sheet.Sold + sheet.PaidBack)
            verdict.Broken(
                "shipped is captured, and nothing ships for nothing",
                $"{sheet.Id}: {sheet.Sold} shipped, {sheet.PaidBack} of it paid back before, and less captured");
    }

    private void Requested(Sheet sheet, ReturnRequested fact)
    {
        Once(sheet, $"request of {fact.Return.Id}");
        sheet.Returns[fact.Return.Id] = fact.Return;
        var kept = sheet.Returns.Values.Where(r => r.Status is not (ReturnStatus.Rejected or ReturnStatus.Completed))
            .SelectMany(r => r.Lines).ToLookup(p => p.Line - 1, p => p.Quantity);
        for (var n = 0; n < sheet.Shipped.Length; n++)
            if (sheet.Returned[n] + kept[n].Sum() > sheet.Shipped[n])
                verdict.Broken("no more comes back than was shipped", $"{sheet.Id}: {fact}");
    }

    private void Went(Sheet sheet, string id, ReturnStatus from, ReturnStatus to)
    {
        var back = sheet.Returns[id];
        if (back.Status != from) verdict.Broken("a return goes from state to state", $"{sheet.Id}: {back} is {to}");
        sheet.Returns[id] = back with { Status = to };
    }

    private void Returned(Sheet sheet, ReturnCompleted fact)
    {
        Went(sheet, fact.ReturnId, ReturnStatus.Restocked, ReturnStatus.Completed);
        foreach (var part in sheet.Returns[fact.ReturnId].Lines) sheet.Returned[part.Line - 1] += part.Quantity;
        var worth = sheet.Returns[fact.ReturnId].Amount ?? 0;
        var due = Math.Min(worth, sheet.Earned);
        if (fact.Refunded.Minor != due)
            verdict.Broken("a return gives back its worth, or what is left of the sale", $"{sheet.Id}: {due} is due, {fact}");
        sheet.CameBack += worth;
        sheet.Refunded += fact.Refunded.Minor;
        Credited(sheet, fact.ReturnId, fact.Credited);
        if (sheet.CameBack != sheet.Worth(sheet.Returned))
            verdict.Broken(
                "parts are worth their share of the line", $"{sheet.Id}: {sheet.CameBack} for {sheet.Worth(sheet.Returned)} after {fact}");
        if (fact.Refunded.Minor > worth || sheet.Earned < 0)
            verdict.Broken("no more is given back than was sold", $"{sheet.Id}: {sheet.Earned} is left after {fact}");
    }

    private void Credited(Sheet sheet, string refund, long amount)
    {
        if (amount > 0 && !Purses(sheet).Any(p => p.Refused.Contains(refund)))
            verdict.Broken("only what a bank refused is credited", $"{sheet.Id}: {amount} of {refund}");
        sheet.Credited += amount;
    }

    private void Noted(Sheet sheet, RefundNoted fact)
    {
        Once(sheet, $"{fact.Kind} of {fact.RefundId} of {fact.PaymentId}");
        switch (fact.Kind)
        {
            case RefundKind.Allowance: sheet.Refunded += fact.Amount.Minor; break;
            case RefundKind.Prepayment:
                sheet.PaidBack += fact.Amount.Minor;
                sheet.Covered -= fact.Amount.Minor;
                break;
            case RefundKind.CustomerCredit: sheet.Credited -= fact.Amount.Minor; break;
        }

        if (sheet.Earned < 0 || sheet.Credited < 0)
            verdict.Broken("no more is given back than was sold", $"{sheet.Id}: {sheet.Earned}, {sheet.Credited} is left after {fact}");
    }

    private void Closed(Sheet sheet, OrderClosed fact)
    {
        sheet.Closed = fact.Status;
        Credited(sheet, "not_shipped", fact.Credited);
        if (Held(sheet) is { } open) verdict.Broken("no hold outlives its order", $"{sheet.Id} is {fact.Status}, and {open}");
        if (Purses(sheet).FirstOrDefault(p => p.Held > 0) is { } purse)
            verdict.Broken("no authorization outlives its order", $"{sheet.Id} is {fact.Status}, and {purse.Held} are still held");
    }

    private void Replaced(Sheet sheet, PaymentReplaced fact)
    {
        (sheet.Current, sheet.Covered) = (fact.PaymentId, fact.Covered);
        var purse = money.Purses.GetValueOrDefault(fact.PaymentId);
        if (purse?.Authorized != fact.Amount.Minor)
            verdict.Broken("what pays is authorized", $"{sheet.Id}: {fact}, and {purse?.Authorized} was authorized");
    }

    /// <summary>The payments of an order that were asked for.</summary>
    public IEnumerable<MoneyInvariants.ExpectedPayment> Purses(Sheet sheet) =>
        sheet.Payments.Select(money.Purses.GetValueOrDefault).OfType<MoneyInvariants.ExpectedPayment>();

    /// <summary>What is held for an order, in words; null when nothing is.</summary>
    public string? Held(Sheet sheet)
    {
        foreach (var line in sheet.Goods)
            if (stock.Held(line.Sku, $"{sheet.Id}/{line.Line}") is > 0 and var units) return $"{units} of {line.Sku} are still held";
        return null;
    }

    /// <summary>One order: amounts are in minor units of its one currency.</summary>
    public sealed class Sheet(string id, OrderPlaced placed)
    {
        public string Id => id;

        public List<string> Payments { get; } = [$"pay_{id["ord_".Length..]}"];

        /// <summary>The payment that counts now.</summary>
        public string Current { get; set; } = $"pay_{id["ord_".Length..]}";

        /// <summary>What is captured or can be, less what was paid ahead and given back.</summary>
        public long Covered { get; set; }

        public string? CustomerId => placed.CustomerId;

        public string Currency => placed.Total.Currency;

        public long Total => placed.Total.Minor;

        public DateTimeOffset PlacedAt => placed.PlacedAt;

        public IReadOnlyList<OrderLine> Lines => placed.Lines;

        public IEnumerable<OrderLine> Goods => placed.Lines.Where(l => l.Kind == ProductKind.Goods);

        public Dictionary<string, Shipment> Shipments { get; } = [];

        public Dictionary<string, Return> Returns { get; } = [];

        public HashSet<string> Done { get; } = [];

        public long[] Shipped { get; } = new long[placed.Lines.Count];

        public long[] Returned { get; } = new long[placed.Lines.Count];

        public bool IsConfirmed { get; set; }

        /// <summary>The worth of some units of each line, each line rounded once.</summary>
        public long Worth(long[] units) =>
            Lines.Select((line, n) => (long)decimal.Round((decimal)line.Total * units[n] / line.Quantity)).Sum();

        public OrderStatus? Closed { get; set; }

        /// <summary>What has shipped, less what was given back of it.</summary>
        public long Earned => Sold - Refunded;

        public long Sold { get; set; }

        /// <summary>What units are worth that came back.</summary>
        public long CameBack { get; set; }

        /// <summary>What was given back of what had shipped.</summary>
        public long Refunded { get; set; }

        /// <summary>What was given back of what had been captured ahead.</summary>
        public long PaidBack { get; set; }

        /// <summary>What went to the customer's credit.</summary>
        public long Credited { get; set; }

        /// <summary>Its personal data is to be erased.</summary>
        public bool IsErasing { get; set; }

        /// <summary>True while units of it are asked back, and neither here nor rejected.</summary>
        public bool AwaitsUnits => Returns.Values.Any(r => r.Status == ReturnStatus.Requested);

        /// <summary>True when something of it may still ship.</summary>
        public bool IsOpen => IsConfirmed && Closed is null && Shipped.Where((s, n) => s < Lines[n].Quantity).Any();
    }
}
