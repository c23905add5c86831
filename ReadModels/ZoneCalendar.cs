using Commerce.Kernel;
using NodaTime;

namespace Commerce.ReadModels;

/// <summary>The days of a time zone, by the IANA database that comes with the program: every process has the same days.</summary>
public sealed class ZoneCalendar : ICalendar
{
    public static readonly ZoneCalendar Utc = new(DateTimeZone.Utc, "UTC");

    private readonly DateTimeZone _zone;

    private ZoneCalendar(DateTimeZone zone, string name) => (_zone, TimeZone) = (zone, name);

    public string TimeZone { get; }

    /// <summary>The days of the zone with this name, or null when there is none.</summary>
    public static ZoneCalendar? Of(string name) => name == Utc.TimeZone ? Utc
        : DateTimeZoneProviders.Tzdb.Ids.Contains(name) ? new(DateTimeZoneProviders.Tzdb[name], name)
        : null;

    /// <summary>The name that was probably meant: one that differs in letter case, or has this as its last part.</summary>
    public static string? Resembling(string name) => DateTimeZoneProviders.Tzdb.Ids.FirstOrDefault(id =>
        id.Equals(name, StringComparison.OrdinalIgnoreCase)
        || id.EndsWith("/" + name.Trim().Replace(' ', '_'), StringComparison.OrdinalIgnoreCase));

    public DateTimeOffset Start(DateOnly day)
    {
        var date = LocalDate.FromDateOnly(day);
        try
        {
            return _zone.AtStartOfDay(date).ToInstant().ToDateTimeOffset();
        }
        catch (SkippedTimeException) // where a country moved over the date line
        {
            return _zone.AtStartOfDay(date.PlusDays(1)).ToInstant().ToDateTimeOffset();
        }
    }

    public DateOnly DayOf(DateTimeOffset at) => Instant.FromDateTimeOffset(at).InZone(_zone).Date.ToDateOnly();
}
