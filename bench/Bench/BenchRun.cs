using Commerce.LocalPostgres;

namespace Commerce.Bench;

/// <summary>One run: section after section, with its tables on the terminal at once and in files at the end.</summary>
internal sealed class BenchRun(BenchOptions options)
{
    private const int Measured = 0;
    private const int Failed = 1;
    private const int Stopped = 130;

    private IReadOnlyList<string> _written = []; // a full run is long, so each section is written when it is done

    /// <summary>Measures; returns the exit code.</summary>
    public async Task<int> Run(CancellationToken cancel)
    {
        try
        {
            var before = options.Compare is { } file ? BenchResults.Read(file) : null;
            BenchResults.InFolder(Folder(options.IsFull), () => { }); // before an hour of measuring
            var results = await Measure(cancel);
            if (before is not null)
            {
                foreach (var doubt in Comparison.Doubts(before, results)) Console.WriteLine(doubt);
                foreach (var table in Comparison.Tables(before, results)) Print(table);
            }

            Console.WriteLine($"Written: {string.Join(", ", _written.Select(Shown))}");
            if (options.Json) Console.WriteLine(results.ToJson(indented: false));
            return results.Sections.Any(s => s.Problem is not null) ? Failed : Measured;
        }
        catch (OperationCanceledException) when (cancel.IsCancellationRequested)
        {
            await Console.Error.WriteLineAsync(
                _written is [var page, ..] ? $"Stopped. The sections before are in {Shown(page)}." : "Stopped. Nothing was written.");
            return Stopped;
        }
        catch (BenchException problem)
        {
            await Console.Error.WriteLineAsync(problem.Message);
            return Failed;
        }
    }

    private async Task<BenchResults> Measure(CancellationToken cancel)
    {
        await using var bench = new BenchContext(options, Console.Error.WriteLine);
        var environment = EnvironmentInfo.Read(options.Root, DateTimeOffset.UtcNow);
        var results = new BenchResults(BenchResults.PresentFormat, environment, options, []);
        foreach (var (n, section) in options.Sections.Index())
        {
            var (since, rest) = (TimeProvider.System.GetTimestamp(), options.Sections.Skip(n + 1).ToList());
            bench.Section = section.Name;
            var found = await Measure(section, bench, cancel);
            await bench.StopPrefilled();
            if (!rest.Any(s => s.UsesPrefilled)) await bench.DisposeAsync(); // it would only disturb the others
            foreach (var table in found.Tables) Print(table);
            if (found.Problem is { } problem) Console.WriteLine(problem);
            var seconds = TimeProvider.System.GetElapsedTime(since).TotalSeconds;
            results = results with
            {
                Environment = environment with { Postgres = bench.PostgresVersion },
                Sections = [.. results.Sections, new SectionResult(section.Name, section.About, seconds, found.Tables, found.Problem)],
            };
            // A full run that is not complete, or in which a section could not be measured, does not become the repository's result.
            var full = options.IsFull && rest.Count == 0 && results.Sections.All(s => s.Tables.Count > 0);
            _written = results.Write(Folder(full));
        }

        return results;
    }

    /// <summary>A section that fails does not end the others. What processes say may name folders, so only the terminal shows it.</summary>
    private static async Task<SectionFindings> Measure(ISection section, BenchContext bench, CancellationToken cancel)
    {
        try
        {
            return await section.Measure(bench, cancel);
        }
        catch (Exception problem) when (problem is BenchException or LocalPostgresException && !cancel.IsCancellationRequested)
        {
            await Console.Error.WriteLineAsync(problem.Message);
            return new SectionFindings([], $"Not measured: {problem.Message.Split('\n')[0]}");
        }
    }

    private string Folder(bool full) => options.Out ?? BenchResults.UsualFolder(options.Root, full);

    private static void Print(ResultTable table) => Console.WriteLine($"\n{table.Title}\n\n{table.ToMarkdown()}");

    private static string Shown(string file) =>
        Path.GetRelativePath(Directory.GetCurrentDirectory(), file) is var near && near.StartsWith("..", StringComparison.Ordinal)
            ? Path.GetFullPath(file)
            : near;
}
