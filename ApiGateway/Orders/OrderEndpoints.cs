using Commerce.Kernel;
using Commerce.Orders;
using Microsoft.AspNetCore.Http.HttpResults;
using Moved = Microsoft.AspNetCore.Http.HttpResults.Results<
    Microsoft.AspNetCore.Http.HttpResults.Ok<Commerce.Orders.OrderView>,
    Microsoft.AspNetCore.Http.HttpResults.Accepted<Commerce.ApiGateway.OrderReceipt>>;

namespace Commerce.ApiGateway;

/// <summary>Orders over HTTP. Reads go to the order itself, so that a caller sees its own changes.</summary>
internal sealed class OrderEndpoints : IEndpoints
{
    private const string NewExample = """
        {
          "id": "ord_1001",
          "customerId": "cus_ada",
          "currency": "GBP",
          "lines": [ { "sku": "MUG-WHITE", "quantity": 3 } ],
          "shippingAddress": { "line1": "12 St James's Square", "city": "London", "postalCode": "SW1Y 4JH", "country": "GB" },
          "paymentMethod": "pm_sandbox_ok",
          "reference": "web 1001"
        }
        """;

    private const string ShipmentExample = """
        { "id": "shp_1", "lines": [ { "line": 1, "quantity": 2 } ], "carrier": "Royal Mail", "trackingNumber": "RM123456785GB" }
        """;

    private const string PaymentExample = """{ "id": "pay_1001b", "paymentMethod": "pm_sandbox_ok" }""";

    private const string ReturnExample = """{ "id": "ret_1", "lines": [ { "line": 1, "quantity": 1 } ], "reason": "arrived chipped" }""";

    private const string ReceiptExample = """{ "returnedAt": null }"""; // a day would have to be after the shipment's

    private const string RejectionExample = """{ "reason": "the goods were worn" }""";

    private const string CancellationExample = """{ "reason": "the customer changed their mind" }""";

    /// <summary>Where orders stand.</summary>
    public static readonly Heading Heading = new("Orders", "From the order to its shipment, and all that happens on the way.");

    private static readonly Heading Returns = new("Returns", "What is given back or cancelled after all.", PaymentEndpoints.Heading.Name);

    /// <summary>The order of a path.</summary>
    public static readonly PathParameter Id = new("id", "The order's id.", "ord_1001", "unknown_order");

    private static readonly PathParameter ReturnId = new("returnId", "The return's id.", "ret_1", "unknown_return");

    private const string Placing =
        $"{Wait} A guest's answer has the header {GuestLinks.Header}: what reads, pays, cancels and returns this one order, for 90 days.";

    private const string Wait =
        "Answers 202 as soon as it is durable. With 'Prefer: wait=N' it waits up to N seconds for the order to settle.";

    private static readonly QueryParameter<string> Customer = Query.Words("customer", "Only this customer's.");
    private static readonly QueryParameter<string> Email = Query.Words("email", "Only of guests with this e-mail address, in any case.");
    private static readonly QueryParameter<OrderStatus?> Status = Query.OneOf<OrderStatus>("status", "Only these.");
    private static readonly QueryParameter<Moment?> From = Query.From("Ordered");
    private static readonly QueryParameter<Moment?> To = Query.To("Ordered");
    private static readonly QueryParameter<string> Reference = Query.Words("reference", "Only with this reference.");

    public static IReadOnlyDictionary<string, string> Codes { get; } = new Dictionary<string, string>
    {
        ["unknown_order"] = "There is no order with this id.",
        ["order_exists"] = "There is an order with this id already, and this request is not the one that placed it.",
        ["may_not_negotiate"] = "The caller may not set prices: only the catalogue's price is possible.",
        ["may_not_import"] = "The caller may not give business times of the past: that is for imports from another system.",
        ["invalid_guest"] = "There are both a customer and a guest.",
        ["no_lines"] = "There is no line, and one is needed.",
        ["too_many_lines"] = "There are more lines than an order or a credit note can have.",
        ["product_withdrawn"] = "The product is not on sale any more.",
        ["no_price"] = "The product has no price in this currency, and the line has none either.",
        ["total_too_large"] = "The amount of a line, or the total, is larger than any that can be booked.",
        ["payment_method_required"] = "The total is not zero, and nothing says how it is paid.",
        ["invalid_payment_method"] = "The payment method is empty, too long, or has characters that cannot be kept.",
        ["invalid_reference"] = "The reference is empty, too long, or has characters that cannot be kept.",
        ["invalid_reason"] = "The reason is empty, too long, or has characters that cannot be kept.",
        ["shipment_exists"] = "The order has a shipment with this id already, of other lines.",
        ["shipment_exceeds_order"] = "More would ship than is ordered and not shipped, returned or cancelled.",
        ["payment_required"] = "The money for this shipment is neither captured nor authorized any more.",
        ["invalid_carrier"] = "The carrier is empty, too long, or has characters that cannot be kept.",
        ["invalid_tracking_number"] = "The tracking number is empty, too long, or has characters that cannot be kept.",
        ["unknown_line"] = "The order has no line with this number.",
        ["duplicate_line"] = "A line is there twice.",
        ["payment_exists"] = "The order has a payment with this id already.",
        ["payment_pending"] = "Another payment of the order is being authorized at this moment.",
        ["nothing_to_pay"] = "All that the order costs is captured already.",
        ["return_exists"] = "The order has a return with this id already, of other lines.",
        ["return_exceeds_shipment"] = "More would come back than has shipped, is not back and was not asked for.",
        ["unknown_return"] = "The order has no return with this id.",
        ["may_not_receive"] = "The caller may ask for returns, and not take goods in.",
        ["too_many_returns"] = "The order has many returns that were asked for and not received.",
    };

    public static void Map(IEndpointRouteBuilder routes)
    {
        var area = routes.Area(Heading, Id, ReturnId);
        area.MapPost("/orders", Place)
            .Needs("orders:place")
            .As("placeOrder", "Places an order", Placing).Reads<NewOrder>(NewExample).Changes(versioned: false, waits: true)
            .CountsAs(RouteClass.Place)
            .Refuses(403, "may_not_negotiate", "may_not_import", "may_not_set").Refuses(409, "order_exists").Refuses(410, "erased")
            .Refuses(422, [
                "invalid_id", "invalid_currency", "invalid_guest", "invalid_email", "unknown_customer", "no_lines", "too_many_lines",
                "unknown_sku", "invalid_quantity", "invalid_price", "product_withdrawn", "no_price", "total_too_large",
                "payment_method_required", "invalid_payment_method", "invalid_time", "period_closed", "invalid_reference",
                .. RefusalCodes.Address])
            .Means(201, "Placed and settled: confirmed, or rejected with the reason.")
            .Means(202, "Placed; what follows goes on by itself.");
        area.MapGet("/orders", List)
            .Needs("orders:list").As("listOrders", "Lists orders, the latest first").Paged(Customer, Email, Status, From, To, Reference)
            .Means(200, "A page of orders.");
        area.MapGet("/orders/{id}", Get).Needs("orders:read").As("getOrder", "Gets an order").Means(200, "The order.");
        Move<NewShipment>(
            area, "shipments", "shipOrder", "Ships lines, or all that is left, and captures their money", ShipmentExample, Ship, true)
            .Needs("orders:ship")
            .Refuses(409, "shipment_exists", "move_not_allowed", "shipment_exceeds_order", "payment_pending", "payment_required")
            .Refuses(
                422, "invalid_id", "invalid_carrier", "invalid_tracking_number", "invalid_time", "period_closed", "no_lines",
                "unknown_line", "duplicate_line", "invalid_quantity");
        area.MapGet("/orders/{id}/timeline", Timeline)
            .Needs("orders:history").As("getOrderTimeline", "All that has happened to an order, for a person, oldest first").Paged()
            .Means(200, "A page of the timeline.");
        Move<NewPayment>(
            area, "payments", "payOrder", "Authorizes anew what is not captured yet, by the same method or another", PaymentExample, Pay)
            .Needs("orders:pay").CountsAs(RouteClass.Place)
            .Refuses(409, "payment_exists", "move_not_allowed", "payment_pending", "nothing_to_pay")
            .Refuses(403, "may_not_set").Refuses(422, "invalid_id", "invalid_payment_method")
            .Under(PaymentEndpoints.Heading);
        Move<NewReturn>(
            area, "returns", "requestReturn", "Asks to give shipped units back; takes in what is here already", ReturnExample, Return)
            .Needs("orders:return-request")
            .Refuses(403, "may_not_set", "may_not_receive")
            .Refuses(409, "return_exists", "move_not_allowed", "return_exceeds_shipment", "too_many_returns")
            .Refuses(
                422, "invalid_id", "invalid_reason", "invalid_reference", "invalid_time", "period_closed", "no_lines", "unknown_line",
                "duplicate_line", "invalid_quantity")
            .Under(Returns);
        Move<ReturnReceipt>(
            area, "returns/{returnId}/receipt", "receiveReturn", "Takes a return's units in: they are restocked and refunded",
            ReceiptExample, ReceiveReturn, true)
            .Needs("orders:return-receive")
            .Refuses(409, "move_not_allowed").Refuses(422, "invalid_time", "period_closed")
            .Under(Returns);
        Move<ReturnRejection>(
            area, "returns/{returnId}/rejection", "rejectReturn", "Does not take a return; its units can be asked for again",
            RejectionExample, RejectReturn)
            .Needs("orders:return-receive")
            .Refuses(409, "move_not_allowed").Refuses(422, "invalid_reason")
            .Under(Returns);
        Move<CancelOrder>(area, "cancel", "cancelOrder", "Cancels what has not shipped", CancellationExample, Cancel)
            .Needs("orders:cancel")
            .Refuses(409, "move_not_allowed").Refuses(422, "invalid_reason")
            .Under(Returns);
    }

    private static RouteHandlerBuilder Move<T>(
        RouteGroupBuilder area, string segment, string name, string summary, string example, Delegate handler, bool optional = false)
        where T : class => area.MapPost($"/orders/{{id}}/{segment}", handler)
            .As(name, summary, Wait).Reads<T>(example, optional).Changes(waits: true).Refuses(410, "erased")
            .Means(200, "Done and settled.")
            .Means(202, "Accepted; what follows goes on by itself.");

    private static async Task<Results<Created<OrderView>, Accepted<OrderReceipt>>> Place(
        ApiRequest request, IEntities entities, GuestLinks links)
    {
        var body = await request.Read<NewOrder>();
        var id = request.NewId("ord", body.Id);
        if (body.Lines.Any(line => line.UnitPrice is not null)) await request.Record("negotiatePrices");
        var order = entities.Get<IOrder>(id);
        var answer = await request.Change(body, call => order.Place(body.ToCommand(request.Caller), call));
        if (request.Caller.Reach == Reach.Nothing) request.Http.Response.Headers[GuestLinks.Header] = links.Make(id);
        var seen = await Seen(request, order, answer);
        return seen is { Settled: true }
            ? ApiResults.Created(request, $"/orders/{id}", seen, seen.Version)
            : Accepted(request, answer, seen);
    }

    private static async Task<Moved> Cancel(string id, ApiRequest request, IEntities entities)
    {
        var order = Find(entities, id);
        var body = await request.Read<CancelOrder>();
        return await Move(request, order, body, call => order.Cancel(body, call));
    }

    private static async Task<Moved> Ship(string id, ApiRequest request, IEntities entities)
    {
        var order = Find(entities, id);
        var body = await request.Read<NewShipment>();
        var command = new ShipOrder(request.NewId("shp", body.Id), body.Lines, body.Carrier, body.TrackingNumber, body.ShippedAt);
        return await Move(request, order, body, call => order.Ship(command, call));
    }

    private static async Task<Moved> Pay(string id, ApiRequest request, IEntities entities)
    {
        var order = Find(entities, id);
        var body = await request.Read<NewPayment>();
        var command = new PayOrder(request.NewId("pay", body.Id), body.PaymentMethod);
        return await Move(request, order, body, call => order.Pay(command, call));
    }

    private static async Task<Moved> Return(string id, ApiRequest request, IEntities entities)
    {
        var order = Find(entities, id);
        var body = await request.Read<NewReturn>();
        if (body.Received is true) await request.Record("receiveReturn");
        var command = new ReturnItems(
            request.NewId("ret", body.Id), body.Lines, body.Reason, body.Reference, body.Received ?? false, body.ReturnedAt);
        return await Move(request, order, body, call => order.Return(command, call));
    }

    private static async Task<Moved> ReceiveReturn(string id, string returnId, ApiRequest request, IEntities entities)
    {
        var order = Find(entities, id);
        var body = await request.Read<ReturnReceipt>();
        return await Move(request, order, body, call => order.ReceiveReturn(new ReceiveReturn(returnId, body.ReturnedAt), call));
    }

    private static async Task<Moved> RejectReturn(string id, string returnId, ApiRequest request, IEntities entities)
    {
        var order = Find(entities, id);
        var body = await request.Read<ReturnRejection>();
        return await Move(request, order, body, call => order.RejectReturn(new RejectReturn(returnId, body.Reason), call));
    }

    private static async Task<Moved> Move(
        ApiRequest request, IOrder order, object body, Func<CallContext, Task<Result<OrderAnswer>>> ask)
    {
        var answer = await request.Change(body, ask);
        var seen = await Seen(request, order, answer);
        return seen is { Settled: true }
            ? ApiResults.Ok(request, seen, seen.Version)
            : Accepted(request, answer, seen);
    }

    // The order once it has settled, or as it is when the wait is over; null: it is not waited for.
    private static async Task<OrderView?> Seen(ApiRequest request, IOrder order, OrderAnswer answer) =>
        await request.Wait(answer.Settled, order.WhenSettled) is { } view && view.Version >= answer.Version ? view : null;

    private static Accepted<OrderReceipt> Accepted(ApiRequest request, OrderAnswer answer, OrderView? seen)
    {
        var receipt = seen is null
            ? new OrderReceipt(answer.Id, answer.Status, answer.Total, answer.Version)
            : new OrderReceipt(seen.Id, seen.Status, seen.Total, seen.Version, seen.Waiting);
        return ApiResults.Accepted(request, $"/orders/{answer.Id}", receipt, receipt.Version);
    }

    private static async Task<Ok<Page<OrderSummary>>> List(ApiRequest request, IOrderQueries orders)
    {
        var (from, to) = request.Range(From, To);
        var filter = new OrderFilter(
            request.Get(Customer), request.Get(Status), from, to, request.Get(Reference), request.Get(Email));
        return ApiResults.Page(request, await orders.List(filter, request.Caller.Reach, request.Page, request.Cancel));
    }

    private static async Task<Results<Ok<OrderView>, NotModified>> Get(string id, ApiRequest request, IEntities entities)
    {
        var view = await request.Find(Find(entities, id).Get(), "order", id);
        return ApiResults.Found(request, view, view.Version);
    }

    private static async Task<Ok<Page<TimelineEntry>>> Timeline(
        string id, ApiRequest request, IEntities entities, TimelineReader timelines)
    {
        await request.Find(Find(entities, id).Get(), "order", id);
        return ApiResults.Page(request, await timelines.Read(OrdersCapability.Definition, "order", id, request, OrderTimeline.Tell));
    }

    private static IOrder Find(IEntities entities, string id) =>
        Ids.Has("ord", id) ? entities.Get<IOrder>(id) : throw Problems.Unknown("order", id);
}
