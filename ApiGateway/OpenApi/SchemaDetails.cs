using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;

namespace Commerce.ApiGateway;

/// <summary>Details of schemas that types do not express.</summary>
internal static class SchemaDetails
{
    /// <summary>Which members a body must have, by the same rule that reads it; which are only ever in answers; and their bounds.</summary>
    public static Task Add(OpenApiSchema schema, OpenApiSchemaTransformerContext context, CancellationToken cancel)
    {
        var type = Nullable.GetUnderlyingType(context.JsonTypeInfo.Type) ?? context.JsonTypeInfo.Type;
        if (type.IsEnum)
        {
            schema.Type = JsonSchemaType.String; // generators take an enum without a type for numbers
            schema.Enum = [.. (schema.Enum ?? []).Where(word => word is not null)]; // where null is possible, the member says so
        }

        if (type == typeof(DateTimeOffset))
            (schema.Type, schema.Format) = (JsonSchemaType.String | OrNull(context.JsonTypeInfo.Type), "date-time");
        if (type == typeof(decimal)) schema.Format = "decimal"; // and a double for something to round
        if (type == typeof(JsonElement)) schema.Description ??= "Any JSON.";
        schema.Description = TextRules.Resolve(schema.Description);
        if (schema.Properties is not { Count: > 0 } members) return Task.CompletedTask;
        var known = context.JsonTypeInfo.Properties;
        schema.Required = known.Where(p => BodyValidator.MustBeThere(p, context.JsonTypeInfo)).Select(p => p.Name).ToHashSet();
        foreach (var property in known)
        {
            if (!members.TryGetValue(property.Name, out var member)) continue;
            member.Description = TextRules.Resolve(member.Description);
            if (member is not OpenApiSchema own) continue;
            if (!BodyValidator.IsRead(property)) own.ReadOnly = true;
            else Bounds.Of(property)?.Apply(own);
        }

        return Task.CompletedTask;
    }

    private static JsonSchemaType OrNull(Type type) => Nullable.GetUnderlyingType(type) is null ? default : JsonSchemaType.Null;

    /// <summary>
    /// Where an operation answers with a resource or, before it has settled, with its short receipt, both are described as the receipt with
    /// the resource's other members optional: client generators give an operation one type.
    /// </summary>
    public static void WidenReceipts(OpenApiDocument document)
    {
        foreach (var operation in document.Paths.Values.SelectMany(p => p.Operations?.Values ?? Enumerable.Empty<OpenApiOperation>()))
        {
            var answers = (operation.Responses ?? []).Where(r => r.Key[0] == '2')
                .SelectMany(r => r.Value.Content?.Values ?? Enumerable.Empty<OpenApiMediaType>()).ToList();
            var kinds = answers.Select(a => a.Schema).OfType<OpenApiSchemaReference>().DistinctBy(r => r.Reference.Id).ToList();
            if (kinds.Count < 2) continue;
            var receipt = kinds.MinBy(k => k.RecursiveTarget!.Required!.Count)!;
            foreach (var (name, member) in kinds.SelectMany(k => k.RecursiveTarget!.Properties!))
                receipt.RecursiveTarget!.Properties!.TryAdd(name, member);
            receipt.RecursiveTarget!.Description = "The short answer to a command; once all that follows has settled, the whole thing.";
            foreach (var answer in answers) answer.Schema = receipt;
        }
    }

    /// <summary>
    /// Bodies have no members but those named; answers may get further ones in time, and always have those that are never null.
    /// </summary>
    public static void CloseBodies(OpenApiDocument document)
    {
        var bodies = document.Paths.Values
            .SelectMany(p => p.Operations?.Values ?? Enumerable.Empty<OpenApiOperation>())
            .SelectMany(o => o.RequestBody?.Content?.Values ?? Enumerable.Empty<OpenApiMediaType>())
            .Select(c => c.Schema);
        var closed = new HashSet<IOpenApiSchema>();
        foreach (var body in bodies) Close(body, closed);
        foreach (var (name, schema) in document.Components!.Schemas!)
            if (schema is OpenApiSchema { Properties.Count: > 0 } answer && name != nameof(Problem) && !closed.Contains(answer))
                answer.Required = answer.Properties.Where(p => !MayBeNull(p.Value)).Select(p => p.Key).ToHashSet();
    }

    private static bool MayBeNull(IOpenApiSchema schema) => schema is not OpenApiSchemaReference
        && (schema.Type?.HasFlag(JsonSchemaType.Null) is true || schema.OneOf?.Any(MayBeNull) is true);

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
        var detail = Text("What was wrong, with which value.");
        detail.AddExtension("x-ms-primary-error-message", new JsonNodeExtension(true)); // what the exceptions of Kiota's clients say
        return new OpenApiSchema
        {
            Type = JsonSchemaType.Object,
            Description = "An answer other than success (RFC 9457). Some codes bring further members.",
            Required = new HashSet<string> { "type", "title", "status", "detail", "code", "remedy", "requestId" },
            AdditionalProperties = new OpenApiSchema(),
            Properties = new Dictionary<string, IOpenApiSchema>
            {
                ["type"] = Text("Names the code as a URI reference."),
                ["title"] = Text("The code in words."),
                ["status"] = new OpenApiSchema { Type = JsonSchemaType.Integer, Description = "The HTTP status." },
                ["detail"] = detail,
                ["code"] = Text("Stable, for programs."),
                ["remedy"] = Text("What to do about it."),
                ["requestId"] = Text("Names this request in the log."),
                ["field"] = Text("JSON pointer into the body, or the name of a header or query parameter."),
                ["state"] = Text("The state that is in the way."),
                ["allowed"] = new OpenApiSchema
                {
                    Type = JsonSchemaType.Array, Items = Text("A move."), Description = "What that state allows.",
                },
                ["available"] = Count("How much there was of what was wanted: units, or minor units of money."),
                ["onHand"] = Count("Units on the shelf."),
                ["amountDue"] = Count("Minor units that have to be authorized first."),
                ["version"] = Count("The present version."),
                ["scope"] = Text("The scope that the caller lacks."),
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

    private static OpenApiSchema Count(string description) =>
        new() { Type = JsonSchemaType.Integer, Format = "int64", Description = description };

    private static OpenApiSchema Text(string description) => new() { Type = JsonSchemaType.String, Description = description };
}
