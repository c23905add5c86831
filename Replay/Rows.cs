using System.Buffers.Binary;
using System.Globalization;
using System.IO.Compression;
using System.Security.Cryptography;
using System.Text;
using CsvHelper;
using CsvHelper.Configuration;

namespace Commerce.Replay;

/// <summary>Something the person at the command line must put right; the message says what and how. Exit code 2.</summary>
internal sealed class ReplayException(string message, Exception? inner = null) : Exception(message, inner);

/// <summary>One line of the file, as it is: nothing removed, nothing corrected.</summary>
/// <param name="Line">Its line number in the file; the header is line 1.</param>
/// <param name="InvoiceNo">Six digits, or these after a <c>C</c> (cancellation) or an <c>A</c> (other adjustment).</param>
/// <param name="Sku">The stock code; <c>85123a</c> and <c>85123A</c> are two.</param>
/// <param name="Description">Without blanks at its ends; may be empty.</param>
/// <param name="Quantity">Negative on cancellations and stock corrections.</param>
/// <param name="At">The file gives no time zone; it is taken as UTC.</param>
/// <param name="UnitPrice">Pence, possibly with decimals.</param>
/// <param name="Customer">Digits; null where the file gives none.</param>
/// <param name="Country">As the file spells it.</param>
internal sealed record RetailRow(
    int Line, string InvoiceNo, string Sku, string Description, long Quantity, DateTimeOffset At, decimal UnitPrice,
    string? Customer, string Country)
{
    /// <summary>Quantity times price, rounded once, half to even.</summary>
    public long Pence => (long)decimal.Round(Quantity * UnitPrice, 0, MidpointRounding.ToEven);
}

/// <summary>The rows of one file. <paramref name="Digest"/> names their content, however the file is called or packed.</summary>
internal sealed record RetailFile(string Name, string Digest, IReadOnlyList<RetailRow> Rows)
{
    private static readonly string[] Columns =
        ["InvoiceNo", "StockCode", "Description", "Quantity", "InvoiceDate", "UnitPrice", "CustomerID", "Country"];

    /// <summary>The month that is part of this program.</summary>
    public static RetailFile Sample()
    {
        const string Name = "the sample month";
        var rows = Parse(new StringReader(new SampleMonth().Csv), Name);
        return new(Name, DigestOf(rows), rows);
    }

    /// <summary>Whether a file of this name is gzip data.</summary>
    public static bool IsPacked(string path) => path.EndsWith(".gz", StringComparison.OrdinalIgnoreCase);

    /// <summary>Reads a CSV file, gzip or plain.</summary>
    public static RetailFile Read(string path)
    {
        try
        {
            using var file = File.OpenRead(path);
            using var text = new StreamReader(Unpacked(file, path), new UTF8Encoding(false, throwOnInvalidBytes: true));
            var rows = Parse(text, path);
            return new(Path.GetFileName(path), DigestOf(rows), rows);
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            throw new ReplayException(
                $"There is no file '{path}'. Give a month in the form of docs/replay.md, .csv.gz or .csv, or none for the sample.", e);
        }
        catch (UnauthorizedAccessException e)
        {
            throw new ReplayException($"'{path}' cannot be read: it is a folder, or its permissions do not allow it.", e);
        }
        catch (InvalidDataException e)
        {
            throw new ReplayException($"'{path}' is damaged gzip data, perhaps cut off while it was copied. Fetch it again.", e);
        }
        catch (DecoderFallbackException e)
        {
            throw new ReplayException($"'{path}' is not UTF-8 text.", e);
        }
        catch (IOException e)
        {
            throw new ReplayException($"'{path}' cannot be read: {e.Message}", e);
        }
    }

    private static Stream Unpacked(FileStream file, string path)
    {
        var (first, second) = (file.ReadByte(), file.ReadByte());
        file.Position = 0;
        if (first == 0x1f && second == 0x8b) return Inflated(file);
        if (IsPacked(path))
            throw new ReplayException($"'{path}' is called .gz but is not gzip data. Fetch it again, or rename it if it is plain CSV.");
        return file;
    }

    // A gzip stream that was cut off simply ends, so its length is compared with the one that its last four bytes give.
    private static MemoryStream Inflated(FileStream file)
    {
        var content = new MemoryStream();
        using (var gzip = new GZipStream(file, CompressionMode.Decompress, leaveOpen: true)) gzip.CopyTo(content);
        Span<byte> length = stackalloc byte[sizeof(uint)];
        file.Position = Math.Max(0, file.Length - length.Length);
        if (file.ReadAtLeast(length, length.Length, throwOnEndOfStream: false) < length.Length
            || BinaryPrimitives.ReadUInt32LittleEndian(length) != (uint)content.Length) throw new InvalidDataException();
        content.Position = 0;
        return content;
    }

    private static List<RetailRow> Parse(TextReader text, string path)
    {
        using var csv = new CsvReader(text, new CsvConfiguration(CultureInfo.InvariantCulture) { BadDataFound = null });
        if (!csv.Read() || !csv.ReadHeader())
            throw new ReplayException($"'{path}' is empty; its first line must be {string.Join(',', Columns)}.");
        var header = csv.HeaderRecord ?? [];
        var missing = Columns.Except(header).ToList();
        if (missing.Count > 0)
        {
            throw new ReplayException(
                $"'{path}' is not a file of the Online Retail data: its first line lacks {string.Join(", ", missing)}. " +
                $"It must be {string.Join(',', Columns)}.");
        }
        var at = Columns.Select(c => Array.IndexOf(header, c)).ToArray();
        var rows = new List<RetailRow>();
        while (csv.Read())
        {
            if (csv.Parser.Count != header.Length)
            {
                throw new ReplayException(
                    $"'{path}', line {csv.Parser.RawRow}: {csv.Parser.Count} fields where the header has {header.Length}.");
            }
            rows.Add(ToRow(new Fields(path, csv.Parser.RawRow, [.. at.Select(i => csv.Parser[i])])));
        }
        return rows.Count > 0 ? rows : throw new ReplayException($"'{path}' has a header but no rows.");
    }

    private static RetailRow ToRow(Fields fields)
    {
        var invoice = fields[0].Trim();
        if (invoice.Length is 0 or > 40 || !invoice.All(char.IsAsciiLetterOrDigit)) throw fields.Bad(0, "letters and digits");
        var sku = fields[1].Trim();
        if (sku.Length is 0 or > 64 || sku.Any(c => c is < ' ' or > '~' or '/' or '\\' or '"'))
            throw fields.Bad(1, "a stock code of at most 64 plain characters");
        if (!long.TryParse(fields[3], NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var quantity)
            || quantity == 0 || Math.Abs(quantity) > 1_000_000)
            throw fields.Bad(3, "a whole number other than zero, at most a million");
        if (!DateTimeOffset.TryParseExact(
            fields[4], "yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var time))
            throw fields.Bad(4, "a time such as 2010-12-01 08:26:00");
        if (!decimal.TryParse(fields[5], NumberStyles.Float, CultureInfo.InvariantCulture, out var pounds)
            || Math.Abs(pounds) > 1_000_000_000)
            throw fields.Bad(5, "a price in pounds");
        // Some copies of the data write customer 17850 as 17850.0.
        var customer = fields[6].EndsWith(".0", StringComparison.Ordinal) ? fields[6][..^2] : fields[6].Trim();
        if (customer.Length > 40 || !customer.All(char.IsAsciiDigit)) throw fields.Bad(6, "a customer number, or nothing");
        return new(
            fields.Line, invoice, sku, fields[2].Trim(), quantity, time, Plain(pounds * 100), customer.Length == 0 ? null : customer,
            fields[7].Trim());
    }

    // 255.00 and 255 are one price: they are compared, and are part of idempotent requests.
    private static decimal Plain(decimal value) => value / 1.0000000000000000000000000000m;

    private static string DigestOf(List<RetailRow> rows)
    {
        using var digest = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var row in rows)
        {
            digest.AppendData(Encoding.UTF8.GetBytes(string.Create(
                CultureInfo.InvariantCulture,
                $"{row.InvoiceNo}|{row.Sku}|{row.Description}|{row.Quantity}|{row.At:O}|{row.UnitPrice}|{row.Customer}|{row.Country}\n")));
        }
        return Convert.ToHexStringLower(digest.GetHashAndReset())[..12];
    }

    private sealed record Fields(string Path, int Line, string[] Values)
    {
        public string this[int column] => Values[column];

        public ReplayException Bad(int column, string wanted) =>
            new($"'{Path}', line {Line}: {Columns[column]} is '{Values[column]}'; it must be {wanted}.");
    }
}
