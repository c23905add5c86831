using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Commerce.Bench;

/// <summary>What a section measured, and for how long it ran.</summary>
internal sealed record SectionResult(string Name, string About, double Seconds, IReadOnlyList<ResultTable> Tables, string? Problem);

/// <summary>What a run measured; written as a file for programs and a page for readers.</summary>
internal sealed record BenchResults(string Format, EnvironmentInfo Environment, BenchOptions Options, IReadOnlyList<SectionResult> Sections)
{
    public const string PresentFormat = "commerce-bench/2";
    public const string DataFile = "latest.json";
    public const string PageFile = "latest.md";

    private static readonly JsonSerializerOptions OneLine = new(JsonSerializerDefaults.Web)
    {
        NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals, // a round without an order has no cost an order
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    };

    private static readonly JsonSerializerOptions Indented = new(OneLine) { WriteIndented = true };

    /// <summary>The usual folder: full runs are the repository's own results, and others do not take their place.</summary>
    public static string UsualFolder(string root, bool full) =>
        full ? Path.Combine(root, "bench", "results") : Path.Combine(root, "artifacts", "bench");

    public string ToJson(bool indented) => JsonSerializer.Serialize(this, indented ? Indented : OneLine);

    /// <summary>Reads a file that <see cref="Write"/> wrote.</summary>
    /// <exception cref="BenchException">It cannot be read, or it is another file.</exception>
    public static BenchResults Read(string file)
    {
        try
        {
            var read = JsonSerializer.Deserialize<BenchResults>(File.ReadAllText(file), OneLine);
            if (read is { Format: PresentFormat, Environment: not null, Options: not null, Sections: not null }) return read;
        }
        catch (JsonException)
        {
            // the same as a file of another format
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException)
        {
            throw new BenchException($"'{file}' cannot be read: {problem.Message}");
        }

        throw new BenchException($"'{file}' has not the format '{PresentFormat}'. Give a {DataFile} that ./commerce bench has written.");
    }

    /// <summary>Writes both files; returns their paths.</summary>
    /// <exception cref="BenchException">The folder cannot be written to.</exception>
    public IReadOnlyList<string> Write(string folder)
    {
        var (page, data) = (Path.Combine(folder, PageFile), Path.Combine(folder, DataFile));
        InFolder(folder, () =>
        {
            File.WriteAllText(page, ToMarkdown());
            File.WriteAllText(data, ToJson(indented: true) + "\n");
        });
        return [page, data];
    }

    /// <summary>Creates the folder if it is missing, and works in it.</summary>
    /// <exception cref="BenchException">It cannot be written to.</exception>
    public static void InFolder(string folder, Action work)
    {
        try
        {
            Directory.CreateDirectory(folder);
            work();
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException)
        {
            throw new BenchException($"The results cannot be written to '{folder}': {problem.Message} Give another folder with --out.");
        }
    }

    public string ToMarkdown() => $"""
        # What an order costs

        Written by `./commerce bench`; `docs/performance.md` explains it. A figure is the median of the rounds, with the least and the most
        in brackets.

        {ResultTable.MarkdownTable(About())}
        {string.Join("\n", Sections.Select(Markdown))}
        """;

    private static string Markdown(SectionResult section) => $"## {section.Name}\n\n{section.About}\n"
        + (section.Problem is { } problem ? $"\n**Failed:** {problem.ReplaceLineEndings(" ")}\n" : "")
        + string.Concat(section.Tables.Select(t => $"\n### {t.Title}\n\n{t.ToMarkdown()}{t.ToMermaid()}"));

    private IReadOnlyList<string[]> About() =>
    [
        ["measured", ""],
        ["at", Environment.At.ToString("yyyy-MM-dd HH:mm 'UTC'", CultureInfo.InvariantCulture)],
        ["cores", $"{Environment.Cores}"],
        ["memory", string.Create(CultureInfo.InvariantCulture, $"{Environment.MemoryBytes / 1e9:0.0} GB")],
        ["system", Environment.System],
        [".NET", Environment.Dotnet],
        ["PostgreSQL", Environment.Postgres is { } version ? $"{version}, durable, on the same cores as the load" : "not used"],
        ["commit", $"{Environment.Commit ?? "unknown"}{(Environment.Changed ? ", with changes that are not committed" : "")}"],
        ["options", $"{Options}"],
    ];
}
