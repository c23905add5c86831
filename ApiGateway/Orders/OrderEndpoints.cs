using Commerce.Kernel;
using Commerce.Orders;

namespace Commerce.ApiGateway;

/// <summary>Orders over HTTP. Orders are read from the order itself, so that whoever changed one sees the change.</summary>
internal static class OrderEndpoints
{
    private const string Wait =
        "Answers 202 as soon as it is durable. With 'Prefer: wait=N' it waits up to N seconds for the order to settle.";

    private static readonly QueryParameter<string> Customer = Query.Words("customer", "Only this customer's.");
    private static readonly QueryParameter<OrderStatus?> Status = Query.OneOf<OrderStatus>("status", "Only these.");
    private static readonly QueryParameter<DateTimeOffset?> From = Query.Instant("from", "Ordered at or after this.");
    private static readonly QueryParameter<DateTimeOffset?> To = Query.Instant("to", "Ordered before this.");
    private static readonly QueryParameter<string> Reference = Query.Words("reference", "Only with this reference.");

    /// <summary>Adds the routes.</summary>
    public static void MapOrders(this IEndpointRouteBuilder routes)
    {
        var area = routes.Area("Orders");
        area.MapPost("/orders", Place)
            .As("placeOrder", "Places an order", Wait).Reads<NewOrder>(Examples.Order).Changes(versioned: false, waits: true)
            .Gives<OrderView>(201, "Placed and settled: confirmed, or rejected with the reason.")
            .Gives<OrderReceipt>(202, "Placed; what follows goes on by itself.");
        area.MapGet("/orders", List)
            .As("listOrders", "Lists orders, the latest first").Paged(Customer, Status, From, To, Reference)
            .Gives<Page<OrderSummary>>(200, "A page of orders.");
        area.MapGet("/orders/{id}", Get).As("getOrder", "Gets an order").Gives<OrderView>(200, "The order.");
        Move<CancelOrder>(area, "cancel", "cancelOrder", "Cancels what has not shipped", Examples.Cancellation, Cancel);
        Move<NewShipment>(
            area, "shipments", "shipOrder", "Ships lines, or all that is left, and captures their money", Examples.Shipment, Ship, true);
        Move<NewReturn>(area, "returns", "returnItems", "Takes shipped units back and refunds them", Examples.Return, Return);
        area.MapGet("/orders/{id}/timeline", Timeline)
            .As("getOrderTimeline", "All that has happened to an order, for a person, oldest first").Paged()
            .Gives<Page<TimelineEntry>>(200, "A page of the timeline.");
    }

    private static void Move<T>(
        RouteGroupBuilder area, string segment, string name, string summary, string example, Delegate handler, bool optional = false)
        where T : class => area.MapPost($"/orders/{{id}}/{segment}", handler)
            .As(name, summary, Wait).Reads<T>(example, optional).Changes(waits: true)
            .Gives<OrderView>(200, "Done and settled.")
            .Gives<OrderReceipt>(202, "Accepted; what follows goes on by itself.");

    private static async Task<IResult> Place(Request request, IEntities entities)
    {
        var body = await request.Read<NewOrder>();
        var id = request.NewId("ord", body.Id);
        var order = entities.Get<IOrder>(id);
        var receipt = await request.Change(body, call => order.Place(body.ToCommand(), call));
        return await Settled(request, order, receipt) is { } view
            ? Answers.Created(request, $"/orders/{id}", view, view.Version)
            : Accepted(request, receipt);
    }

    private static async Task<IResult> Cancel(string id, Request request, IEntities entities)
    {
        var order = Find(entities, id);
        var body = await request.Read<CancelOrder>();
        return await Moved(request, order, body, call => order.Cancel(body, call));
    }

    private static async Task<IResult> Ship(string id, Request request, IEntities entities)
    {
        var order = Find(entities, id);
        var body = await request.Read<NewShipment>();
        var command = new ShipOrder(request.NewId("shp", body.Id), body.Lines, body.Carrier, body.TrackingNumber, body.ShippedAt);
        return await Moved(request, order, body, call => order.Ship(command, call));
    }

    private static async Task<IResult> Return(string id, Request request, IEntities entities)
    {
        var order = Find(entities, id);
        var body = await request.Read<NewReturn>();
        var command = new ReturnItems(request.NewId("ret", body.Id), body.Lines, body.Reason, body.Reference, body.ReturnedAt);
        return await Moved(request, order, body, call => order.Return(command, call));
    }

    private static async Task<IResult> Moved(
        Request request, IOrder order, object body, Func<CallContext, Task<Result<OrderReceipt>>> ask)
    {
        var receipt = await request.Change(body, ask);
        return await Settled(request, order, receipt) is { } view
            ? Answers.Ok(request, view, view.Version)
            : Accepted(request, receipt);
    }

    private static async Task<OrderView?> Settled(Request request, IOrder order, OrderReceipt receipt) =>
        await request.Wait(order.WhenSettled) is { Settled: true } view && view.Version >= receipt.Version ? view : null;

    private static IResult Accepted(Request request, OrderReceipt receipt) =>
        Answers.Accepted(request, $"/orders/{receipt.Id}", receipt, receipt.Version);

    private static async Task<IResult> List(Request request, IOrderQueries orders)
    {
        var filter = new OrderFilter(
            request.Get(Customer), request.Get(Status), request.Get(From), request.Get(To), request.Get(Reference));
        return Answers.Page(request, await orders.List(filter, request.Page, request.Cancel));
    }

    private static async Task<IResult> Get(string id, Request request, IEntities entities)
    {
        var view = await request.InTime(Find(entities, id).Get()) ?? throw Problems.Unknown("order", id);
        return Answers.Ok(request, view, view.Version);
    }

    private static async Task<IResult> Timeline(string id, Request request, Timelines timelines)
    {
        if (!Ids.Has("ord", id)) throw Problems.Unknown("order", id);
        return Answers.Page(request, await timelines.Read(OrdersCapability.Definition, "order", id, request, OrderTimeline.Tell));
    }

    private static IOrder Find(IEntities entities, string id) =>
        Ids.Has("ord", id) ? entities.Get<IOrder>(id) : throw Problems.Unknown("order", id);
}
