using System.Globalization;
using Commerce.Bench.Sections;

namespace Commerce.Bench;

/// <summary>Figures beside what was asked of them.</summary>
/// <param name="What">What was measured.</param>
/// <param name="Figures">What it took, as its table's columns say.</param>
/// <param name="Wanted">What was asked; empty: nothing.</param>
/// <param name="Got">What it is.</param>
/// <param name="Reached">Whether that is enough; null: nothing was asked.</param>
internal sealed record Goal(string What, IReadOnlyList<string> Figures, string Wanted, string Got, bool? Reached)
{
    /// <summary>Not above a limit.</summary>
    public static Goal AtMost(string what, IReadOnlyList<string> figures, double got, double limit, string unit = "times") =>
        new(what, figures, $"at most {Text(limit)} {unit}", $"{Text(got)} {unit}", got <= limit);

    /// <summary>Not below a limit.</summary>
    public static Goal AtLeast(string what, IReadOnlyList<string> figures, double got, double limit, string unit = "times") =>
        new(what, figures, $"at least {Text(limit)} {unit}", $"{Text(got)} {unit}", got >= limit);

    /// <summary>Nothing was asked of it, or it is what others are compared with.</summary>
    public static Goal Plain(string what, IReadOnlyList<string> figures) => new(what, figures, "", "", null);

    /// <summary>A table of them.</summary>
    public static Sheet Sheet(string title, IReadOnlyList<string> columns, IEnumerable<Goal> goals) => new(
        title,
        ["", .. columns, "wanted", "got", "reached"],
        [
            .. goals.Select(g => (string[])
                [g.What, .. g.Figures, g.Wanted, g.Got, g.Reached switch { true => "yes", false => "no", null => "" }]),
        ]);

    private static string Text(double value) => value.ToString("0.00", CultureInfo.InvariantCulture);
}
