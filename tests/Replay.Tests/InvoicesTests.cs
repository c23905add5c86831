using Xunit;

namespace Commerce.Replay.Tests;

public sealed class InvoicesTests
{
    [Fact]
    public void An_invoice_counts_at_the_time_of_its_first_line_even_where_its_lines_lie_apart()
    {
        var invoices = Invoice.Of(Rows.Lines(
            "1,22423,,1,2010-12-01 23:59:00,1,7.0,EIRE",
            "2,22423,,1,2010-12-01 23:59:00,1,8.0,EIRE",
            "1,22423,,1,2010-12-02 00:00:00,1,7.0,EIRE").Rows);
        Assert.Equal(["1", "2"], invoices.Select(i => i.No));
        Assert.Equal(new DateOnly(2010, 12, 1), invoices[0].Day);
        Assert.Equal(new Totals(2, 1, 2, 200), invoices[0].Totals);
    }

    [Theory]
    [InlineData("536365,22423,,2,2010-12-01 08:26:00,1,,EIRE", "536365,22423,,-2,2010-12-01 08:26:00,0,,EIRE", "mixes kinds")]
    [InlineData("A1,B,,1,2010-12-01 08:26:00,1,,EIRE", "A1,B,,1,2010-12-01 08:26:00,-1,,EIRE", "mixes kinds")]
    [InlineData("536365,22423,,2,2010-12-01 08:26:00,1,7.0,EIRE", "536365,22423,,2,2010-12-01 08:26:00,1,8.0,EIRE", "two customers")]
    [InlineData("536365,22423,,2,2010-12-01 08:26:00,1,,EIRE", "536366,22423,,-2,2010-12-01 08:26:00,1,,EIRE", "Line 3: invoice 536366")]
    [InlineData("536365,22423,,2,2010-12-01 08:26:00,1,,EIRE", "C536366,22423,,2,2010-12-01 08:26:00,1,,EIRE", "Line 3: invoice C536366")]
    [InlineData("536365,22423,,2,2010-12-01 08:26:00,1,,EIRE", "X7,22423,,2,2010-12-01 08:26:00,1,,EIRE", "Line 3: invoice X7")]
    public void What_is_no_known_kind_of_invoice_is_refused_before_anything_is_sent(string first, string second, string message)
    {
        var rows = Rows.Lines(first, second).Rows;
        Assert.Contains(message, Assert.Throws<ReplayException>(() => Invoice.Of(rows)).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("EIRE", "IE")]
    [InlineData("Channel Islands", "JE")]
    [InlineData("RSA", "ZA")]
    [InlineData("USA", "US")]
    [InlineData("Unspecified", "ZZ")]
    [InlineData("European Community", "ZZ")]
    public void Countries_are_sent_as_their_iso_codes(string name, string code) => Assert.Equal(code, Countries.Code(name));
}
