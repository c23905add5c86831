using System.Reflection;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Commerce.ApiGateway;

/// <summary>Everything about one code of problems.</summary>
/// <param name="Code">Stable, snake_case.</param>
/// <param name="Title">The code in words.</param>
/// <param name="Meaning">What it says about the request or the business.</param>
/// <param name="Examples">Answers that it was really given in, one for each of its statuses; the remedy says what to do.</param>
/// <param name="Operations">Which operations refuse with it; none where all requests may meet it.</param>
internal sealed record ExplainedProblem(
    string Code, string Title, string Meaning, IReadOnlyList<JsonNode> Examples, IReadOnlyList<string> Operations);

/// <summary>All codes of problems, explained: their meanings stand beside the endpoints that refuse with them.</summary>
internal sealed class ProblemCatalogue
{
    /// <summary>
    /// One answer for each status and code, as it was really given. A test provokes each, and writes <c>OpenApi/problems.json</c>.
    /// </summary>
    private static readonly IReadOnlyDictionary<(int Status, string Code), JsonNode> Examples = Recorded();

    private readonly Lazy<IReadOnlyDictionary<string, ExplainedProblem>> _all;

    public ProblemCatalogue(EndpointDataSource endpoints) => _all = new(() => Explain(endpoints));

    /// <summary>All, by code.</summary>
    public IEnumerable<ExplainedProblem> All => _all.Value.Values;

    /// <summary>One; null: there is no such code.</summary>
    public ExplainedProblem? Find(string code) => _all.Value.GetValueOrDefault(code);

    /// <summary>An answer with this status and code; null where none was recorded yet.</summary>
    public static JsonNode? Example(int status, string code) => Examples.GetValueOrDefault((status, code))?.DeepClone();

    /// <summary>The meanings of all codes; each has one.</summary>
    public static IReadOnlyDictionary<string, string> Meanings { get; } =
        IEndpoints.All.Select(t => t.GetProperty(nameof(IEndpoints.Codes), BindingFlags.Public | BindingFlags.Static))
            .Select(p => p?.GetValue(null)).OfType<IReadOnlyDictionary<string, string>>().Append(RefusalCodes.Shared)
            .SelectMany(c => c).ToDictionary(c => c.Key, c => c.Value);

    private static Dictionary<string, ExplainedProblem> Explain(EndpointDataSource endpoints)
    {
        var operations = endpoints.Endpoints.OfType<RouteEndpoint>()
            .Where(e => e.Metadata.GetMetadata<IEndpointNameMetadata>() is not null)
            .SelectMany(e => RefusalCodes.Of(e).SelectMany(p => p.Codes).Distinct()
                .Select(code => (Code: code, Name: e.Metadata.GetMetadata<IEndpointNameMetadata>()!.EndpointName)))
            .ToLookup(o => o.Code, o => o.Name);
        return Meanings.OrderBy(m => m.Key, StringComparer.Ordinal).ToDictionary(m => m.Key, m => new ExplainedProblem(
            m.Key, Problem.TitleOf(m.Key), m.Value,
            [.. Examples.Where(e => e.Key.Code == m.Key).OrderBy(e => e.Key.Status).Select(e => e.Value)], [.. operations[m.Key]]));
    }

    private static Dictionary<(int, string), JsonNode> Recorded()
    {
        using var file = typeof(ProblemCatalogue).Assembly.GetManifestResourceStream("problems.json")!;
        return JsonSerializer.Deserialize<JsonNode[]>(file)!.ToDictionary(p => ((int)p["status"]!, (string)p["code"]!));
    }
}
