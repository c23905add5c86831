using System.Globalization;
using Commerce.Bench.Sections;

namespace Commerce.Bench;

/// <summary>Medians, and how far the rounds lie apart.</summary>
internal static class Figures
{
    /// <summary>What stands where a figure would, when nothing was measured.</summary>
    public const string None = "none";

    /// <summary>The middle one; of an even number the mean of the two in the middle.</summary>
    public static double Median(IEnumerable<double> values)
    {
        var sorted = values.Order().ToList();
        if (sorted.Count == 0) return double.NaN;
        var middle = sorted.Count / 2;
        return sorted.Count % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
    }

    /// <summary>The smallest, the median and the largest ratio of two subjects' rounds, each round against its own neighbour.</summary>
    public static (double Least, double Middle, double Most) Ratio(IReadOnlyList<double> of, IReadOnlyList<double> to)
    {
        var ratios = Measured(of.Zip(to, (a, b) => a / b));
        return ratios.Count == 0 ? (double.NaN, double.NaN, double.NaN) : (ratios.Min(), Median(ratios), ratios.Max());
    }

    /// <summary>The median, and in brackets the least and the most; rounds in which nothing was done have no figure.</summary>
    public static string Spread(IReadOnlyList<double> values, string format)
    {
        var measured = Measured(values);
        return measured.Count == 0
            ? None
            : $"{Text(Median(measured), format)} ({Text(measured.Min(), format)} to {Text(measured.Max(), format)})";
    }

    /// <summary>The same as a bar of a chart.</summary>
    public static Bar BarOf(string label, IReadOnlyList<double> values)
    {
        var measured = Measured(values);
        return measured.Count == 0
            ? new Bar(label, double.NaN, double.NaN, double.NaN)
            : new Bar(label, measured.Min(), Median(measured), measured.Max());
    }

    /// <summary>Those that are figures: dividing by no orders gives none.</summary>
    public static IReadOnlyList<double> Measured(IEnumerable<double> values) => [.. values.Where(double.IsFinite)];

    /// <summary>As it is written in any language; <see cref="None"/> when there is no figure.</summary>
    public static string Text(double value, string format) =>
        double.IsFinite(value) ? value.ToString(format, CultureInfo.InvariantCulture) : None;
}
