using System.Text.Json.Nodes;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;

namespace Commerce.ApiGateway;

/// <summary>Schemas beyond what types tell.</summary>
internal static class SchemaDetails
{
    /// <summary>Which members a body must have, by the same rule that reads it; and which are only ever in answers.</summary>
    public static Task Add(OpenApiSchema schema, OpenApiSchemaTransformerContext context, CancellationToken cancel)
    {
        if (schema.Properties is not { Count: > 0 } members) return Task.CompletedTask;
        schema.Required = context.JsonTypeInfo.Properties.Where(BodyShape.MustBeThere).Select(p => p.Name).ToHashSet();
        foreach (var computed in context.JsonTypeInfo.Properties.Where(p => p.AssociatedParameter is null))
            if (members.TryGetValue(computed.Name, out var member) && member is OpenApiSchema own) own.ReadOnly = true;
        return Task.CompletedTask;
    }

    /// <summary>Bodies have no members but those named; answers may get further ones in time.</summary>
    public static void CloseBodies(OpenApiDocument document)
    {
        var bodies = document.Paths.Values
            .SelectMany(p => p.Operations?.Values ?? Enumerable.Empty<OpenApiOperation>())
            .SelectMany(o => o.RequestBody?.Content?.Values ?? Enumerable.Empty<OpenApiMediaType>())
            .Select(c => c.Schema);
        var closed = new HashSet<IOpenApiSchema>();
        foreach (var body in bodies) Close(body, closed);
    }

    private static void Close(IOpenApiSchema? schema, HashSet<IOpenApiSchema> closed)
    {
        if (schema is OpenApiSchemaReference { RecursiveTarget: { } target }) schema = target;
        if (schema is not OpenApiSchema own || !closed.Add(own)) return;
        if (own.Properties is { Count: > 0 }) own.AdditionalPropertiesAllowed = false;
        IEnumerable<IOpenApiSchema?> inner = [.. own.Properties?.Values ?? [], .. own.OneOf ?? [], own.Items, own.AdditionalProperties];
        foreach (var part in inner) Close(part, closed);
    }

    /// <summary>RFC 9457, with this API's members.</summary>
    public static OpenApiSchema Problem()
    {
        var example = new JsonObject
        {
            ["type"] = "/problems/out_of_range",
            ["title"] = "Out of range",
            ["status"] = 400,
            ["detail"] = "'/lines/0/quantity' is 1e99.",
            ["code"] = "out_of_range",
            ["remedy"] = "Give a whole number.",
            ["requestId"] = "req_0197a1b2c3d47e5f8a9b0c1d2e3f4a5b",
            ["field"] = "/lines/0/quantity",
        };
        return new OpenApiSchema
        {
            Type = JsonSchemaType.Object,
            Description = "An answer other than success (RFC 9457). Some codes bring further members, such as 'state' and 'allowed'.",
            Required = new HashSet<string> { "type", "title", "status", "detail", "code", "remedy", "requestId" },
            Properties = new Dictionary<string, IOpenApiSchema>
            {
                ["type"] = Text("Names the code as a URI reference."),
                ["title"] = Text("The code in words."),
                ["status"] = new OpenApiSchema { Type = JsonSchemaType.Integer, Description = "The HTTP status." },
                ["detail"] = Text("What was wrong, with which value."),
                ["code"] = Text("Stable, for programs."),
                ["remedy"] = Text("What to do about it."),
                ["requestId"] = Text("Names this request in the log."),
                ["field"] = Text("JSON pointer into the body, or the name of a header or query parameter."),
                ["errors"] = new OpenApiSchema
                {
                    Type = JsonSchemaType.Array,
                    Description = "All that was wrong with the body, where that is more than one thing.",
                    Items = new OpenApiSchema
                    {
                        Type = JsonSchemaType.Object,
                        Properties = new Dictionary<string, IOpenApiSchema>
                        {
                            ["field"] = Text("Where."),
                            ["code"] = Text("Stable, for programs."),
                            ["detail"] = Text("What was wrong, with which value."),
                            ["remedy"] = Text("What was expected."),
                        },
                    },
                },
            },
            Examples = [example],
        };
    }

    private static OpenApiSchema Text(string description) => new() { Type = JsonSchemaType.String, Description = description };
}
