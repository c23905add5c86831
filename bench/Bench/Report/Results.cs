using System.Text.Json;
using System.Text.Json.Serialization;
using Commerce.Bench.Sections;

namespace Commerce.Bench;

/// <summary>What a section found, and how long that took.</summary>
internal sealed record SectionResult(string Name, string About, double Seconds, Findings Found);

/// <summary>All that one run has measured.</summary>
/// <param name="Format">What the file is, for who reads it later.</param>
/// <param name="Machine">On what.</param>
/// <param name="Settings">How much.</param>
/// <param name="Sections">The findings.</param>
internal sealed record Results(string Format, Surroundings Machine, Settings Settings, IReadOnlyList<SectionResult> Sections)
{
    /// <summary>The present form of the file.</summary>
    public const string Present = "commerce-bench/1";

    /// <summary>Everything, for a program.</summary>
    public string ToJson(bool indented = true) => JsonSerializer.Serialize(this, indented ? Indented : OneLine);

    /// <summary>
    /// Reads the tables, the machine and the settings of what <see cref="ToJson"/> wrote; raw figures differ from section to section.
    /// </summary>
    /// <exception cref="BenchException">The file is not there, or is something else.</exception>
    public static Results Read(string file)
    {
        try
        {
            var read = JsonSerializer.Deserialize<Results>(File.ReadAllText(file), OneLine);
            if (read is { Format: Present, Machine: not null, Settings: not null, Sections: not null }
                && read.Sections.All(s => s is { Name: not null, Found.Sheets: not null }))
                return read;
            throw new BenchException(NotOne(file, $"its \"format\" is {(read?.Format is { } format ? $"'{format}'" : "missing")}"));
        }
        catch (JsonException problem)
        {
            throw new BenchException(NotOne(file, $"line {problem.LineNumber + 1} is not what it should be"));
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException)
        {
            throw new BenchException($"'{file}' cannot be read: {problem.Message}");
        }
    }

    private static string NotOne(string file, string why) =>
        $"'{file}' is no result of this bench: {why}, not '{Present}'. Give a latest.json that ./commerce bench has written.";

    private static JsonSerializerOptions OneLine { get; } = Options(indented: false);

    private static JsonSerializerOptions Indented { get; } = Options(indented: true);

    private static JsonSerializerOptions Options(bool indented) => new(JsonSerializerDefaults.Web)
    {
        WriteIndented = indented, Converters = { new NoFigure() },
    };

    /// <summary>What could not be measured is null: JSON has no word for it.</summary>
    private sealed class NoFigure : JsonConverter<double>
    {
        public override double Read(ref Utf8JsonReader reader, Type type, JsonSerializerOptions options) =>
            reader.TokenType == JsonTokenType.Null ? double.NaN : reader.GetDouble();

        public override bool HandleNull => true;

        public override void Write(Utf8JsonWriter writer, double value, JsonSerializerOptions options)
        {
            if (double.IsFinite(value)) writer.WriteNumberValue(value);
            else writer.WriteNullValue();
        }
    }
}
