using Commerce.Catalogue;
using Commerce.Kernel;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Commerce.ApiGateway;

/// <summary>Creates a product.</summary>
/// <param name="Sku">1 to 64 ASCII letters, digits and signs, but none of / \ % ' " ` &lt; &gt;; single spaces inside are fine.</param>
/// <param name="Name">1 to 200 characters.</param>
/// <param name="Kind">Goods have stock; a service has none.</param>
/// <param name="TaxCategory">A word of the tax rules in use, <c>standard</c> when not given.</param>
/// <param name="Prices">Without one, an order must bring a negotiated price.</param>
internal sealed record NewProduct(string Sku, string Name, ProductKind Kind, string? TaxCategory, IReadOnlyList<Price>? Prices);

/// <summary>Nothing needs to be said.</summary>
internal sealed record Nothing;

/// <summary>Changes a product's name or tax category.</summary>
/// <param name="Name">1 to 200 characters.</param>
/// <param name="TaxCategory">1 to 40 characters; null: the standard one.</param>
internal sealed record ProductPatch(string? Name, string? TaxCategory) : IMergePatch;

/// <summary>The catalogue over HTTP.</summary>
internal sealed class ProductEndpoints : IEndpoints
{
    private const string NewExample = """
        {
          "sku": "MUG-WHITE",
          "name": "White mug",
          "kind": "goods",
          "taxCategory": "standard",
          "prices": [ { "currency": "GBP", "unitPrice": 255 } ]
        }
        """;

    private const string RevisionExample = """{ "name": "White stoneware mug" }""";

    private const string PriceExample = """{ "currency": "EUR", "unitPrice": 299.5, "validFrom": "2024-01-01T00:00:00Z" }""";

    private static readonly Heading Heading = new("Catalogue", "What is sold: products and their prices.");

    private static readonly PathParameter Sku =
        new("sku", "The product's SKU; percent-encode what needs it.", "MUG-WHITE", "unknown_product");

    private static readonly QueryParameter<string> Search = Query.Words(
        "search", "The beginning of the SKU or of any word of the name, in any case.");
    private static readonly QueryParameter<ProductStatus?> Status = Query.OneOf<ProductStatus>("status", "Only these.");

    public static IReadOnlyDictionary<string, string> Codes { get; } = new Dictionary<string, string>
    {
        ["may_not_price"] = "The caller may create products, but not set prices.",
        ["unknown_product"] = "There is no product with this SKU in the catalogue.",
        ["product_exists"] = "There is a product with this SKU already, and this request is not the one that created it.",
        ["invalid_sku"] = "The SKU has characters that SKUs do not have, or is too long.",
        ["invalid_tax_category"] = "The tax category is empty, too long, or has characters that cannot be kept.",
        ["too_many_prices"] = "The product would have more prices than one can have.",
        ["duplicate_price"] = "Two prices in one currency are valid from the same instant.",
        ["invalid_price"] = "A unit price is negative, too large, or finer than is kept.",
    };

    public static void Map(IEndpointRouteBuilder routes)
    {
        var area = routes.Area(Heading, Sku);
        area.MapPost("/products", Create)
            .Needs("catalogue:write").As("createProduct", "Creates a product").Reads<NewProduct>(NewExample).Changes(versioned: false)
            .Refuses(403, "may_not_price").Refuses(409, "product_exists")
            .Refuses(
                422, "invalid_sku", "invalid_name", "invalid_tax_category", "too_many_prices", "duplicate_price", "invalid_currency",
                "invalid_price")
            .Means(201, "Created.");
        area.MapGet("/products", List)
            .Needs("catalogue:read").As("listProducts", "Lists and searches products").Paged(Search, Status)
            .Means(200, "A page of products, by SKU.");
        area.MapGet("/products/{sku}", Get).Needs("catalogue:read").As("getProduct", "Gets a product").Means(200, "The product.");
        area.MapPatch("/products/{sku}", Revise)
            .Needs("catalogue:write").As("reviseProduct", "Changes name or tax category",
                "What is not given stays as it is; a tax category given as null is the standard one.")
            .Reads<ProductPatch>(RevisionExample).Changes()
            .Refuses(422, "invalid_name", "invalid_tax_category")
            .Means(200, "Changed.");
        area.MapPost("/products/{sku}/prices", SetPrice)
            .Needs("pricing:write").As("setPrice", "Sets the price in one currency, from an instant on",
                "Unit prices are in minor units and may have up to 6 decimals.")
            .Reads<Price>(PriceExample).Changes()
            .Refuses(422, "invalid_currency", "invalid_price", "too_many_prices")
            .Means(200, "The product with the price.");
        area.MapPost("/products/{sku}/withdraw", Withdraw)
            .Needs("catalogue:write").As("withdrawProduct", "Takes a product off sale", "Orders placed before are not touched.").Changes()
            .Means(200, "Withdrawn.");
        area.MapPost("/products/{sku}/reinstate", Reinstate)
            .Needs("catalogue:write").As("reinstateProduct", "Puts a product back on sale").Changes()
            .Means(200, "On sale.");
    }

    private static async Task<Created<ProductView>> Create(ApiRequest request, IEntities entities)
    {
        var body = await request.Read<NewProduct>();
        if (!Ids.IsSku(body.Sku))
            throw new ProblemException(Problems.Of(ProductRules.BadSku(Text.Shorten(body.Sku))));
        var command = new CreateProduct(body.Name, body.Kind, body.TaxCategory, body.Prices);
        var view = await request.Change(body, call => entities.Get<IProduct>(body.Sku).Create(command, call));
        return ApiResults.Created(request, $"/products/{Uri.EscapeDataString(view.Sku)}", view, view.Version);
    }

    private static async Task<Ok<Page<ProductView>>> List(ApiRequest request, IProductQueries products) => ApiResults.Page(
        request, await products.List(request.Get(Search), request.Get(Status), request.Page, request.Cancel));

    private static async Task<Results<Ok<ProductView>, NotModified>> Get(string sku, ApiRequest request, IEntities entities)
    {
        var view = await request.InTime(Find(entities, sku).Get()) ?? throw Problems.Unknown("product", sku);
        return ApiResults.Found(request, view, view.Version);
    }

    private static Task<Ok<ProductView>> Revise(string sku, ApiRequest request, IEntities entities) =>
        Change<ProductPatch>(sku, request, entities, (product, body, call) =>
        {
            request.Keeps("name", "invalid_name");
            return product.Revise(
                new ReviseProduct(
                    body.Name, request.Removes("taxCategory") ? ProductRules.DefaultTaxCategory : body.TaxCategory), call);
        });

    private static Task<Ok<ProductView>> SetPrice(string sku, ApiRequest request, IEntities entities) =>
        Change<Price>(sku, request, entities, (product, body, call) => product.SetPrice(body, call));

    private static Task<Ok<ProductView>> Withdraw(string sku, ApiRequest request, IEntities entities) =>
        Change<Nothing>(sku, request, entities, (product, _, call) => product.Withdraw(call));

    private static Task<Ok<ProductView>> Reinstate(string sku, ApiRequest request, IEntities entities) =>
        Change<Nothing>(sku, request, entities, (product, _, call) => product.Reinstate(call));

    private static async Task<Ok<ProductView>> Change<TBody>(
        string sku, ApiRequest request, IEntities entities, Func<IProduct, TBody, CallContext, Task<Result<ProductView>>> ask)
        where TBody : class
    {
        var product = Find(entities, sku);
        var body = await request.Read<TBody>();
        var view = await request.Change(body, call => ask(product, body, call));
        return ApiResults.Ok(request, view, view.Version);
    }

    private static IProduct Find(IEntities entities, string sku) =>
        Ids.IsSku(sku) ? entities.Get<IProduct>(sku) : throw Problems.Unknown("product", sku);
}
