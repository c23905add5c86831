namespace Commerce.Replay;

/// <summary>Makes the plan of a file. Pure: the same file always gives the same plan, with the same ids and idempotency keys.</summary>
internal sealed class Planner
{
    /// <summary>How the reference of a receipt begins.</summary>
    public const string ReceiptPrefix = "replay of ";

    private readonly RetailFile _file;
    private readonly IReadOnlyList<Invoice> _invoices;
    private readonly IReadOnlyDictionary<string, IReadOnlyList<CancelledLine>> _cancelled;
    private readonly Assortment _assortment;

    private readonly List<LedgerLine> _bookings = [];
    private readonly List<PlannedOrder> _orders = [];
    private readonly List<(string, Request<NewReturn>)> _returns = [];
    private readonly List<(string, Request<NewCreditNote>)> _creditNotes = [];
    private readonly List<CancelledRow> _rows = [];
    private readonly Dictionary<string, long> _needed = new(StringComparer.Ordinal);
    private readonly SortedDictionary<string, long> _stockChange = new(StringComparer.Ordinal);

    private Planner(RetailFile file)
    {
        _file = file;
        _invoices = Invoice.Of(file.Rows);
        _cancelled = Matching.Of(_invoices);
        _assortment = new(_invoices);
    }

    public static ReplayPlan Of(RetailFile file) => new Planner(file).Make();

    private ReplayPlan Make()
    {
        foreach (var invoice in _invoices)
        {
            switch (invoice.Kind)
            {
                case InvoiceKind.Sale or InvoiceKind.Other when invoice.Rows[0].UnitPrice >= 0: Order(invoice); break;
                case InvoiceKind.Cancellation: Cancellation(invoice); break;
                case InvoiceKind.Other: Credit(invoice, [.. invoice.Rows.Select(r => (r, r.Quantity))]); break;
                case InvoiceKind.Correction: invoice.Rows.ToList().ForEach(r => Need(r.Sku, -r.Quantity)); break;
            }
        }
        var corrections = Rows(InvoiceKind.Correction).ToList();
        _bookings.AddRange(LedgerLine.OfAdjustments(corrections.Select(c => ((string?)c.Invoice.No, c.Row.Sku, c.Row.Quantity, c.Row.At))));
        var from = _invoices[0].Day.ToDateTime(default, DateTimeKind.Utc);
        return new(
            _file, _invoices, [.. Customers()], [.. Products()], [.. Receipts(from)], _orders, [.. corrections.Select(Correction)],
            _returns, _creditNotes, _bookings, _rows, _stockChange);
    }

    private IEnumerable<(Invoice Invoice, RetailRow Row, int Line)> Rows(InvoiceKind kind) =>
        _invoices.Where(i => i.Kind == kind).SelectMany(i => i.Rows.Select((r, n) => (i, r, n + 1)));

    private IEnumerable<(string, Request<NewCustomer>)> Customers() =>
        from i in _invoices
        where i.Customer is not null
        group Countries.Code(i.Country) by i.Customer into c
        let id = CustomerId(c.Key)!
        // A few customers order from two countries: the first is where they live.
        let addresses = c.Distinct().Select((code, n) => (Label: n == 0 ? "shipping" : $"shipping-{code.ToLowerInvariant()}", code))
            .ToDictionary(a => a.Label, a => AddressIn(a.code))
        let body = new NewCustomer
        {
            Id = id, Name = $"Customer {c.Key}", Email = $"customer-{c.Key}@online-retail.example", Addresses = addresses,
        }
        select (id, ReplayRequest.Of($"customer {c.Key}", body));

    private IEnumerable<(string, Request<NewProduct>)> Products() =>
        from p in _assortment.Products
        let prices = p.Price is { } price ? new[] { new Price { Currency = Wire.Currency, UnitPrice = price } } : null
        let kind = p.Goods ? ProductKind.Goods : ProductKind.Service
        let body = new NewProduct { Sku = p.Sku, Name = p.Name ?? p.Sku, Kind = kind, Prices = prices }
        select (p.Sku, ReplayRequest.Of($"product {p.Sku}", body));

    // The reference names the file by its content, so that a copy under another name is the same delivery.
    private IEnumerable<PlannedReceipt> Receipts(DateTime first) =>
        from n in _needed
        let body = new ReceiveStock
        {
            Quantity = n.Value, Reference = $"{ReceiptPrefix}{first:yyyy-MM-dd} ({_file.Digest})", OccurredAt = new DateTimeOffset(first),
        }
        select new PlannedReceipt(n.Key, n.Value, ReplayRequest.Of($"receipt {_file.Digest} {n.Key}", body));

    private static (string, Request<AdjustStock>) Correction((Invoice Invoice, RetailRow Row, int Line) c) => (c.Row.Sku, ReplayRequest.Of(
        $"{c.Invoice.No} adjust {c.Line}",
        new AdjustStock
        {
            Change = c.Row.Quantity, Reason = c.Row.Description.Length > 0 ? c.Row.Description : "stock correction",
            Reference = c.Invoice.No, OccurredAt = c.Row.At,
        }));

    private void Order(Invoice invoice)
    {
        var id = OrderId(invoice);
        var lines = invoice.Rows.Select(r => new PlaceLine { Sku = r.Sku, Quantity = r.Quantity, UnitPrice = r.UnitPrice })
            .ToList();
        var body = new NewOrder
        {
            Id = id,
            CustomerId = CustomerId(invoice.Customer),
            Guest = invoice.Customer is null ? new GuestContact { Name = "Guest" } : null,
            Currency = Wire.Currency,
            Lines = lines,
            ShippingAddress = AddressIn(Countries.Code(invoice.Country)),
            PaymentMethod = invoice.Totals.Pence == 0 ? null : "pm_sandbox_ok",
            OrderedAt = invoice.At,
            Reference = invoice.No,
        };
        var ship = new NewShipment { Id = $"shp_{invoice.No}", ShippedAt = invoice.At };
        _orders.Add(new(
            id, lines.Count, ReplayRequest.Of($"{invoice.No} place", body), ReplayRequest.Of($"{invoice.No} ship", ship)));
        _bookings.Add(new(
            id, DocumentKind.Order, invoice.Kind, invoice.No, invoice.At, CustomerId(invoice.Customer), invoice.Totals.Pence,
            [.. invoice.Rows.Select((r, n) => new BookedLine(n + 1, r.Sku, r.UnitPrice, r.Quantity))]));
        foreach (var row in invoice.Rows) Need(row.Sku, row.Quantity);
    }

    private void Cancellation(Invoice invoice)
    {
        var lines = _cancelled[invoice.No];
        foreach (var order in lines.SelectMany(l => l.Matches).GroupBy(m => OrderId(m.Order))) Return(invoice, order.Key, [.. order]);
        var rest = lines.Where(l => l.Rest > 0).ToList();
        if (rest.Count > 0) Credit(invoice, [.. rest.Select(l => (l.Row, l.Rest))]);
        _rows.AddRange(lines.Select(l => new CancelledRow(
            [.. l.Matches.Select(m => (LedgerLine.ReturnId(OrderId(m.Order), ReturnOf(invoice)), m.Line)).Distinct(),
                .. l.Rest > 0 ? [(CreditNoteId(invoice), rest.IndexOf(l) + 1)] : Array.Empty<(string, int)>()],
            l.Matches.Count > 0)));
    }

    private void Return(Invoice invoice, string order, List<Match> matches)
    {
        // Two rows may go back to the same line of the order; the API takes a line once.
        var lines = matches.GroupBy(m => m.Line).OrderBy(g => g.Key)
            .Select(g => (Line: g.Key, Units: g.Sum(m => m.Units), Row: g.First().Order.Rows[g.Key - 1])).ToList();
        var body = new NewReturn
        {
            Id = ReturnOf(invoice),
            Lines = [.. lines.Select(l => new LineQuantity { Line = l.Line, Quantity = l.Units })],
            Reason = "cancelled",
            Reference = invoice.No,
            Received = true,
            ReturnedAt = invoice.At,
        };
        _returns.Add((order, ReplayRequest.Of($"{invoice.No} return {order}", body)));
        _bookings.Add(new(
            LedgerLine.ReturnId(order, ReturnOf(invoice)), DocumentKind.Return, InvoiceKind.Cancellation, invoice.No, invoice.At,
            CustomerId(invoice.Customer),
            -(long)lines.Sum(l => l.Units * l.Row.UnitPrice),
            [.. lines.Select(l => new BookedLine(l.Line, l.Row.Sku, l.Row.UnitPrice, -l.Units))]));
        foreach (var line in lines.Where(l => _assortment.HasStock(l.Row.Sku))) Move(line.Row.Sku, line.Units);
    }

    private void Credit(Invoice invoice, List<(RetailRow Row, long Units)> rows)
    {
        var id = CreditNoteId(invoice);
        var cancelled = invoice.Kind == InvoiceKind.Cancellation;
        var lines = rows.Select(r => new CreditLine
        {
            Sku = r.Row.Sku, Quantity = r.Units, UnitPrice = Math.Abs(r.Row.UnitPrice),
            Restock = cancelled && _assortment.HasStock(r.Row.Sku),
        }).ToList();
        var body = new NewCreditNote
        {
            Id = id,
            CustomerId = CustomerId(invoice.Customer),
            Currency = Wire.Currency,
            Lines = lines,
            Reason = cancelled ? "cancelled" : Reason(invoice),
            Reference = invoice.No,
            IssuedAt = invoice.At,
        };
        _creditNotes.Add((id, ReplayRequest.Of($"{invoice.No} credit", body)));
        _bookings.Add(new(
            id, DocumentKind.CreditNote, invoice.Kind, invoice.No, invoice.At, body.CustomerId,
            -lines.Sum(l => LineTotal(l.UnitPrice, l.Quantity)),
            [.. lines.Select((l, n) => new BookedLine(n + 1, l.Sku, l.UnitPrice, cancelled ? -l.Quantity : l.Quantity))]));
        foreach (var line in lines.Where(l => l.Restock is true)) Move(line.Sku, line.Quantity);
    }

    private void Need(string sku, long units)
    {
        if (!_assortment.HasStock(sku)) return;
        _needed[sku] = _needed.GetValueOrDefault(sku) + units;
        Move(sku, 0);
    }

    // What is received is what is sold and lost, so that only what comes back changes the level in the end.
    private void Move(string sku, long units) => _stockChange[sku] = _stockChange.GetValueOrDefault(sku) + units;

    private static long LineTotal(decimal price, long units) => (long)decimal.Round(price * units, 0, MidpointRounding.ToEven);

    private static string Reason(Invoice invoice) => invoice.Rows[0].Description is { Length: > 0 } text ? text : "adjustment";

    private static string OrderId(Invoice invoice) => $"ord_{invoice.No}";

    private static string ReturnOf(Invoice invoice) => $"ret_{invoice.No}";

    private static string CreditNoteId(Invoice invoice) => $"crn_{invoice.No}";

    private static string? CustomerId(string? number) => number is null ? null : $"cus_{number}";

    // The data has no more of an address than its country.
    private static Address AddressIn(string country) => new() { Line1 = "not in the data", City = "not in the data", Country = country };
}
