using System.Text.RegularExpressions;
using Commerce.Bench.Sections;

namespace Commerce.Bench;

/// <summary>Where results are kept: a page, its charts, and everything raw.</summary>
internal static partial class ResultFolder
{
    /// <summary>For a program, and for <c>--compare</c>.</summary>
    public const string Json = "latest.json";

    /// <summary>For a person.</summary>
    public const string Page = "latest.md";

    /// <summary>Whole runs are the repository's own results; parts and quick looks must not stand in their place.</summary>
    public static string Usual(string root, bool whole) =>
        whole ? Path.Combine(root, "bench", "results") : Path.Combine(root, "artifacts", "bench");

    /// <summary>Makes sure of a folder before anything is measured for it.</summary>
    /// <exception cref="BenchException">It cannot be written to.</exception>
    public static void Prepare(string folder) =>
        In(folder, () => File.Create(Path.Combine(folder, $".{Guid.NewGuid():N}"), 1, FileOptions.DeleteOnClose).Dispose());

    /// <summary>Writes all files, and tells which. Charts of an earlier run are removed.</summary>
    /// <exception cref="BenchException">The folder cannot be written to.</exception>
    public static IReadOnlyList<string> Write(string folder, Results results)
    {
        var charts = results.Sections.SelectMany(s => s.Found.Charts.Select(c => (Name: NameOf(s.Name, c), Text: Svg.Of(c))));
        var files = charts.Prepend((Json, results.ToJson() + "\n")).Prepend((Page, Markdown.Of(results)))
            .Select(file => (Path: Path.Combine(folder, file.Item1), Text: file.Item2)).ToList();
        In(folder, () =>
        {
            if (File.Exists(Path.Combine(folder, Json)))
                foreach (var old in Directory.GetFiles(folder, "*.svg"))
                    if (IsChart(results, Path.GetFileName(old))) File.Delete(old);
            foreach (var (path, text) in files) File.WriteAllText(path, text);
        });
        return [.. files.Select(f => f.Path)];
    }

    /// <summary>The file of a chart: its section and its title, in letters that any file system takes.</summary>
    public static string NameOf(string section, Chart chart)
    {
        var title = Odd().Replace(chart.Title.ToLowerInvariant(), "-").Trim('-');
        return (title.StartsWith($"{section}-", StringComparison.Ordinal) ? title : $"{section}-{title}") + ".svg";
    }

    // Only what a bench has drawn of a section that is drawn anew.
    private static bool IsChart(Results results, string file) =>
        results.Sections.Any(s => file.StartsWith($"{s.Name}-", StringComparison.Ordinal));

    private static void In(string folder, Action write)
    {
        try
        {
            Directory.CreateDirectory(folder);
            write();
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException)
        {
            throw new BenchException($"The results cannot be written to '{folder}': {problem.Message} Give another folder with --out.");
        }
    }

    [GeneratedRegex("[^a-z0-9]+")]
    private static partial Regex Odd();
}
