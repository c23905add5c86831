using System.Xml.Linq;
using Commerce.Bench.Sections;
using Xunit;

namespace Commerce.Bench.Tests;

public sealed class SvgTests
{
    private static readonly XNamespace Space = "http://www.w3.org/2000/svg";

    [Fact]
    public void A_chart_is_well_formed_and_says_its_values_as_text()
    {
        Bar[] bars = [new("single", 900, 1234.4, 1500), new("\"plain\"", 0.5, 1.25, 2)];
        var root = Read(new Chart("Orders <to> cash & back", "orders/s", bars));
        Assert.Equal("Orders <to> cash & back, orders/s", root.Element(Space + "title")!.Value);
        Assert.Equal("single: 1,234, from 900 to 1,500; \"plain\": 1.25, from 0.50 to 2.00", root.Element(Space + "desc")!.Value);
        Assert.Equal(
            ["Orders <to> cash & back, orders/s", "single", "1,234", "\"plain\"", "1.25"],
            root.Elements(Space + "text").Select(t => t.Value));
    }

    [Fact]
    public void A_bar_is_as_long_as_its_median_and_its_line_goes_from_the_least_to_the_most()
    {
        var root = Read(new Chart("Length", "ms", [new Bar("a", 10, 20, 40), new Bar("b", 10, 10, 10)]));
        double[] widths = [.. root.Elements(Space + "rect").Select(r => (double)r.Attribute("width")!)];
        Assert.Equal(2, widths[0] / widths[1], 0.01);
        var start = (double)root.Elements(Space + "rect").First().Attribute("x")!;
        var path = root.Elements(Space + "path").First().Attribute("d")!.Value;
        Assert.StartsWith($"M{start + (widths[0] / 2):0.#} ", path);
        Assert.Contains($"H{start + (widths[0] * 2):0.#}M", path);
    }

    [Fact]
    public void A_chart_is_readable_in_dark_mode_and_by_who_cannot_see_it_and_runs_nothing()
    {
        var root = Read(new Chart("Any", "s", [new Bar("a", 1, 2, 3)]));
        Assert.Equal("img", root.Attribute("role")!.Value);
        Assert.Equal("title desc", root.Attribute("aria-labelledby")!.Value);
        Assert.Contains("prefers-color-scheme: dark", root.Element(Space + "style")!.Value);
        Assert.Empty(root.Descendants(Space + "script"));
        Assert.DoesNotContain(root.DescendantsAndSelf().Attributes(), a => a.Name.LocalName.StartsWith("on", StringComparison.Ordinal));
    }

    [Fact]
    public void What_was_not_measured_has_no_bar_and_says_so()
    {
        var root = Read(new Chart("Any", "s", [Figures.BarOf("none of it", []), Figures.BarOf("zero", [0])]));
        Assert.Single(root.Elements(Space + "rect"));
        Assert.Contains("none of it: not measured", root.Element(Space + "desc")!.Value);
        Assert.DoesNotContain("NaN", root.ToString());
    }

    private static XElement Read(Chart chart) => XDocument.Parse(Svg.Of(chart)).Root!;
}
