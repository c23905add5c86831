using Commerce.Bench.Sections;

namespace Commerce.Bench.Tests;

/// <summary>Results as a run would give them.</summary>
internal static class Made
{
    public static readonly Surroundings Machine = new(
        2, 8_000_000_000, "Linux (X64)", ".NET 10.0.0", "16.4", new DateTimeOffset(2026, 3, 1, 12, 0, 0, TimeSpan.Zero), "0123abc", true);

    public static Results Results(params IReadOnlyList<SectionResult> sections) =>
        new(Commerce.Bench.Results.Present, Machine, Settings.InMinutes with { Rounds = 3, Time = TimeSpan.FromSeconds(3) }, sections);

    public static SectionResult Section(string name, params IReadOnlyList<Sheet> sheets) => new(
        name, "What it answers.", 12,
        new Findings(
            sheets, [new Chart("Orders to cash a second", "orders/s", [new Bar("single", 1, 2, 3)])], new { single = 7 }, "one\nfailed"));

    public static Sheet Sheet(string title, string row, params IReadOnlyList<string> cells) =>
        new(title, ["", .. cells.Select((_, n) => n == 0 ? "orders a second" : $"column {n}")], [[row, .. cells]]);

    /// <summary>A round of so many orders that took so many milliseconds each.</summary>
    public static Round Round(string subject, int orders, double latency, int errors = 0) => new(
        subject, new Loaded(2, [.. Enumerable.Repeat(latency, orders)], errors, errors > 0 ? "no" : null),
        new Usage(0.2, 0.1, 600, 4000, 100_000, 50_000_000));
}
