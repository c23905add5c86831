using System.Text.Json.Nodes;

namespace Commerce.ApiGateway.Tests;

/// <summary>An operation of the document.</summary>
internal sealed record Operation(string Method, string Path, JsonNode Told)
{
    public string Id => (string)Told["operationId"]!;

    /// <summary>The heading that it stands under.</summary>
    public string Heading => (string)Told["tags"]![0]!;

    /// <summary>The example of its body; null where it reads none.</summary>
    public JsonNode? Body => Told["requestBody"]?["content"]?["application/json"]?["example"];

    public IEnumerable<JsonNode> Parameters => Told["parameters"]?.AsArray().OfType<JsonNode>() ?? [];

    public IEnumerable<(string Status, JsonNode Told)> Answers => Told["responses"]!.AsObject().Select(r => (r.Key, r.Value!));

    /// <summary>The problems that it lists.</summary>
    public IEnumerable<(string Status, string Code)> Refusals =>
        Answers.SelectMany(a => a.Told["x-refusals"]?.AsArray().Select(c => (a.Status, (string)c!)) ?? []);

    /// <summary>True where the answer is a stream of events.</summary>
    public bool Streams => Answers.Any(a => a.Told["content"]?["text/event-stream"] is not null);

    /// <summary>All of a document, as a reader meets them: heading by heading.</summary>
    public static IReadOnlyList<Operation> All(JsonNode document)
    {
        var headings = document["tags"]!.AsArray().Select(t => (string)t!["name"]!).ToList();
        return
        [
            .. document["paths"]!.AsObject()
                .SelectMany(p => p.Value!.AsObject().Select(o => new Operation(o.Key.ToUpperInvariant(), p.Key, o.Value!)))
                .OrderBy(o => headings.IndexOf(o.Heading)),
        ];
    }

    /// <summary>The same operation, whose example is of another thing.</summary>
    public Operation Of(string id)
    {
        var told = Told.DeepClone();
        foreach (var parameter in told["parameters"]!.AsArray().Where(p => (string)p!["in"]! == "path")) parameter!["example"] = id;
        return this with { Told = told };
    }

    /// <summary>
    /// What "Execute" sends when nothing was typed: the path, headers, query parameters and body of its examples, and of idempotency keys a
    /// new one.
    /// </summary>
    public HttpRequestMessage Request()
    {
        var (path, query) = (Path, new List<string>());
        var request = new HttpRequestMessage { Method = new HttpMethod(Method) };
        foreach (var parameter in Parameters)
        {
            var (name, example) = ((string)parameter["name"]!, parameter["example"]?.ToString());
            if (example is null && (bool?)parameter["required"] is true)
                throw new InvalidOperationException($"{Id}: '{name}' is required and has no example.");
            if (example is null) continue;
            switch ((string)parameter["in"]!)
            {
                case "path": path = path.Replace($"{{{name}}}", Uri.EscapeDataString(example)); break;
                case "query": query.Add($"{name}={Uri.EscapeDataString(example)}"); break;
                default: request.Headers.Add(name, name == "Idempotency-Key" ? Guid.CreateVersion7().ToString() : example); break;
            }
        }

        request.RequestUri = new Uri(query.Count == 0 ? path : $"{path}?{string.Join('&', query)}", UriKind.Relative);
        if (Body is not null) request.Content = new StringContent(Body.ToJsonString(), null, "application/json");
        return request;
    }
}
