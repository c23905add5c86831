using Commerce.Catalogue;
using Commerce.Inventory;
using Commerce.Kernel;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Commerce.ApiGateway;

/// <summary>Stock over HTTP.</summary>
internal sealed class StockEndpoints : IEndpoints
{
    private const string ReceiptExample = """{ "quantity": 100, "reference": "delivery note 4711" }""";

    private const string AdjustmentExample = """{ "change": -2, "reason": "broken on the shelf" }""";

    private const string BackorderExample = """{ "allowed": false }""";

    private static readonly Heading Heading = new("Inventory", "What is on the shelves, what is held for orders, and what moved.");

    private static readonly PathParameter OfSku =
        new("sku", "The product's SKU; percent-encode what needs it.", "MUG-WHITE", "unknown_sku");

    private static readonly QueryParameter<string> Sku = Query.Words("sku", "Only this SKU.");
    private static readonly QueryParameter<MovementKind?> Kind = Query.OneOf<MovementKind>("kind", "Only these.");
    private static readonly QueryParameter<Moment?> From = Query.From("Occurred");
    private static readonly QueryParameter<Moment?> To = Query.To("Occurred");

    public static IReadOnlyDictionary<string, string> Codes { get; } = new Dictionary<string, string>
    {
        ["unknown_sku"] = "There is no product with this SKU, so there is no stock of it.",
        ["no_stock_kept"] = "The product is a service: no stock is kept of it.",
        ["invalid_quantity"] = "A quantity is not one that can be ordered, moved or received.",
        ["not_enough_stock"] = "Less is available than would be taken: the rest is held for orders.",
        ["not_on_shelf"] = "More would leave the shelf than is on it.",
        ["reason_required"] = "A correction by hand has no reason, and the books must be able to tell why.",
    };

    public static void Map(IEndpointRouteBuilder routes)
    {
        var area = routes.Area(Heading, OfSku);
        area.MapPost("/stock/{sku}/receipts", Receive)
            .Needs("stock:receive").As("receiveStock", "Receives units").Reads<ReceiveStock>(ReceiptExample).Changes()
            .Refuses(422, "unknown_sku", "no_stock_kept", "invalid_quantity", "invalid_time")
            .Means(200, "The level after it.");
        area.MapPost("/stock/{sku}/adjustments", Adjust)
            .Needs("stock:adjust")
            .As("adjustStock", "Corrects what is on hand, with a reason").Reads<AdjustStock>(AdjustmentExample).Changes()
            .Refuses(409, "not_enough_stock", "not_on_shelf")
            .Refuses(422, "unknown_sku", "no_stock_kept", "invalid_quantity", "invalid_time", "reason_required")
            .Means(200, "The level after it.");
        area.MapPut("/stock/{sku}/backorder", AllowBackorder)
            .Needs("stock:backorder")
            .As("allowBackorder", "Allows or forbids to sell more than is on hand").Reads<AllowBackorder>(BackorderExample).Changes()
            .Refuses(409, "not_enough_stock").Refuses(422, "unknown_sku", "no_stock_kept")
            .Means(200, "The level after it.");
        area.MapGet("/stock", List).Needs("stock:read").As("listStock", "Lists stock levels").Paged()
            .Means(200, "A page of levels, by SKU.");
        area.MapGet("/stock/{sku}", Get)
            .Needs("stock:read")
            .As("getStock", "Gets the stock of a SKU", "Available is on hand less held. Goods that nothing has happened to have none.")
            .Means(200, "The level.");
        area.MapGet("/stock-movements", Movements)
            .Needs("stock:history").As("listStockMovements", "Lists what moved stock, oldest first").Paged(Sku, Kind, From, To)
            .Means(200, "A page of movements, by time of occurrence.");
    }

    private static async Task<Ok<Page<StockLevel>>> List(ApiRequest request, IStockQueries stock) =>
        ApiResults.Page(request, await stock.List(request.Page, request.Cancel));

    private static async Task<Ok<Page<StockMovement>>> Movements(ApiRequest request, IStockQueries stock)
    {
        var (from, to) = request.Range(From, To);
        return ApiResults.Page(
            request, await stock.Movements(request.Get(Sku), request.Get(Kind), from, to, request.Page, request.Cancel));
    }

    private static async Task<Results<Ok<StockLevel>, NotModified>> Get(string sku, ApiRequest request, IEntities entities)
    {
        if (!Ids.IsSku(sku)) throw Problems.Unknown("sku", sku);
        var level = await request.InTime(entities.Get<IStock>(sku).Get());
        if (level is null)
        {
            var product = await request.InTime(entities.Get<IProduct>(sku).Get());
            if (product is not { Kind: ProductKind.Goods }) throw Problems.Unknown("sku", sku);
            level = new StockLevel(sku, 0, 0, false, 0);
        }

        return ApiResults.Found(request, level, level.Version);
    }

    private static Task<Ok<StockLevel>> Receive(string sku, ApiRequest request, IEntities entities) =>
        Change<ReceiveStock>(sku, request, entities, (stock, body, call) => stock.Receive(body, call));

    private static Task<Ok<StockLevel>> Adjust(string sku, ApiRequest request, IEntities entities) =>
        Change<AdjustStock>(sku, request, entities, (stock, body, call) => stock.Adjust(body, call));

    private static Task<Ok<StockLevel>> AllowBackorder(string sku, ApiRequest request, IEntities entities) =>
        Change<AllowBackorder>(sku, request, entities, (stock, body, call) => stock.AllowBackorder(body, call));

    private static async Task<Ok<StockLevel>> Change<TBody>(
        string sku, ApiRequest request, IEntities entities, Func<IStock, TBody, CallContext, Task<Result<StockLevel>>> ask)
        where TBody : class
    {
        if (!Ids.IsSku(sku)) throw Problems.Unknown("sku", sku);
        var body = await request.Read<TBody>();
        await MustBeGoods(sku, request, entities);
        var level = await request.Change(body, call => ask(entities.Get<IStock>(sku), body, call));
        return ApiResults.Ok(request, level, level.Version);
    }

    private static async Task MustBeGoods(string sku, ApiRequest request, IEntities entities)
    {
        var product = await request.InTime(entities.Get<IProduct>(sku).Get());
        if (product is null)
            throw Problems.Invalid("unknown_sku", "/sku", $"There is no product '{sku}' in the catalogue.", "Create the product first.");
        if (product.Kind != ProductKind.Goods)
            throw Problems.Invalid("no_stock_kept", "/sku", $"'{sku}' is a service: no stock is kept of it.", "Only goods have stock.");
    }
}
