using System.Globalization;
using System.Xml.Linq;
using Commerce.Bench.Sections;

namespace Commerce.Bench;

/// <summary>A chart as a picture: a bar to the median, a line from the least to the most, and the median as text.</summary>
internal static class Svg
{
    private const int Width = 760;
    private const int LabelWidth = 170;
    private const int ValueWidth = 110;
    private const int Top = 48;
    private const int RowHeight = 34;
    private const int BarHeight = 18;
    private const double LetterWidth = 7.5;

    // Colours that stand out from white and from black; text follows the reader's mode.
    private const string Style = """
        text { font: 14px system-ui, sans-serif; fill: #1f2328; } .title { font-weight: 600; }
        .bar { fill: #3b7dd8; } .spread { stroke: #1f2328; stroke-width: 1.5; fill: none; }
        @media (prefers-color-scheme: dark) { text { fill: #e6edf3; } .spread { stroke: #e6edf3; } }
        """;

    private static readonly XNamespace Space = "http://www.w3.org/2000/svg";

    /// <summary>The file's text.</summary>
    public static string Of(Chart chart)
    {
        var most = chart.Bars.Select(b => b.Most).Where(double.IsFinite).Append(0).Max();
        var labels = Math.Max(LabelWidth, 30 + (int)(LetterWidth * chart.Bars.Select(b => b.Label.Length).Append(0).Max()));
        var room = Width - labels - ValueWidth;
        double X(double value) => labels + (most > 0 ? value / most * room : 0);
        var height = Top + (chart.Bars.Count * RowHeight) + 12;
        var root = new XElement(
            Space + "svg", new XAttribute("viewBox", $"0 0 {Width} {height}"), new XAttribute("width", Width),
            new XAttribute("height", height), new XAttribute("role", "img"), new XAttribute("aria-labelledby", "title desc"),
            new XElement(Space + "title", new XAttribute("id", "title"), $"{chart.Title}, {chart.Unit}"),
            new XElement(Space + "desc", new XAttribute("id", "desc"), Told(chart)),
            new XElement(Space + "style", Style),
            Text(16, 26, $"{chart.Title}, {chart.Unit}", "title"),
            chart.Bars.SelectMany((bar, n) => Row(bar, Top + (n * RowHeight), labels, X)));
        return new XDocument(root) + "\n";
    }

    private static IEnumerable<XElement> Row(Bar bar, int top, int labels, Func<double, double> x)
    {
        var (middle, base_) = (top + (RowHeight / 2), top + (RowHeight / 2) + 5);
        yield return Text(labels - 10, base_, bar.Label, "label", "end");
        if (!double.IsFinite(bar.Middle))
        {
            yield return Text(labels + 6, base_, Figures.None, "value");
            yield break;
        }

        yield return new XElement(
            Space + "rect", new XAttribute("class", "bar"), Place("x", labels), Place("y", middle - (BarHeight / 2)),
            Place("width", x(bar.Middle) - labels), new XAttribute("height", BarHeight), new XAttribute("rx", 2));
        var (least, most) = (Finite(bar.Least, bar.Middle), Finite(bar.Most, bar.Middle));
        yield return new XElement(
            Space + "path", new XAttribute("class", "spread"),
            new XAttribute(
                "d", $"M{Text(x(least))} {middle - 5}v10M{Text(x(least))} {middle}H{Text(x(most))}M{Text(x(most))} {middle - 5}v10"));
        yield return Text(x(most) + 10, base_, Value(bar.Middle), "value");
    }

    private static string Told(Chart chart) =>
        string.Join("; ", chart.Bars.Select(b => double.IsFinite(b.Middle)
            ? $"{b.Label}: {Value(b.Middle)}, from {Value(b.Least)} to {Value(b.Most)}"
            : $"{b.Label}: not measured"));

    private static double Finite(double value, double otherwise) => double.IsFinite(value) ? value : otherwise;

    private static XElement Text(double x, double y, string text, string kind, string anchor = "start") => new(
        Space + "text", Place("x", x), Place("y", y), new XAttribute("class", kind), new XAttribute("text-anchor", anchor), text);

    private static XAttribute Place(string name, double value) => new(name, Text(value));

    private static string Text(double value) => value.ToString("0.#", CultureInfo.InvariantCulture);

    private static string Value(double value) => Math.Abs(value) switch
    {
        >= 100 => value.ToString("#,0", CultureInfo.InvariantCulture),
        >= 10 => value.ToString("0.0", CultureInfo.InvariantCulture),
        _ => value.ToString("0.00#", CultureInfo.InvariantCulture),
    };
}
