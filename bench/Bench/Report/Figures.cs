using System.Globalization;

namespace Commerce.Bench;

/// <summary>Medians, and how far the rounds lie apart.</summary>
internal static class Figures
{
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
        var ratios = of.Zip(to, (a, b) => a / b).ToList();
        return (ratios.Min(), Median(ratios), ratios.Max());
    }

    /// <summary>The median, and in brackets the least and the most.</summary>
    public static string Spread(IReadOnlyList<double> values, string format) =>
        $"{Text(Median(values), format)} ({Text(values.Min(), format)} to {Text(values.Max(), format)})";

    private static string Text(double value, string format) => value.ToString(format, CultureInfo.InvariantCulture);
}
