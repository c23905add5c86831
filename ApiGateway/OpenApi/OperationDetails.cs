using System.Text.Json.Nodes;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;

namespace Commerce.ApiGateway;

/// <summary>Adds to each operation what all operations of its kind have: headers, query parameters, examples and problems.</summary>
internal static class OperationDetails
{
    private static readonly IReadOnlyDictionary<string, (string Description, string Example)> PathParameters =
        new Dictionary<string, (string, string)>
        {
            ["label"] = ("The address's label: 1 to 40 letters, digits, dashes or underscores.", "work"),
            ["sku"] = ("The product's SKU; percent-encode what needs it.", "MUG-WHITE"),
            ["subscription"] = ("The reaction's name.", "orders-to-customers"),
            ["partition"] = ("The partition that the fact is in.", "0"),
            ["position"] = ("The fact's position in the partition.", "1"),
            ["name"] = ("The read model's name, or 'all'.", "all"),
        };

    /// <summary>Called for each operation.</summary>
    public static Task Add(OpenApiOperation operation, OpenApiOperationTransformerContext context, CancellationToken cancel)
    {
        var endpoint = context.Description.ActionDescriptor.EndpointMetadata;
        var path = context.Description.RelativePath!;
        operation.Parameters = [.. (operation.Parameters ?? []).Where(p => p.In == ParameterLocation.Path)];
        foreach (var parameter in operation.Parameters.OfType<OpenApiParameter>()) DescribePath(parameter, path);
        foreach (var parameter in endpoint.OfType<Takes>().SelectMany(t => t.Parameters)) operation.Parameters.Add(QueryOf(parameter));
        var changes = endpoint.OfType<Changes>().FirstOrDefault();
        foreach (var header in Headers(context.Description.HttpMethod!, path, changes)) operation.Parameters.Add(header);
        if (operation.RequestBody is OpenApiRequestBody body && endpoint.OfType<BodyExample>().FirstOrDefault() is { } example)
        {
            body.Required = !example.Optional;
            foreach (var content in body.Content!.Values) content.Example = JsonNode.Parse(example.Json);
        }

        foreach (var meaning in endpoint.OfType<AnswerMeaning>())
            if (operation.Responses?[meaning.Status.ToString()] is OpenApiResponse response) response.Description = meaning.Description;
        AddVersion(operation, endpoint);
        AddProblems(operation, context, endpoint, changes);
        if (endpoint.OfType<Open>().Any()) operation.Security = [];
        return Task.CompletedTask;
    }

    private static void DescribePath(OpenApiParameter parameter, string path)
    {
        var (description, example) = parameter.Name == "id"
            ? path.Split('/')[0] switch
            {
                "customers" => ("The customer's id.", "cus_ada"),
                "orders" => ("The order's id.", "ord_1001"),
                "credit-notes" => ("The credit note's id.", "crn_1"),
                _ => ("The payment's id; the payment of order ord_X is pay_X.", "pay_1001"),
            }
            : PathParameters[parameter.Name!];
        parameter.Description = description;
        parameter.Example = JsonValue.Create(example);
    }

    private static OpenApiParameter QueryOf(QueryParameter parameter) => new()
    {
        Name = parameter.Name,
        In = ParameterLocation.Query,
        Description = $"{parameter.Description} Give {parameter.Expected}.",
        Schema = parameter.Name == Query.Limit.Name
            ? new OpenApiSchema { Type = JsonSchemaType.Integer, Minimum = "1", Maximum = $"{Kernel.PageRequest.MaxLimit}" }
            : new OpenApiSchema
            {
                Type = JsonSchemaType.String, Enum = parameter.Words is { } words ? [.. words.Select(w => JsonValue.Create(w))] : null,
            },
    };

    private static IEnumerable<OpenApiParameter> Headers(string method, string path, Changes? changes)
    {
        if (changes is not null)
            yield return Header(
                "Idempotency-Key", "Your name for this one intent, 1 to 200 visible ASCII characters; a UUIDv7 keeps made ids sortable.",
                "0197a1b2-c3d4-7e5f-8a9b-0c1d2e3f4a5b", required: HttpMethods.IsPost(method));
        if (changes is { Versioned: true })
            yield return Header("If-Match", "Change it only if it is still as you saw it: the ETag of that answer.", "\"3\"");
        if (changes is { Waits: true })
            yield return Header(
                "Prefer", $"Hold the answer until it has settled, at most N seconds (up to {RequestHeaders.MaxWaitSeconds}).", "wait=10");
        if (path.EndsWith("/events", StringComparison.Ordinal))
            yield return Header("Last-Event-ID", "Go on after the event with this id.", path == "orders/events" ? null : "2");
    }

    private static OpenApiParameter Header(string name, string description, string? example, bool required = false) => new()
    {
        Name = name, In = ParameterLocation.Header, Description = description, Required = required,
        Schema = new OpenApiSchema { Type = JsonSchemaType.String }, Example = example is null ? null : JsonValue.Create(example),
    };

    private static void AddVersion(OpenApiOperation operation, IList<object> endpoint)
    {
        var versioned = endpoint.OfType<Microsoft.AspNetCore.Http.Metadata.IProducesResponseTypeMetadata>()
            .Where(p => p.Type?.GetProperty("Version")?.PropertyType == typeof(long) && !p.ContentTypes.Contains(LiveStream.MediaType));
        foreach (var answer in versioned)
            if (operation.Responses?[answer.StatusCode.ToString()] is OpenApiResponse response)
                (response.Headers ??= new Dictionary<string, IOpenApiHeader>())["ETag"] = new OpenApiHeader
                {
                    Description = "The version, for If-Match.", Schema = new OpenApiSchema { Type = JsonSchemaType.String },
                };
    }

    private static void AddProblems(
        OpenApiOperation operation, OpenApiOperationTransformerContext context, IList<object> endpoint, Changes? changes)
    {
        var path = context.Description.RelativePath!;
        var named = path.Contains('{');
        var body = operation.RequestBody is not null;
        (bool Applies, int Status, string What)[] problems =
        [
            (true, 400, "The request cannot be understood: its body, a header or a query parameter."),
            (endpoint.OfType<Open>().FirstOrDefault() is null, 401, "API keys are configured, and none was sent."),
            (endpoint.OfType<Open>().FirstOrDefault() is null, 403, "This caller may not."),
            (named, 404, "There is no such thing."),
            (changes is not null, 409, "Its state does not allow it now, or the first request with this key still runs."),
            (changes is { Versioned: true }, 412, "It has changed since you looked."),
            (body, 413, $"The body is over {RequestBody.MaxBytes} bytes."),
            (body, 415, "The body is not JSON."),
            (changes is not null, 422, "It breaks a rule of the business, or the key was used for something else."),
            (path != "health/live", 503,
                "The database is away; nothing was done, or it is unknown. Repeat it after Retry-After with the same key."),
        ];
        foreach (var (_, status, what) in problems.Where(p => p.Applies))
        {
            (operation.Responses ??= []).TryAdd(status.ToString(), new OpenApiResponse
            {
                Description = what,
                Content = new Dictionary<string, OpenApiMediaType>
                {
                    [Problem.MediaType] = new OpenApiMediaType { Schema = new OpenApiSchemaReference("Problem", context.Document) },
                },
            });
        }
    }
}
