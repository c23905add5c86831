using System.Text.Json.Nodes;

namespace Commerce.ApiGateway.Tests;

/// <summary>The examples of the document with ids of their own, as they are accepted one after the other.</summary>
internal sealed class World
{
    private static int _worlds; // of all, for those on one gateway

    private readonly Api _api;
    private readonly Operation _next;
    private readonly HashSet<string> _names;
    private readonly int _number = Interlocked.Increment(ref _worlds);

    private World(Api api, Operation next, IEnumerable<string> names) => (_api, _next, _names) = (api, next, [.. names]);

    /// <summary>One in which the example of an operation would be accepted next: all before it have been.</summary>
    public static async Task<World> Before(Operation next, IReadOnlyList<Operation> operations, Api api)
    {
        var segments = operations.SelectMany(o => o.Parameters).Where(p => (string)p["in"]! == "path").Select(p => (string)p["example"]!);
        var world = new World(api, next, segments);
        foreach (var earlier in operations.TakeWhile(o => o != next).Where(o => o.Body is not null && o.Id != "rejectReturn"))
        {
            var reply = await world.Send(earlier, earlier.Body!);
            if ((int)reply.Status >= 300) throw new InvalidOperationException($"{earlier.Id}: {reply.Body}");
        }

        return world;
    }

    /// <summary>Sends another body where the example would go.</summary>
    public Task<Reply> Send(JsonNode body) => Send(_next, body);

    private Task<Reply> Send(Operation operation, JsonNode body)
    {
        var path = operation.Parameters.Where(p => (string)p["in"]! == "path")
            .Aggregate(operation.Path, (path, p) => path.Replace($"{{{p["name"]}}}", Own((string)p["example"]!)));
        var json = Renamed(body.DeepClone()).ToJsonString();
        return operation.Method == "POST" ? _api.PostAndWait(path, json) : _api.Send(new HttpMethod(operation.Method), path, json);
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
                return JsonValue.Create(
                    _names.Contains(text) ? Own(text) : text.EndsWith("@example.com") ? $"w{_number}.{text}" : text);
        }

        return node;
    }

    private string Own(string name) => $"{name}-{_number}";
}
