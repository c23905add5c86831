using System.Net;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace Commerce.ApiGateway.Tests;

/// <summary>A body with one value at, or beyond, a documented bound.</summary>
internal sealed record BoundedBody(JsonNode Json, string Pointer, string What, bool Beyond)
{
    /// <summary>True when it is this value that is refused, because of what it is and not of what it names.</summary>
    public bool IsRefused(Reply reply) =>
        reply.Status is HttpStatusCode.BadRequest or HttpStatusCode.UnprocessableEntity && reply.Json.TryGetProperty("field", out var field)
        && field.GetString() == Pointer && (Beyond || !reply.Code.StartsWith("unknown_", StringComparison.Ordinal));
}

/// <summary>Makes them of the document: the example of each operation, with one value replaced.</summary>
internal sealed class BoundedBodies
{
    private readonly JsonNode _document;
    private readonly Dictionary<string, JsonNode> _samples = []; // by schema, from all examples
    private readonly List<BoundedBody> _found = [];
    private JsonNode _example = null!;

    private BoundedBodies(JsonNode document)
    {
        _document = document;
        foreach (var content in Contents()) Collect(content.Content["schema"]!, content.Content["example"]!);
    }

    public static IReadOnlyList<(string Operation, IReadOnlyList<BoundedBody> Bodies)> Of(JsonNode document)
    {
        var bodies = new BoundedBodies(document);
        return [.. bodies.Contents().Select(c => (c.Operation, bodies.Of(c.Content["schema"]!, c.Content["example"]!)))];
    }

    private IEnumerable<(string Operation, JsonNode Content)> Contents() =>
        from path in _document["paths"]!.AsObject()
        from operation in path.Value!.AsObject()
        let content = operation.Value!["requestBody"]?["content"]?["application/json"]
        where content is not null
        select ((string)operation.Value!["operationId"]!, content);

    private IReadOnlyList<BoundedBody> Of(JsonNode schema, JsonNode example)
    {
        _found.Clear();
        _example = example;
        Walk(schema, "");
        return [.. _found];
    }

    private JsonNode Resolved(JsonNode schema) =>
        (string?)schema["$ref"] is { } reference ? _document["components"]!["schemas"]![reference.Split('/')[^1]]!
        : schema["oneOf"] is JsonArray either ? Resolved(either.First(e => (string?)e!["type"] != "null")!)
        : schema;

    private static string? Reference(JsonNode schema) =>
        (string?)schema["$ref"] ?? (schema["oneOf"] as JsonArray)?.Select(e => (string?)e!["$ref"]).FirstOrDefault(r => r is not null);

    private void Collect(JsonNode schema, JsonNode sample)
    {
        if (Reference(schema) is { } name) _samples.TryAdd(name, sample);
        var told = Resolved(schema);
        if (sample is JsonObject members)
            foreach (var (member, value) in members)
                if ((told["properties"]?[member] ?? told["additionalProperties"]) is JsonObject inner) Collect(inner, value!);
        if (sample is JsonArray { Count: > 0 } items && told["items"] is { } item) Collect(item, items[0]!);
    }

    private void Walk(JsonNode schema, string pointer)
    {
        var told = Resolved(schema);
        Bounds(told, pointer);
        foreach (var (member, inner) in (told["properties"] as JsonObject) ?? []) Walk(inner!, $"{pointer}/{member}");
        if (told["items"] is { } item) Walk(item, $"{pointer}/0");
    }

    private void Bounds(JsonNode told, string pointer)
    {
        if ((string?)told["pattern"] is { } pattern)
        {
            if (Regex.IsMatch("!", pattern)) throw new InvalidOperationException($"'!' is meant not to match {pattern}.");
            Add(pointer, "!", "pattern", beyond: true);
        }

        foreach (var (name, outwards) in (ReadOnlySpan<(string, int)>)[("maximum", 1), ("minimum", -1)])
            if (told[name] is { } number)
                Both(pointer, name, beyond => (decimal)number + (beyond ? outwards : 0));
        if ((int?)told["maxLength"] is { } longest) Both(pointer, "maxLength", beyond => Text(pointer, beyond ? longest + 1 : longest));
        if ((int?)told["minLength"] is { } shortest) Both(pointer, "minLength", beyond => Text(pointer, beyond ? shortest - 1 : shortest));
        if ((int?)told["maxItems"] is { } most) Both(pointer, "maxItems", beyond => Items(told, beyond ? most + 1 : most));
        if ((int?)told["minItems"] is { } least) Both(pointer, "minItems", beyond => Items(told, beyond ? least - 1 : least));
        if ((int?)told["maxProperties"] is { } members)
            Both(pointer, "maxProperties", beyond => Members(told, beyond ? members + 1 : members));
    }

    private void Both(string pointer, string what, Func<bool, JsonNode> value)
    {
        Add(pointer, value(true), what, beyond: true);
        Add(pointer, value(false), what, beyond: false);
    }

    private void Add(string pointer, JsonNode value, string what, bool beyond)
    {
        var body = _example.DeepClone();
        if (pointer.StartsWith("/guest", StringComparison.Ordinal)) body.AsObject().Remove("customerId"); // it is one or the other
        var steps = pointer.Split('/')[1..];
        var at = body;
        for (var i = 0; i < steps.Length - 1; i++)
        {
            if (at is JsonArray { Count: > 0 } items) at = items[0]!;
            else if (at is JsonObject members) at = members[steps[i]] ??= Sample(string.Join('/', steps[..(i + 1)]));
        }

        if (at is JsonObject parent) parent[steps[^1]] = value;
        _found.Add(new BoundedBody(body, pointer, $"{pointer} {what} {(beyond ? "beyond" : "at")}", beyond));
    }

    // What the example leaves out: as any example has it, or nothing.
    private JsonNode Sample(string path) =>
        path.EndsWith("Address", StringComparison.Ordinal) ? _samples["#/components/schemas/Address"].DeepClone() : new JsonObject();

    private static string Text(string pointer, int length) =>
        pointer.EndsWith("/email", StringComparison.Ordinal) && length > 2
            ? "a@" + string.Concat(Enumerable.Range(1, length - 2).Select(i => i % 61 == 0 ? '.' : 'b')) // a domain has short parts
            : new string('x', length);

    private JsonArray Items(JsonNode told, int count)
    {
        var sample = _samples[Reference(told["items"]!)!];
        return new JsonArray([.. Enumerable.Range(0, count).Select(_ => sample.DeepClone())]);
    }

    private JsonObject Members(JsonNode told, int count)
    {
        var sample = _samples[Reference(told["additionalProperties"]!)!];
        return new JsonObject(Enumerable.Range(0, count).Select(i => KeyValuePair.Create($"a{i}", (JsonNode?)sample.DeepClone())));
    }
}
