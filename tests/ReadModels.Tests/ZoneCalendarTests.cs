using Xunit;

namespace Commerce.ReadModels.Tests;

public sealed class ZoneCalendarTests
{
    [Theory]
    [InlineData("UTC", "2026-03-29", "2026-03-29T00:00:00Z")]
    [InlineData("Europe/London", "2026-03-29", "2026-03-29T00:00:00Z")]
    [InlineData("Europe/London", "2026-03-30", "2026-03-29T23:00:00Z")]
    [InlineData("America/New_York", "2026-03-10", "2026-03-10T04:00:00Z")]
    [InlineData("Asia/Kathmandu", "2026-03-10", "2026-03-09T18:15:00Z")]
    [InlineData("America/Santiago", "2024-09-08", "2024-09-08T04:00:00Z")] // from 0:00 the clocks go to 1:00
    [InlineData("America/Havana", "2024-11-03", "2024-11-03T04:00:00Z")] // from 1:00 they go back to 0:00
    [InlineData("Pacific/Apia", "2011-12-30", "2011-12-30T10:00:00Z")] // a day that was left out
    public void A_day_begins_with_its_first_instant(string zone, string day, string start)
    {
        var calendar = ZoneCalendar.Of(zone)!;
        var at = calendar.Start(DateOnly.Parse(day));
        Assert.Equal(DateTimeOffset.Parse(start), at);
        Assert.True(calendar.DayOf(at) >= DateOnly.Parse(day));
        Assert.True(calendar.DayOf(at.AddTicks(-1)) < DateOnly.Parse(day));
    }

    [Theory]
    [InlineData("europe/london", "Europe/London")]
    [InlineData("new york", "America/New_York")]
    [InlineData("UTC+1", null)]
    [InlineData("", null)]
    [InlineData("BST", null)]
    public void A_name_that_no_zone_has_is_refused_with_the_one_that_was_meant(string name, string? meant)
    {
        Assert.Null(ZoneCalendar.Of(name));
        Assert.Equal(meant, ZoneCalendar.Resembling(name));
    }

    [Fact]
    public void Every_day_of_these_years_begins_at_a_quarter_of_an_hour()
    {
        string[] zones = ["Europe/London", "Asia/Kolkata", "Australia/Lord_Howe", "Pacific/Chatham", "Asia/Kathmandu", "Africa/Monrovia"];
        foreach (var calendar in zones.Select(z => ZoneCalendar.Of(z)!))
        for (var day = new DateOnly(2000, 1, 1); day.Year < 2030; day = day.AddDays(1))
            Assert.Equal(calendar.Start(day), SqlValues.Slot(calendar.Start(day)));
    }
}
