using Xunit;

namespace Commerce.Replay.Tests;

public sealed class MatchingTests
{
    private const string Sold = "1,22423,,4,2010-12-01 08:00:00,5,7.0,EIRE";

    [Theory]
    [InlineData("C2,22423,,-4,2010-12-01 09:00:00,5,7.0,EIRE", "1/1:4", 0)]
    [InlineData("C2,22423,,-1,2010-12-01 09:00:00,5,7.0,EIRE", "1/1:1", 0)]
    [InlineData("C2,22423,,-6,2010-12-01 09:00:00,5,7.0,EIRE", "1/1:4", 2)]
    [InlineData("C2,22423,,-4,2010-12-01 09:00:00,6,7.0,EIRE", "", 4)] // another price
    [InlineData("C2,22423,,-4,2010-12-01 09:00:00,5,8.0,EIRE", "", 4)] // another customer
    [InlineData("C2,22423,,-4,2010-12-01 09:00:00,5,,EIRE", "", 4)] // no customer
    [InlineData("C2,22423a,,-4,2010-12-01 09:00:00,5,7.0,EIRE", "", 4)] // another code
    [InlineData("C2,22423,,-4,2010-12-01 07:00:00,5,7.0,EIRE", "", 4)] // before it was sold
    public void A_cancellation_goes_back_to_an_earlier_order_of_the_same_customer_code_and_price(string line, string matches, long rest) =>
        Assert.Equal((matches, rest), Cancelled("C2", Sold, line).Single());

    [Fact]
    public void A_line_with_exactly_its_quantity_is_preferred_to_a_later_one() => Assert.Equal(
        [("1/1:4", 0)],
        Cancelled("C3", Sold, "2,22423,,9,2010-12-01 08:10:00,5,7.0,EIRE", "C3,22423,,-4,2010-12-01 09:00:00,5,7.0,EIRE"));

    [Fact]
    public void Otherwise_the_latest_lines_are_taken_one_after_the_other() => Assert.Equal(
        [("2/2:3 2/1:3 1/1:1", 0)],
        Cancelled(
            "C3", Sold, "2,22423,,3,2010-12-01 08:10:00,5,7.0,EIRE", "2,22423,,3,2010-12-01 08:10:00,5,7.0,EIRE",
            "C3,22423,,-7,2010-12-01 09:00:00,5,7.0,EIRE"));

    [Fact]
    public void No_unit_goes_back_twice() => Assert.Equal(
        [("1/1:3", 0), ("1/1:1", 2)],
        Cancelled("C2", Sold, "C2,22423,,-3,2010-12-01 09:00:00,5,7.0,EIRE", "C2,22423,,-3,2010-12-01 09:00:00,5,7.0,EIRE"));

    [Fact]
    public void Units_that_are_not_worth_whole_pence_are_not_matched()
    {
        const string when = "2010-12-01 08:00:00,0.001,7.0,EIRE";
        Assert.Equal([("", 5)], Cancelled("C2", $"1,PADS,,15,{when}", $"C2,PADS,,-5,{when}"));
        Assert.Equal([("1/1:10", 0)], Cancelled("C2", $"1,PADS,,20,{when}", $"C2,PADS,,-10,{when}"));
    }

    private static List<(string, long)> Cancelled(string invoice, params string[] lines) =>
    [
        .. Matching.Of(Invoice.Of(Rows.Lines(lines).Rows))[invoice]
            .Select(l => (string.Join(' ', l.Matches.Select(m => $"{m.Order.No}/{m.Line}:{m.Units}")), l.Rest)),
    ];
}
