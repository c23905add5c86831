namespace Commerce.Kernel;

/// <summary>The days of one time zone, for lists and reports that are asked for by day.</summary>
public interface ICalendar
{
    /// <summary>The zone's name in the IANA time zone database: <c>Europe/London</c>.</summary>
    string TimeZone { get; }

    /// <summary>The first instant of a day, which is not midnight where clocks are moved then.</summary>
    DateTimeOffset Start(DateOnly day);

    /// <summary>The day that an instant lies in.</summary>
    DateOnly DayOf(DateTimeOffset at);
}
