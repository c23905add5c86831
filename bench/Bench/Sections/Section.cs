namespace Commerce.Bench.Sections;

/// <summary>One question that the bench answers.</summary>
internal interface ISection
{
    /// <summary>As it is named on the command line and in the results.</summary>
    string Name { get; }

    /// <summary>What it answers, in a line.</summary>
    string About { get; }

    /// <summary>Whether it looks at installations with many orders, which sections share.</summary>
    bool OnManyOrders => false;

    /// <summary>Measures.</summary>
    /// <exception cref="BenchException">Something did not go as it should.</exception>
    Task<Findings> Measure(Workbench bench, CancellationToken cancel);
}

/// <summary>All of them, in the order in which they run.</summary>
internal static class AllSections
{
    public static readonly IReadOnlyList<ISection> InOrder =
    [
        new Orders(),
        new Growth(),
        new Reads(),
        new Lag(),
        new Start(),
        new Micro(),
    ];
}

/// <summary>What a section found.</summary>
/// <param name="Sheets">For a person.</param>
/// <param name="Charts">For a person who would rather look.</param>
/// <param name="Raw">For a program: every single measurement.</param>
/// <param name="Problem">What must not be, such as an order that failed; null: nothing.</param>
internal sealed record Findings(IReadOnlyList<Sheet> Sheets, IReadOnlyList<Chart> Charts, object Raw, string? Problem = null)
{
    /// <summary>What is told of the first load in which something failed; null: none did.</summary>
    public static string? Failed(IEnumerable<(string Of, Loaded Load)> loads, string what = "orders failed") => loads
        .Where(l => l.Load.Errors > 0).Select(l => $"{l.Of}: {l.Load.Errors} {what}. The first: {l.Load.FirstError}").FirstOrDefault();
}

/// <summary>A table; the first column says what its row is.</summary>
internal sealed record Sheet(string Title, IReadOnlyList<string> Columns, IReadOnlyList<IReadOnlyList<string>> Rows);

/// <summary>Horizontal bars, a row each, with the least and the most of what was measured.</summary>
internal sealed record Chart(string Title, string Unit, IReadOnlyList<Bar> Bars);

/// <summary>One bar of a chart.</summary>
internal sealed record Bar(string Label, double Least, double Middle, double Most);
