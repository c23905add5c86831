using System.Globalization;
using Commerce.Bench.Sections;

namespace Commerce.Bench;

/// <summary>One figure beside what was asked of it.</summary>
/// <param name="What">What was compared.</param>
/// <param name="Measured">The figures that it comes from.</param>
/// <param name="Wanted">What was asked; empty: nothing.</param>
/// <param name="Got">What it is.</param>
/// <param name="Reached">Whether that is enough; null: nothing was asked.</param>
internal sealed record Goal(string What, string Measured, string Wanted, string Got, bool? Reached)
{
    /// <summary>Not above a limit.</summary>
    public static Goal AtMost(string what, string measured, double got, double limit, string format = "0.00", string unit = "times") =>
        new(what, measured, $"at most {Text(limit, format)} {unit}", $"{Text(got, format)} {unit}", got <= limit);

    /// <summary>Not below a limit.</summary>
    public static Goal AtLeast(string what, string measured, double got, double limit, string format = "0.00", string unit = "times") =>
        new(what, measured, $"at least {Text(limit, format)} {unit}", $"{Text(got, format)} {unit}", got >= limit);

    /// <summary>Nothing was asked, or it is what others are compared with.</summary>
    public static Goal Plain(string what, string measured) => new(what, measured, "", "", null);

    /// <summary>A table of them.</summary>
    public static Sheet Sheet(string title, IEnumerable<Goal> goals) => new(
        title, ["", "measured (median, least to most)", "wanted", "got", "reached"],
        [.. goals.Select(g => (string[])[g.What, g.Measured, g.Wanted, g.Got, g.Reached is { } yes ? yes ? "yes" : "no" : ""])]);

    private static string Text(double value, string format) => value.ToString(format, CultureInfo.InvariantCulture);
}
