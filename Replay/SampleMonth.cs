using System.Globalization;
using System.IO.Compression;
using System.Text;

namespace Commerce.Replay;

/// <summary>
/// A month of a shop that does not exist, in the form of the retailer's real one: some hundred ordinary orders, and every oddity that the
/// real data is known to have. The same seed gives the same month. It keeps its own totals, in pence and from its own figures, so that they
/// do not depend on the code that reads it.
/// </summary>
internal sealed class SampleMonth
{
    private const int Year = 2019;

    private static readonly (string Sku, string Name, int Pence)[] Goods =
    [
        ("10101", "ENAMEL MILK JUG", 695), ("10102", "OAK BREAD BOARD", 1250), ("10103", "LINEN TEA TOWEL", 425),
        ("10110A", "TIN CANDLE, GREEN", 210), ("10110B", "TIN CANDLE, BLUE", 210), ("10110b", "TIN CANDLE, BLUE, SMALL", 145),
        ("10124", "WICKER BASKET", 1595), ("10131", "SET OF 6 \"EGG\" CUPS", 895), ("10140", "BRASS DOOR BELL", 2450),
        ("10145", "POCKET NOTEBOOK", 85), ("10146", "PENCIL, CEDAR", 29), ("10150C", "WOOL BLANKET, CHECKED", 3999),
        ("10163", "GARDEN TWINE", 165), ("10164", "SEED LABELS, 24", 120), ("10170", "STONEWARE BOWL", 750),
        ("10171", "STONEWARE PLATE", 650), ("10180", "PAPER STAR GARLAND", 295), ("10199", "GLASS BOTTLE, CORKED", 375),
        ("DCGS0003", "BOXED BRACELET", 425), ("DCGSSBOY", "BOYS PARTY BAG", 325), ("85123A", "LANTERN, LARGE", 255),
        ("85123a", "LANTERN, LARGE", 255), ("22423", "CAKE STAND, 3 TIERS", 1275), ("21730", "CANDLE HOLDER", 495),
    ];

    private static readonly string[] Countries =
    [
        "United Kingdom", "United Kingdom", "United Kingdom", "United Kingdom", "United Kingdom", "EIRE", "France", "Germany",
        "Netherlands", "Norway", "Channel Islands", "Portugal",
    ];

    private readonly StringBuilder _csv = new("InvoiceNo,StockCode,Description,Quantity,InvoiceDate,UnitPrice,CustomerID,Country\n");
    private readonly Dictionary<InvoiceKind, Totals> _totals = [];
    private readonly HashSet<string> _invoices = [];
    private readonly List<(string Sku, int Units, int Pence, string Customer)> _sold = [];
    private ulong _random;
    private DateTime _time;
    private int _number;

    /// <param name="month">Of the year, and the seed.</param>
    /// <param name="orders">How many ordinary orders it has, besides the odd ones.</param>
    public SampleMonth(int month = 3, int orders = 320)
    {
        _random = (ulong)month;
        _time = new(Year, month, 1, 8, 0, 0);
        _number = 700_000 + 10_000 * month;
        for (var i = 0; i < orders; i++)
        {
            Ordinary();
            if (i % 12 == 11) Regretted();
            if (i % 40 == 39) Lost(Goods[Draw(Goods.Length)].Sku, 1 + Draw(6), "breakages");
            if (i == orders / 2) Odd();
        }

        Cancelled();
        BadDebt();
        Corrected();
    }

    public string Csv => _csv.ToString();

    public IReadOnlyDictionary<InvoiceKind, Totals> Totals => _totals;

    /// <summary>Writes it to a new file; packed, if its name ends so.</summary>
    public void Save(string path)
    {
        try
        {
            using var file = new FileStream(path, FileMode.CreateNew, FileAccess.Write);
            using Stream packed = RetailFile.IsPacked(path) ? new GZipStream(file, CompressionLevel.Optimal) : file;
            packed.Write(Encoding.UTF8.GetBytes(Csv));
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException)
        {
            throw new ReplayException($"The sample cannot be written: {problem.Message} Give a new file: --save sample.csv", problem);
        }
    }

    private void Ordinary()
    {
        var number = Draw(40);
        var (customer, country) = Draw(5) == 0 ? ("", "United Kingdom") : ($"{18001 + number}.0", Countries[number % Countries.Length]);
        var invoice = Next();
        for (var line = 0; line <= Draw(9); line++)
        {
            var (sku, name, pence) = Goods[Draw(Goods.Length)];
            var units = 1 + Draw(24);
            if (units == 24) pence = pence * 9 / 10; // a dozen twice is cheaper
            Sale(invoice, sku, units, pence, customer, $"\"{name.Replace("\"", "\"\"", StringComparison.Ordinal)}\"", country);
            if (customer.Length > 0) _sold.Add((sku, units, pence, customer));
        }

        if (country != "United Kingdom") Sale(invoice, "POST", 1, 1800, customer, "POSTAGE", country);
    }

    /// <summary>A part of an earlier order, or all of it, comes back.</summary>
    private void Regretted()
    {
        if (_sold.Count == 0) return;
        var at = Draw(_sold.Count);
        var (sku, units, pence, customer) = _sold[at];
        _sold.RemoveAt(at);
        Cancel(Next(), sku, 1 + Draw(units), pence, customer);
    }

    private void Odd()
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
        Sale(Next(), "gift_0001_40", 1, 3404, "", "Gift Voucher £40.00");
        Sale(Next(), "21777", 4, 0, "", "?"); // an order that costs nothing
        Sale(Next(), "21778", 1, 0, "17853.0", ""); // given to a customer, without a description
        Sale(Next(), "84406B", 5, 275, "", "\"  12 \"\"EASTER\"\", HENS  \"", "Unspecified");
        var fraction = Next();
        foreach (var units in new[] { 1, 5, 15 }) Pads(fraction, units);
        var longest = Next();
        for (var line = 0; line < 300; line++) Sale(longest, Goods[line % Goods.Length].Sku, 1 + line % 5, 85, "17854.0");
    }

    // A tenth of a penny each: half a penny goes to the even one, so 5 of them cost nothing and 15 cost 2 pence.
    private void Pads(string invoice, int units) => Write(
        InvoiceKind.Sale, invoice, "PADS", "PADS FOR ALL CUSHIONS", units, "0.001", units == 15 ? 2 : 0, "17855.0",
        "United Kingdom");

    private void Cancelled()
    {
        Sale(Next(), "23843", 80_995, 208, "16446.0", "\"PAPER BIRDS , TO HANG UP\"");
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

    private void BadDebt()
    {
        var number = _number + 2_185;
        foreach (var pence in new[] { 1106206, -1106206, -1106206 })
        {
            Write(
                InvoiceKind.Other, $"A{number++}", "B", "Adjust bad debt", 1,
                (pence / 100m).ToString(CultureInfo.InvariantCulture), pence, "", "United Kingdom");
        }
    }

    private void Corrected()
    {
        Lost("22423", 3, "damages");
        Lost("99999", 4, "");
        Lost("21777", 4, "?");
        Lost("85123a", 1, "wet/rotting");
    }

    private void Lost(string sku, int units, string why) =>
        Write(InvoiceKind.Correction, Next(), sku, why, -units, "0.0", 0, "", "United Kingdom");

    private string Next()
    {
        _time = _time.AddMinutes(5 + Draw(60));
        if (_time.Hour >= 18) _time = _time.Date.AddDays(1).AddHours(8);
        return (_number++).ToString(CultureInfo.InvariantCulture);
    }

    /// <summary>A number below this one. A generator of its own: the month must be the same on every runtime.</summary>
    private int Draw(int below)
    {
        _random = unchecked((_random * 6364136223846793005) + 1442695040888963407);
        return (int)((_random >> 33) % (ulong)below);
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
