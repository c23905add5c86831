using System.Text.Json;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;

namespace Commerce.ApiGateway;

/// <summary>The OpenAPI 3.1 document of the API, made of what stands beside the endpoints.</summary>
internal static class ApiDocument
{
    /// <summary>Where it is served.</summary>
    public const string Path = "/openapi/v1.json";

    private const string Bearer = "bearer";

    private const string Introduction =
        """
        Customers, catalogue, stock, orders and payments, from order to cash.

        **Money** is in minor units (pence, cents) with an ISO 4217 currency; unit prices may be finer than the minor unit. **Times** are
        RFC 3339 with an offset. **Ids** have a prefix that tells their kind, and may be given by the client.

        **Credentials**: `Authorization: Bearer` with an access token or an API key. Each operation says as `x-scope` which scope it needs.
        What belongs to others is answered as if it were not there. `docs/access.md` shows which role may do what.

        **Once only**: every POST that changes something takes an `Idempotency-Key`, which names one intent of one caller. The same key
        again, with the same body to the same URL, changes nothing and gives the same answer, also after a restart; with another body it is
        refused (`idempotency_key_reused`). While the first still runs, a second waits for its answer. Answers are kept for 30 days: the
        same key after that is a new request. A key that is used again for another URL, or for another id in the body, is refused as well,
        but only as long as this process remembers it. The page at `/docs` sends a fresh key in place of the one that it shows, unless you
        type your own.

        **Problems** are RFC 9457: a stable `code`, what was wrong (`detail`), with which `field`, and what to do (`remedy`). All faults of
        a body are listed in `errors`. The `requestId` is also in the log. Each operation lists its codes by status, as `x-refusals`: there
        are no others.

        **Edits** honour `If-Match` with the `ETag` of what you looked at. **Lists** are in pages: give `next` back as `cursor`. Lists and
        reports may lag behind by moments; a thing itself never does.

        **Payment methods of the sandbox**: `pm_sandbox_ok`, `pm_sandbox_declined`, `pm_sandbox_insufficient_funds`, `pm_sandbox_slow`,
        `pm_sandbox_flaky`, `pm_sandbox_timeout_moved`, `pm_sandbox_timeout_not_moved`, `pm_sandbox_capture_declined`,
        `pm_sandbox_refund_declined`.
        """;

    public static void AddApiDocument(this IServiceCollection services) => services.AddOpenApi("v1", options =>
    {
        options.OpenApiVersion = OpenApiSpecVersion.OpenApi3_1;
        options.AddOperationTransformer(OperationDetails.Add);
        options.AddSchemaTransformer(SchemaDetails.Add);
        options.CreateSchemaReferenceId = type =>
            (Nullable.GetUnderlyingType(type.Type) ?? type.Type) == typeof(JsonElement)
                ? null : OpenApiOptions.CreateDefaultSchemaReferenceId(type);
        options.AddDocumentTransformer((document, context, _) =>
        {
            document.Info = new OpenApiInfo
            {
                Title = "Commerce on Orleans", Version = "1", Description = Introduction,
                License = new OpenApiLicense { Name = "MIT", Identifier = "MIT" },
            };
            document.Servers = [new OpenApiServer { Url = "/" }];
            document.Components ??= new OpenApiComponents();
            document.Components.Schemas ??= new Dictionary<string, IOpenApiSchema>();
            document.Components.Schemas["Problem"] = SchemaDetails.Problem();
            document.Components.SecuritySchemes = new Dictionary<string, IOpenApiSecurityScheme>
            {
                [Bearer] = new OpenApiSecurityScheme
                {
                    Type = SecuritySchemeType.Http, Scheme = "bearer",
                    Description =
                        "An access token (RFC 9068) of an issuer that is accepted here, an API key, or a guest's link to an order.",
                },
            };
            document.Security = [new OpenApiSecurityRequirement { [new OpenApiSecuritySchemeReference(Bearer, document)] = [] }];
            Sort(document, context);
            SchemaDetails.CloseBodies(document);
            SchemaDetails.WidenReceipts(document);
            return Task.CompletedTask;
        });
    });

    // Headings in their order, and under each its operations as they are mapped, its own area first: so each example can be tried
    // after those before it.
    private static void Sort(OpenApiDocument document, OpenApiDocumentTransformerContext context)
    {
        var endpoints = context.DescriptionGroups.SelectMany(g => g.Items).DistinctBy(i => i.RelativePath)
            .ToDictionary(i => $"/{i.RelativePath}", i => i.ActionDescriptor.EndpointMetadata.OfType<Heading>().ToList());
        var headings = Heading.InOrder(endpoints.Values.Select(h => h[^1]));
        document.Tags = headings.Select(h => new OpenApiTag { Name = h.Name, Description = h.About }).ToHashSet();
        var order = headings.Index().ToDictionary(h => h.Item, h => h.Index);
        var paths = new OpenApiPaths();
        foreach (var (path, item) in document.Paths.OrderBy(p => order[endpoints[p.Key][^1]]).ThenBy(p => endpoints[p.Key].Count))
            paths.Add(path, item);
        document.Paths = paths;
    }

    public static void MapApiDocument(this WebApplication app) => app.MapOpenApi("/openapi/{documentName}.json").AllowAnonymous();
}
