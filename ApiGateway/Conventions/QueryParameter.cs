using System.Globalization;
using Commerce.Kernel;
using Commerce.ReadModels;

namespace Commerce.ApiGateway;

/// <summary>
/// A query parameter of an endpoint; all others are refused, so that a misspelt filter is not silently no filter.
/// </summary>
/// <param name="Name">In the URL.</param>
/// <param name="Description">For the documentation.</param>
/// <param name="Expected">What a value looks like, for the problem of a bad one.</param>
/// <param name="Words">The enum of the possible values, where they are few.</param>
internal abstract record QueryParameter(string Name, string Description, string Expected, Type? Words = null)
{
    /// <summary>As a schema of the document says it: <c>date</c>.</summary>
    public string? Format { get; init; }
}

/// <summary>With the way to read it.</summary>
/// <param name="Name">In the URL.</param>
/// <param name="Description">For the documentation.</param>
/// <param name="Expected">What a value looks like.</param>
/// <param name="Read">The value, or null when it is not one.</param>
/// <param name="Words">The enum of the possible values, where they are few.</param>
internal sealed record QueryParameter<T>(
    string Name, string Description, string Expected, Func<string, T?> Read, Type? Words = null)
    : QueryParameter(Name, Description, Expected, Words);

/// <summary>The kinds of query parameters.</summary>
internal static class Query
{
    private const int MaxLength = 200;

    /// <summary>How many items a page has at most.</summary>
    public static readonly QueryParameter<int?> Limit = new(
        "limit", $"Items of a page, 1 to {PageRequest.MaxLimit}; {PageRequest.DefaultLimit} when not given.",
        $"a whole number from 1 to {PageRequest.MaxLimit}",
        text => int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var n) && n is >= 1 and <= PageRequest.MaxLimit
            ? n
            : null);

    /// <summary>Where a page begins.</summary>
    public static readonly QueryParameter<string> Cursor = new(
        "cursor", "The value of 'next' of the page before.", "the value of 'next' of the page before",
        text => text.Length <= 2_000 ? text : null);

    /// <summary>Whose days a report has.</summary>
    public static readonly QueryParameter<ICalendar> TimeZone = new(
        "timezone", "Whose days: a name of the IANA time zone database, such as Europe/London. When not given, the shop's.",
        "a name of the IANA time zone database, such as Europe/London or UTC", ZoneCalendar.Of);

    public static QueryParameter<string> Words(string name, string description) =>
        new(name, description, $"1 to {MaxLength} characters", text => text.Length <= MaxLength && !text.Contains('\0') ? text : null);

    /// <summary>One of the words of an enum.</summary>
    public static QueryParameter<T?> OneOf<T>(string name, string description) where T : struct, Enum =>
        new(name, description, $"one of {string.Join(", ", EnumWords.Of(typeof(T)))}", EnumWords.Parse<T>, typeof(T));

    /// <summary>One of some words.</summary>
    public static QueryParameter<string> OneOf(string name, string description, IReadOnlyCollection<string> words) =>
        new(name, description, $"one of {string.Join(", ", words)}", text => words.Contains(text) ? text : null);

    /// <summary>Where a range of time begins: an instant, or a day.</summary>
    public static QueryParameter<Moment?> From(string description) => new(
        "from", $"{description} at or after this: an instant, or a day.",
        $"{Instants.Expected}, or a day such as 2010-12-01", Moment.Read);

    /// <summary>Where a range of time ends: before an instant, or with a day.</summary>
    public static QueryParameter<Moment?> To(string description) => new(
        "to", $"{description} before this instant, or up to this day with all of it.",
        $"{Instants.Expected}, or a day such as 2010-12-01, which is included", Moment.Read);

    public static QueryParameter<DateOnly?> Day(string name, string description) => new(
        name, description, "a day such as 2010-12-01", text => Instants.TryParseDay(text, out var day) ? day : null) { Format = "date" };
}

/// <summary>The query parameters of an endpoint.</summary>
internal sealed record Takes(IReadOnlyList<QueryParameter> Parameters)
{
    /// <summary>True for one of them.</summary>
    public bool Knows(string name) => Parameters.Any(p => p.Name == name);
}
