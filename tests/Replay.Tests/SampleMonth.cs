using System.Globalization;
using System.IO.Compression;
using System.Text;

namespace Commerce.Replay.Tests;

/// <summary>
/// A small month of the same shape as the retailer's, made from a seed: every oddity that the real data is known to have occurs in it.
/// It keeps its own totals, in pence and from its own figures, so that they do not depend on the code under test.
/// </summary>
internal sealed class SampleMonth
{
    private static readonly string[] Goods =
        ["85123A", "85123a", "22423", "84406B", "21730", "71053", "DCGS0003", "DCGSSBOY", "47566", "15056BL"];

    private readonly Random _random;
    private readonly StringBuilder _csv = new("InvoiceNo,StockCode,Description,Quantity,InvoiceDate,UnitPrice,CustomerID,Country\n");
    private readonly Dictionary<InvoiceKind, Totals> _totals = [];
    private readonly HashSet<string> _invoices = [];
    private DateTime _time;
    private int _number;

    public SampleMonth(int month = 8)
    {
        _random = new(month);
        _time = new(2011, month, 1, 8, 30, 0);
        _number = 481_000 + 10_000 * month;
        for (var i = 0; i < 40; i++) Ordinary();
        Oddities();
        Cancellations();
        Others();
        Corrections();
    }

    public string Csv => _csv.ToString();

    public IReadOnlyDictionary<InvoiceKind, Totals> Totals => _totals;

    /// <summary>Writes it, packed, into a new folder that the test leaves to the system to clean up.</summary>
    public string Save()
    {
        var path = Path.Combine(Directory.CreateTempSubdirectory("replay-sample-").FullName, "orders.csv.gz");
        using var file = new GZipStream(File.Create(path), CompressionLevel.Fastest);
        file.Write(Encoding.UTF8.GetBytes(Csv));
        return path;
    }

    private void Ordinary()
    {
        var customer = _random.Next(4) == 0 ? "" : $"{17850 + _random.Next(8)}.0";
        var invoice = Next();
        for (var line = 0; line < 1 + _random.Next(12); line++)
            Sale(invoice, Goods[_random.Next(Goods.Length)], 1 + _random.Next(24), 25 + 10 * _random.Next(60), customer);
    }

    private void Oddities()
    {
        var twice = Next();
        for (var copy = 0; copy < 2; copy++) Sale(twice, "22423", 6, 1275, "17850.0"); // an exact duplicate
        var late = Next();
        Sale(late, "21730", 1, 210, "17851.0");
        _time = _time.AddMinutes(1);
        Sale(late, "71053", 1, 339, "17851.0"); // the invoice runs into the next minute
        Sale(Next(), "22423", 1, 1275, "12370.0", country: "Cyprus");
        Sale(Next(), "22423", 2, 1275, "12370.0", country: "Austria");
        Sale(Next(), "POST", 3, 1800, "12583.0", "POSTAGE", "France");
        Sale(Next(), "DOT", 1, 56977, "", "DOTCOM POSTAGE");
        Sale(Next(), "m", 1, 255, "", "Manual");
        Sale(Next(), "M", 2, 4001, "17852.0", "Manual");
        Sale(Next(), "BANK CHARGES", 1, 1500, "", " Bank Charges");
        Sale(Next(), "gift_0001_40", 1, 3404, "", "Dotcomgiftshop Gift Voucher £40.00");
        Sale(Next(), "21777", 4, 0, "", "?"); // an order that costs nothing
        Sale(Next(), "21778", 1, 0, "17853.0", ""); // given to a customer, without a description
        Sale(Next(), "84406B", 5, 275, "", "\"  12 \"\"EASTER\"\", HENS  \"", "Unspecified");
        var fraction = Next();
        foreach (var units in new[] { 1, 5, 15 }) Pads(fraction, units);
        var longest = Next();
        for (var line = 0; line < 300; line++) Sale(longest, Goods[line % Goods.Length], 1 + line % 5, 85, "17854.0");
    }

    // A tenth of a penny each: half a penny goes to the even one, so 5 of them cost nothing and 15 cost 2 pence.
    private void Pads(string invoice, int units) => Write(
        InvoiceKind.Sale, invoice, "PADS", "PADS TO MATCH ALL CUSHIONS", units, "0.001", units == 15 ? 2 : 0, "17855.0",
        "United Kingdom");

    private void Cancellations()
    {
        Sale(Next(), "23843", 80_995, 208, "16446.0", "\"PAPER CRAFT , LITTLE BIRDIE\"");
        Cancel(Next(), "23843", 80_995, 208, "16446.0"); // all of it, minutes later
        var (one, two) = (Next(), Next());
        Sale(one, "47566", 4, 495, "17856.0");
        Sale(two, "47566", 10, 495, "17856.0");
        Cancel(Next(), "47566", 10, 495, "17856.0"); // exactly the second
        var mixed = Next();
        Cancel(mixed, "47566", 6, 495, "17856.0"); // four units are left, so two are credited
        Cancel(mixed, "47566", 1, 450, "17856.0"); // never sold at this price
        Cancel(mixed, "D", 1, 2750, "17856.0", "Discount");
        Sale(one = Next(), "22720", 3, 425, "17857.0");
        Sale(two = Next(), "22720", 3, 425, "17857.0");
        Cancel(Next(), "22720", 5, 425, "17857.0"); // from two orders
        Cancel(Next(), "POST", 1, 1800, "12583.0", "POSTAGE"); // a service goes back to its order too
        Cancel(Next(), "AMAZONFEE", 1, 1354133, "", "AMAZON FEE"); // no customer's
        Cancel(Next(), "90210", 2, 295, "17858.0"); // bought before the file begins, and never sold in it
    }

    private void Others()
    {
        var number = _number + 2_185;
        foreach (var pence in new[] { 1106206, -1106206, -1106206 })
        {
            Write(
                InvoiceKind.Other, $"A{number++}", "B", "Adjust bad debt", 1,
                (pence / 100m).ToString(CultureInfo.InvariantCulture), pence, "", "United Kingdom");
        }
    }

    private void Corrections()
    {
        var lost = new[] { ("22423", -3, "damages"), ("99999", -4, ""), ("21777", -4, "?"), ("85123a", -1, "wet/rotting") };
        foreach (var (sku, units, why) in lost)
            Write(InvoiceKind.Correction, Next(), sku, why, units, "0.0", 0, "", "United Kingdom");
    }

    private string Next()
    {
        _time = _time.AddMinutes(23 + _random.Next(90));
        if (_time.Hour >= 18) _time = _time.Date.AddDays(1).AddHours(8);
        return (_number++).ToString(CultureInfo.InvariantCulture);
    }

    private void Sale(
        string invoice, string sku, int units, int pence, string customer, string? text = null, string country = "United Kingdom") =>
        Write(InvoiceKind.Sale, invoice, sku, text ?? $"GOODS {sku} ", units, Pounds(pence), (long)units * pence, customer, country);

    private void Cancel(string invoice, string sku, int units, int pence, string customer, string? text = null) => Write(
        InvoiceKind.Cancellation, $"C{invoice}", sku, text ?? $"GOODS {sku} ", -units, Pounds(pence), -(long)units * pence, customer,
        "United Kingdom");

    private static string Pounds(int pence) => (pence / 100m).ToString(CultureInfo.InvariantCulture);

    private void Write(
        InvoiceKind kind, string invoice, string sku, string text, int units, string price, long pence, string customer, string country)
    {
        _csv.Append(
            CultureInfo.InvariantCulture, $"{invoice},{sku},{text},{units},{_time:yyyy-MM-dd HH:mm:ss},{price},{customer},{country}\n");
        _totals[kind] = _totals.GetValueOrDefault(kind) + new Totals(1, _invoices.Add(invoice) ? 1 : 0, units, pence);
    }
}
