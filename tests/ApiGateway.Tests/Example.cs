using System.Net;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http.Metadata;
using Microsoft.AspNetCore.Routing;

namespace Commerce.ApiGateway.Tests;

/// <summary>An example body, as its endpoint declares it.</summary>
/// <param name="Operation">The endpoint's name.</param>
/// <param name="Path">Its path, with braces.</param>
/// <param name="Segments">What stands between the braces in examples.</param>
internal sealed record Example(
    string Operation, string Method, string Path, IReadOnlyDictionary<string, string> Segments, string Body)
{
    private static readonly List<string> Headings = [.. Capabilities.All.Select(c => c.Name)];

    /// <summary>Those of all endpoints, in the order of the capabilities, of which later ones need earlier ones.</summary>
    public static IReadOnlyList<Example> All(EndpointDataSource source) =>
    [
        .. source.Endpoints.OfType<RouteEndpoint>().Where(e => e.Metadata.GetMetadata<BodyExample>() is not null).OrderBy(Place).Select(Of),
    ];

    private static Example Of(RouteEndpoint endpoint) => new(
        endpoint.Metadata.GetMetadata<IEndpointNameMetadata>()!.EndpointName,
        endpoint.Metadata.GetMetadata<HttpMethodMetadata>()!.HttpMethods[0],
        endpoint.RoutePattern.RawText!,
        endpoint.Metadata.GetOrderedMetadata<PathParameter>().GroupBy(p => p.Name).ToDictionary(p => p.Key, p => p.Last().Example),
        endpoint.Metadata.GetMetadata<BodyExample>()!.Json);

    private static int Place(RouteEndpoint endpoint) =>
        Headings.IndexOf(endpoint.Metadata.GetMetadata<ITagsMetadata>()?.Tags[0] ?? "") is >= 0 and var place ? place : Headings.Count;
}

/// <summary>
/// Sends examples. They belong together: some are accepted only after others. So each is tried in a world of its own, where all ids are
/// new, first as it is, and then again after each of the others.
/// </summary>
internal sealed class ExampleRun(Api api, IReadOnlyList<Example> examples)
{
    private static int _worlds; // of all runs, for those on one gateway

    /// <summary>Those that are never accepted, with the last answer.</summary>
    public async Task<IReadOnlyList<string>> Refused()
    {
        var refused = new List<string>();
        foreach (var example in examples)
            if (await Needs(example) is { Last: { } last, Others: null })
                refused.Add($"{example.Operation}: {(int)last.Status} {last.Body}");
        return refused;
    }

    /// <summary>A world in which the example of an operation would be accepted next.</summary>
    public async Task<World> Before(string operation)
    {
        var example = examples.Single(e => e.Operation == operation);
        var needs = await Needs(example);
        var world = new World(api, example, Interlocked.Increment(ref _worlds), Names);
        foreach (var other in needs.Others ?? throw new InvalidOperationException($"{operation}: {needs.Last.Body}"))
            await world.Send(other);
        return world;
    }

    private async Task<(IReadOnlyList<Example>? Others, Reply Last)> Needs(Example example)
    {
        var world = new World(api, example, Interlocked.Increment(ref _worlds), Names);
        var others = new List<Example>();
        var reply = await world.Send(example);
        foreach (var other in examples.Where(e => e != example))
        {
            if (IsAccepted(reply)) return (others, reply);
            await world.Send(other);
            others.Add(other);
            reply = await world.Send(example);
        }

        return IsAccepted(reply) ? (others, reply) : (null, reply);
    }

    private static bool IsAccepted(Reply reply) => reply.Status is HttpStatusCode.OK or HttpStatusCode.Created;

    private HashSet<string> Names => [.. examples.SelectMany(e => e.Segments.Values)];
}

/// <summary>The examples with ids of their own.</summary>
internal sealed class World(Api api, Example goal, int number, IReadOnlySet<string> names)
{
    public Task<Reply> Send(Example example) => Send(example, JsonNode.Parse(example.Body)!);

    /// <summary>Sends another body where the example would go.</summary>
    public Task<Reply> Send(JsonNode body) => Send(goal, body);

    private Task<Reply> Send(Example example, JsonNode body)
    {
        var path = example.Segments.Aggregate(example.Path, (p, s) => p.Replace($"{{{s.Key}}}", Own(s.Value)));
        var json = Renamed(body.DeepClone()).ToJsonString();
        return example.Method == "POST" ? api.PostAndWait(path, json) : api.Send(new HttpMethod(example.Method), path, json);
    }

    private JsonNode Renamed(JsonNode node)
    {
        switch (node)
        {
            case JsonObject members:
                foreach (var (name, member) in members.ToList()) if (member is not null) members[name] = Renamed(member.DeepClone());
                break;
            case JsonArray items:
                for (var i = 0; i < items.Count; i++) if (items[i] is { } item) items[i] = Renamed(item.DeepClone());
                break;
            case JsonValue value when value.TryGetValue(out string? text):
                return JsonValue.Create(names.Contains(text) ? Own(text) : text.EndsWith("@example.com") ? $"w{number}.{text}" : text);
        }

        return node;
    }

    private string Own(string name) => $"{name}-{number}";
}
