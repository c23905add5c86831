using System.IO.Compression;
using System.Text;
using Xunit;

namespace Commerce.Replay.Tests;

public sealed class RowsTests
{
    private const string Line = "536365,85123A, WHITE \"HEART\" ,6,2010-12-01 08:26:00,2.55,17850.0,United Kingdom";

    [Fact]
    public void A_row_is_read_as_it_is_meant()
    {
        const string line = "536365,85123A,\" WHITE, \"\"HEART\"\" \",6,2010-12-01 08:26:00,2.550,17850.0,United Kingdom";
        var at = new DateTimeOffset(2010, 12, 1, 8, 26, 0, TimeSpan.Zero);
        var row = Assert.Single(Rows.Lines(line).Rows);
        Assert.Equal(new(2, "536365", "85123A", "WHITE, \"HEART\"", 6, at, 255m, "17850", "United Kingdom"), row);
        Assert.Equal("255", row.UnitPrice.ToString(System.Globalization.CultureInfo.InvariantCulture));
        Assert.Equal(1530, row.Pence);
    }

    [Theory]
    [InlineData(5, 0)]
    [InlineData(15, 2)]
    [InlineData(-25, -2)]
    public void Half_a_penny_goes_to_the_even_one(int quantity, long pence) => Assert.Equal(
        pence, Rows.Lines($"{(quantity < 0 ? "C" : "")}1,PADS,,{quantity},2010-12-01 08:26:00,0.001,,EIRE").Rows[0].Pence);

    [Fact]
    public void Packed_and_plain_copies_have_the_same_digest()
    {
        var csv = Encoding.UTF8.GetBytes(Rows.Header + "\n" + Line.Replace("\"", "", StringComparison.Ordinal) + "\n");
        var plain = Rows.With(csv, "a.csv", RetailFile.Read);
        var packed = Rows.With(Packed(csv), "b.csv.gz", RetailFile.Read);
        Assert.Equal(plain.Digest, packed.Digest);
        Assert.NotEqual(plain.Digest, Rows.Lines("536365,85123A,,7,2010-12-01 08:26:00,2.55,17850.0,United Kingdom").Digest);
    }

    [Theory]
    [InlineData("536365,85123A,x,six,2010-12-01 08:26:00,2.55,,EIRE", "line 2: Quantity is 'six'")]
    [InlineData("536365,85123A,x,0,2010-12-01 08:26:00,2.55,,EIRE", "line 2: Quantity is '0'")]
    [InlineData("536365,85123A,x,1,1/12/2010,2.55,,EIRE", "line 2: InvoiceDate is '1/12/2010'")]
    [InlineData("536365,85123A,x,1,2010-12-01 08:26:00,free,,EIRE", "line 2: UnitPrice is 'free'")]
    [InlineData("536365,85123A,x,1,2010-12-01 08:26:00,1,Bob,EIRE", "line 2: CustomerID is 'Bob'")]
    [InlineData("536365,,x,1,2010-12-01 08:26:00,1,,EIRE", "line 2: StockCode is ''")]
    [InlineData("536365,85123A,x,1,2010-12-01 08:26:00", "line 2: 5 fields where the header has 8")]
    public void A_bad_value_is_named_with_its_line(string line, string message) =>
        Assert.Contains(message, Assert.Throws<ReplayException>(() => Rows.Lines(line)).Message, StringComparison.Ordinal);

    [Fact]
    public void A_file_that_cannot_be_used_says_why()
    {
        Assert.Contains("no file", Refused("", "missing.csv.gz", p => p + "x"), StringComparison.Ordinal);
        Assert.Contains("not gzip", Refused(Rows.Header, "named.csv.gz"), StringComparison.Ordinal);
        Assert.Contains("lacks InvoiceNo, StockCode", Refused("a,b,c\n1,2,3\n", "other.csv"), StringComparison.Ordinal);
        Assert.Contains("is empty", Refused("", "empty.csv"), StringComparison.Ordinal);
        Assert.Contains("no rows", Refused(Rows.Header + "\n", "header.csv"), StringComparison.Ordinal);
        Assert.Contains("folder", Refused("", "folder.csv", p => Path.GetDirectoryName(p)!), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(4)]
    [InlineData(40)]
    [InlineData(400)]
    public void A_truncated_file_is_not_taken_for_a_short_one(int missing)
    {
        var whole = Packed(Encoding.UTF8.GetBytes(new SampleMonth().Csv));
        var message = Assert.Throws<ReplayException>(() => Rows.With(whole[..^missing], "cut.csv.gz", RetailFile.Read)).Message;
        Assert.Contains("damaged gzip data", message, StringComparison.Ordinal);
    }

    private static string Refused(string content, string name, Func<string, string>? elsewhere = null) => Assert.Throws<ReplayException>(
        () => Rows.With(Encoding.UTF8.GetBytes(content), name, p => RetailFile.Read(elsewhere?.Invoke(p) ?? p))).Message;

    private static byte[] Packed(byte[] content)
    {
        var packed = new MemoryStream();
        using (var gzip = new GZipStream(packed, CompressionLevel.Fastest)) gzip.Write(content);
        return packed.ToArray();
    }
}
