namespace Commerce.Bench;

/// <summary>One question that the bench answers.</summary>
internal interface ISection
{
    /// <summary>Its name on the command line and in the results.</summary>
    string Name { get; }

    /// <summary>What it answers, in a sentence.</summary>
    string About { get; }

    /// <summary>Whether it uses prefilled databases.</summary>
    bool UsesPrefilled => false;

    /// <exception cref="BenchException">It cannot be measured.</exception>
    Task<SectionFindings> Measure(BenchContext bench, CancellationToken cancel);
}

/// <summary>The tables of a section, and what went wrong, such as an order that failed.</summary>
internal sealed record SectionFindings(IReadOnlyList<ResultTable> Tables, string? Problem = null);

/// <summary>All sections, in the order in which they run.</summary>
internal static class Sections
{
    public static readonly IReadOnlyList<ISection> All =
    [
        new OrdersSection(), new GrowthSection(), new ReadsSection(), new LagSection(), new StartSection(), new MicroSection(),
    ];
}
