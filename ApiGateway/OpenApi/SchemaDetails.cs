using System.Text.Json.Nodes;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;

namespace Commerce.ApiGateway;

/// <summary>Schemas beyond what types tell.</summary>
internal static class SchemaDetails
{
    /// <summary>Bodies have no members but those named: what is not known is refused.</summary>
    public static Task Add(OpenApiSchema schema, OpenApiSchemaTransformerContext context, CancellationToken cancel)
    {
        if (schema.Properties is { Count: > 0 } && context.JsonTypeInfo.Kind == System.Text.Json.Serialization.Metadata.JsonTypeInfoKind.Object)
            schema.AdditionalPropertiesAllowed = false;
        return Task.CompletedTask;
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
