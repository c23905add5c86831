using Commerce.Kernel;

namespace Commerce.ApiGateway;

/// <summary>One end of a range of time in a query: an instant, or a whole day.</summary>
internal readonly record struct Moment(DateTimeOffset? Instant, DateOnly Day)
{
    /// <summary>One of either, or null.</summary>
    public static Moment? Read(string text)
    {
        if (Instants.TryParse(text.Replace(' ', '+'), out var instant)) // a plus sign that was not encoded arrives as a space
            return new Moment(instant, default);
        return Instants.TryParseDay(text, out var day) ? new Moment(null, day) : null;
    }

    /// <summary>The instant; of a day, its first, or the first after it.</summary>
    public DateTimeOffset In(ICalendar calendar, bool afterDay) => Instant ?? calendar.Start(Day.AddDays(afterDay ? 1 : 0));
}
