using Xunit;

namespace Commerce.Bench.Tests;

public sealed class TimetableTests
{
    [Fact]
    public void Who_waits_is_told_which_section_it_is_how_long_it_has_been_and_how_long_it_will_be()
    {
        var timetable = new Timetable(new Dictionary<string, double> { ["orders"] = 100, ["lag"] = 3600 }, ["orders", "lag"], _ => { });
        Assert.Equal("ready", timetable.Line("ready", TimeSpan.Zero, TimeSpan.Zero));
        timetable.Begin();
        Assert.Equal("[1 of 2, 0:40, about 1:01:00 left] orders: round 1", timetable.Line("round 1", Seconds(40), Seconds(40)));
        Assert.Equal("[1 of 2, 3:20, about 1:00:00 left] orders: round 9", timetable.Line("round 9", Seconds(200), Seconds(200)));
    }

    [Fact]
    public void Nothing_is_promised_while_a_section_is_to_come_that_was_never_measured()
    {
        var timetable = new Timetable(new Dictionary<string, double> { ["lag"] = 10 }, ["orders", "lag"], _ => { });
        timetable.Begin();
        Assert.Equal("[1 of 2, 0:01] orders: round 1", timetable.Line("round 1", Seconds(1), Seconds(1)));
        timetable.End();
        timetable.Begin();
        Assert.Equal("[2 of 2, 0:30, about 0:08 left] lag: round 1", timetable.Line("round 1", Seconds(30), Seconds(2)));
    }

    private static TimeSpan Seconds(int seconds) => TimeSpan.FromSeconds(seconds);
}
