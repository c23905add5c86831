using System.Text.Json.Nodes;
using Commerce.Journal;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;

namespace Commerce.ApiGateway;

/// <summary>Adds to each operation what all operations of its kind have: headers, query parameters, examples and problems.</summary>
internal static class OperationDetails
{
    /// <summary>Called for each operation.</summary>
    public static Task Add(OpenApiOperation operation, OpenApiOperationTransformerContext context, CancellationToken cancel)
    {
        var endpoint = context.Description.ActionDescriptor.EndpointMetadata;
        var path = context.Description.RelativePath!;
        operation.Parameters = [.. (operation.Parameters ?? []).Where(p => p.In == ParameterLocation.Path)];
        foreach (var parameter in operation.Parameters.OfType<OpenApiParameter>()) DescribePath(parameter, path, endpoint);
        foreach (var parameter in endpoint.OfType<Takes>().SelectMany(t => t.Parameters))
            operation.Parameters.Add(QueryOf(parameter, context.Document!));
        var changes = endpoint.OfType<Changes>().FirstOrDefault();
        foreach (var header in Headers(context.Description.HttpMethod!, path, changes)) operation.Parameters.Add(header);
        if (operation.Responses?.ContainsKey("304") is true)
            operation.Parameters.Add(Header(
                "If-None-Match", "Answer 304, and nothing else, if it is still as you have it: its ETag, such as \"3\".", null));
        if (operation.RequestBody is OpenApiRequestBody body && endpoint.OfType<BodyExample>().FirstOrDefault() is { } example)
        {
            body.Required = !example.Optional;
            foreach (var content in body.Content!.Values) content.Example = JsonNode.Parse(example.Json);
        }

        DescribeAnswers(operation, path, endpoint);
        AddVersion(operation, endpoint);
        AddProblems(operation, context, endpoint);
        if (endpoint.OfType<IAllowAnonymous>().Any()) operation.Security = [];
        if (NeededScope.Of(endpoint) is { } scope)
            (operation.Extensions ??= new Dictionary<string, IOpenApiExtension>())["x-scope"] =
                new JsonNodeExtension(JsonValue.Create(scope));
        return Task.CompletedTask;
    }

    private static void DescribePath(OpenApiParameter parameter, string path, IList<object> endpoint)
    {
        var told = endpoint.OfType<PathParameter>().LastOrDefault(p => p.Name == parameter.Name)
            ?? throw new InvalidOperationException(
                $"Nothing says what '{{{parameter.Name}}}' of '{path}' is: give its area a {nameof(PathParameter)} of that name.");
        parameter.Description = told.Description;
        parameter.Example = JsonValue.Create(told.Example);
    }

    private static void DescribeAnswers(OpenApiOperation operation, string path, IList<object> endpoint)
    {
        foreach (var (status, response) in operation.Responses ?? [])
            if (endpoint.OfType<AnswerMeaning>().LastOrDefault(m => $"{m.Status}" == status) is { } meaning)
                response.Description = meaning.Description;
            else if (status == "304") response.Description = "It is still as you have it.";
            else throw new InvalidOperationException(
                $"Nothing says what {status} of '{path}' means: give its endpoint a Means({status}, …).");
        foreach (var meaning in endpoint.OfType<AnswerMeaning>())
            if (operation.Responses?.ContainsKey($"{meaning.Status}") is not true)
                throw new InvalidOperationException($"'{path}' never answers {meaning.Status}, which it describes.");
        foreach (var events in (operation.Responses ?? []).Values.SelectMany(r => r.Content ?? new Dictionary<string, OpenApiMediaType>())
            .Where(c => c.Key == ServerSentEvents.MediaType))
            events.Value.Schema = new OpenApiSchema
            {
                Type = JsonSchemaType.String,
                Description = "Events (WHATWG Server-Sent Events); the data of each is an OrderEvent as JSON, its name the fact's.",
            };
    }

    private static OpenApiParameter QueryOf(QueryParameter parameter, OpenApiDocument document) => new()
    {
        Name = parameter.Name,
        In = ParameterLocation.Query,
        Description = $"{parameter.Description} Give {parameter.Expected}.",
        Schema = parameter.Words is { } words ? new OpenApiSchemaReference(words.Name, document)
            : parameter.Name == Query.Limit.Name
                ? new OpenApiSchema
                {
                    Type = JsonSchemaType.Integer, Format = "int32", Minimum = "1", Maximum = $"{Kernel.PageRequest.MaxLimit}",
                }
                : new OpenApiSchema { Type = JsonSchemaType.String, Format = parameter.Format },
    };

    private static IEnumerable<OpenApiParameter> Headers(string method, string path, Changes? changes)
    {
        if (changes is not null)
            yield return Header(
                "Idempotency-Key", "Your name for this one intent, 1 to 200 visible ASCII characters; a UUIDv7 keeps made ids sortable.",
                "0197a1b2-c3d4-7e5f-8a9b-0c1d2e3f4a5b", required: HttpMethods.IsPost(method));
        if (changes is { Versioned: true })
            yield return Header(
                "If-Match", "Change it only if it is still as you saw it: the ETag of that answer, such as \"3\", or several.", null);
        if (changes is { Waits: true })
            yield return Header(
                "Prefer", $"Hold the answer until it has settled, at most N seconds (up to {RequestHeaders.MaxWaitSeconds}).", "wait=10");
        if (path.EndsWith("/events", StringComparison.Ordinal))
            yield return Header("Last-Event-ID", "Go on after the event with this id.", null);
    }

    private static OpenApiParameter Header(string name, string description, string? example, bool required = false) => new()
    {
        Name = name, In = ParameterLocation.Header, Description = description, Required = required,
        Schema = new OpenApiSchema { Type = JsonSchemaType.String }, Example = example is null ? null : JsonValue.Create(example),
    };

    private static void AddVersion(OpenApiOperation operation, IList<object> endpoint)
    {
        var versioned = endpoint.OfType<Microsoft.AspNetCore.Http.Metadata.IProducesResponseTypeMetadata>()
            .Where(p => p.Type?.GetProperty("Version")?.PropertyType == typeof(long)
                && !p.ContentTypes.Contains(ServerSentEvents.MediaType));
        foreach (var answer in versioned)
            if (operation.Responses?[answer.StatusCode.ToString()] is OpenApiResponse response)
                (response.Headers ??= new Dictionary<string, IOpenApiHeader>())["ETag"] = new OpenApiHeader
                {
                    Description = "The version, for If-Match.", Schema = new OpenApiSchema { Type = JsonSchemaType.String },
                };
    }

    private static void AddProblems(OpenApiOperation operation, OpenApiOperationTransformerContext context, IList<object> endpoint)
    {
        var api = context.Description;
        foreach (var problems in RefusalCodes.Of(endpoint, api.HttpMethod!, $"/{api.RelativePath}"))
            (operation.Responses ??= []).TryAdd($"{problems.Status}", new OpenApiResponse
            {
                Description = problems.Meaning,
                Content = new Dictionary<string, OpenApiMediaType>
                {
                    [Problem.MediaType] = new OpenApiMediaType
                    {
                        Schema = new OpenApiSchemaReference("Problem", context.Document),
                        Examples = ExamplesOf(problems, context.Document!),
                    },
                },
                Extensions = new Dictionary<string, IOpenApiExtension>
                {
                    ["x-refusals"] = new JsonNodeExtension(new JsonArray([.. problems.Codes.Select(c => JsonValue.Create(c))])),
                },
            });
    }

    private static Dictionary<string, IOpenApiExample> ExamplesOf(ProblemsOf problems, OpenApiDocument document)
    {
        var examples = new Dictionary<string, IOpenApiExample>();
        document.Components ??= new OpenApiComponents();
        foreach (var code in problems.Shown)
        {
            if (ProblemCatalogue.Example(problems.Status, code) is not { } example) continue;
            var name = $"{code}-{problems.Status}";
            (document.Components.Examples ??= new Dictionary<string, IOpenApiExample>())
                .TryAdd(name, new OpenApiExample { Summary = Problem.TitleOf(code), Value = example });
            examples[code] = new OpenApiExampleReference(name, document);
        }

        return examples;
    }
}
