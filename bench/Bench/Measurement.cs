using Commerce.Bench.Sections;
using Commerce.LocalPostgres;
using Spectre.Console;

namespace Commerce.Bench;

/// <summary>What somebody wants measured.</summary>
/// <param name="Sections">Which, in their order.</param>
/// <param name="Settings">How much.</param>
/// <param name="Programs">The folder of the built programs.</param>
/// <param name="Root">The repository.</param>
/// <param name="Whole">Everything, as long as good figures take: then they are the repository's own results.</param>
/// <param name="Out">Where results are to go; null: where they usually go.</param>
/// <param name="Compare">Results of before; null: none.</param>
/// <param name="Json">Whether to end with everything in one line.</param>
internal sealed record Wishes(
    IReadOnlyList<ISection> Sections, Settings Settings, string Programs, string Root, bool Whole, string? Out, string? Compare, bool Json);

/// <summary>One run: each section after the other, on the screen at once, in files at the end.</summary>
internal sealed class Measurement(Wishes wishes)
{
    private const int Measured = 0;
    private const int Failed = 1;
    private const int Stopped = 130;

    private readonly IAnsiConsole _screen = Screen.OfOutput();
    private IReadOnlyList<string> _kept = []; // files of the sections so far: a whole run is long, and may be broken off

    /// <summary>Measures; the result is the exit code.</summary>
    public async Task<int> Run(CancellationToken cancel)
    {
        try
        {
            var before = wishes.Compare is { } file ? Results.Read(file) : null;
            ResultFolder.Prepare(Folder(wishes.Whole));
            var results = await Measure(cancel);
            if (before is not null) Show(before, results);
            // What broke off is looked at, and not kept as the repository's own result.
            var broken = results.Sections.Any(s => s.Found.Sheets.Count == 0);
            var written = ResultFolder.Write(Folder(wishes.Whole && !broken), results);
            Console.WriteLine($"Written: {string.Join(", ", written.Select(Here))}");
            if (wishes.Json) Console.WriteLine(results.ToJson(indented: false));
            return results.Sections.Any(s => s.Found.Problem is not null) ? Failed : Measured;
        }
        catch (OperationCanceledException) when (cancel.IsCancellationRequested)
        {
            await Console.Error.WriteLineAsync(
                _kept is [var page, ..] ? $"Stopped. The sections before are in {Here(page)}." : "Stopped. Nothing was written.");
            return Stopped;
        }
        catch (BenchException problem)
        {
            await Console.Error.WriteLineAsync(problem.Message);
            return Failed;
        }
    }

    private async Task<Results> Measure(CancellationToken cancel)
    {
        var timetable = new Timetable(Known(), [.. wishes.Sections.Select(s => s.Name)], Console.Error.WriteLine);
        var bench = new Workbench(wishes.Programs, wishes.Settings, timetable.Tell);
        var machine = Surroundings.Of(wishes.Root, DateTimeOffset.UtcNow);
        var all = new List<SectionResult>();
        Results SoFar() => new(Results.Present, machine with { Postgres = bench.Postgres }, wishes.Settings, all);
        await using var grown = bench.Grown;
        foreach (var (n, section) in wishes.Sections.Index())
        {
            timetable.Begin();
            var found = await Measure(section, bench, cancel);
            await grown.Stop();
            if (!wishes.Sections.Skip(n + 1).Any(s => s.OnManyOrders)) await grown.DisposeAsync(); // it would only disturb the others
            all.Add(new SectionResult(section.Name, section.About, timetable.End(), found));
            Screen.Print(_screen, found);
            if (n < wishes.Sections.Count - 1)
                _kept = ResultFolder.Write(Folder(whole: false), SoFar());
        }

        return SoFar();
    }

    // A section that cannot be measured does not take the others with it. What its processes said is for the terminal only: it may
    // name folders of this machine.
    private static async Task<Findings> Measure(ISection section, Workbench bench, CancellationToken cancel)
    {
        try
        {
            return await section.Measure(bench, cancel);
        }
        catch (Exception problem) when (problem is BenchException or LocalPostgresException && !cancel.IsCancellationRequested)
        {
            await Console.Error.WriteLineAsync(problem.Message);
            return new Findings([], [], new { }, $"Not measured: {problem.Message.Split('\n')[0]}");
        }
    }

    private string Folder(bool whole) => wishes.Out ?? ResultFolder.Usual(wishes.Root, whole);

    private static string Here(string file) =>
        Path.GetRelativePath(Directory.GetCurrentDirectory(), file) is var near && near.StartsWith("..", StringComparison.Ordinal)
            ? Path.GetFullPath(file)
            : near;

    private void Show(Results before, Results now)
    {
        foreach (var doubt in Comparison.Doubts(before, now)) Console.WriteLine(doubt);
        foreach (var sheet in Comparison.Of(before, now)) Screen.Print(_screen, new Findings([sheet], [], new { }));
    }

    /// <summary>How long each section took the last time, with these settings.</summary>
    private Dictionary<string, double> Known()
    {
        try
        {
            var last = Results.Read(Path.Combine(ResultFolder.Usual(wishes.Root, wishes.Whole), ResultFolder.Json));
            var same = last.Settings.Quick == wishes.Settings.Quick && last.Settings.Rounds == wishes.Settings.Rounds
                && last.Settings.Time == wishes.Settings.Time && last.Settings.Only.SequenceEqual(wishes.Settings.Only);
            return same ? last.Sections.ToDictionary(s => s.Name, s => s.Seconds) : [];
        }
        catch (BenchException)
        {
            return []; // the first one
        }
    }
}
