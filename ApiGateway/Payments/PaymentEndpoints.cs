using Commerce.Kernel;
using Commerce.Payments;
using Microsoft.AspNetCore.Http.HttpResults;
using Moved = Microsoft.AspNetCore.Http.HttpResults.Results<
    Microsoft.AspNetCore.Http.HttpResults.Ok<Commerce.Payments.PaymentView>,
    Microsoft.AspNetCore.Http.HttpResults.Accepted<Commerce.Payments.PaymentView>>;

namespace Commerce.ApiGateway;

/// <summary>Captures or refunds.</summary>
/// <param name="Id"><c>cap_…</c> or <c>rfd_…</c>, unique within the payment; made from the idempotency key when not given.</param>
/// <param name="Amount">Minor units; when not given, all that is left.</param>
/// <param name="OccurredAt">The day it is booked on, if not now.</param>
/// <param name="Reason">For a person.</param>
internal sealed record NewMovement(string? Id, long? Amount, DateTimeOffset? OccurredAt, string? Reason);

/// <summary>Payments over HTTP.</summary>
internal sealed class PaymentEndpoints : IEndpoints
{
    private const string CaptureExample = """{ "id": "cap_deposit", "amount": 200, "reason": "deposit" }""";

    private const string RefundExample = """{ "id": "rfd_goodwill", "amount": 100, "reason": "goodwill" }""";

    private const string VoidExample = """{ "reason": "paid in cash" }""";

    /// <summary>Where payments stand.</summary>
    public static readonly Heading Heading = new("Payments", "What is authorized, captured and given back for an order.");

    private static readonly PathParameter Id =
        new("id", "The payment's id; the payment of order ord_X is pay_X.", "pay_1001", "unknown_payment");

    private const string Wait =
        "Answers 202 as soon as it is durable. With 'Prefer: wait=N' it waits up to N seconds for the provider's answer.";

    public static IReadOnlyDictionary<string, string> Codes { get; } = new Dictionary<string, string>
    {
        ["unknown_payment"] = "There is no payment with this id.",
        ["capture_exceeds_authorization"] = "More would be captured than is authorized and not captured.",
        ["refund_exceeds_capture"] = "More would be given back than is captured and not refunded.",
        ["movement_exists"] = "The payment has a capture or refund with this id already, of another amount or day.",
        ["invalid_amount"] = "The amount is not one that can be moved.",
    };

    public static void Map(IEndpointRouteBuilder routes)
    {
        var area = routes.Area(Heading, Id);
        area.MapGet("/payments/{id}", Get)
            .Needs("payments:read").As("getPayment", "Gets a payment", "The payment of order ord_X is pay_X.").Means(200, "The payment.");
        Move<NewMovement>(area, "captures", "capturePayment", "Takes part or all of what is authorized", CaptureExample, Capture, true)
            .Needs("payments:capture")
            .Refuses(409, "move_not_allowed", "capture_exceeds_authorization", "movement_exists")
            .Refuses(422, "invalid_id", "invalid_amount", "invalid_time", "period_closed");
        Move<NewMovement>(area, "refunds", "refundPayment", "Gives back part or all of what was captured", RefundExample, Refund, true)
            .Needs("payments:refund")
            .Refuses(409, "refund_exceeds_capture", "movement_exists")
            .Refuses(422, "invalid_id", "invalid_amount", "invalid_time", "period_closed");
        Move<VoidPayment>(area, "void", "voidPayment", "Gives back what is authorized and not captured", VoidExample, Void)
            .Needs("payments:void")
            .Refuses(422, "reason_required");
    }

    private static RouteHandlerBuilder Move<T>(
        RouteGroupBuilder area, string segment, string name, string summary, string example, Delegate handler, bool optional = false)
        where T : class => area.MapPost($"/payments/{{id}}/{segment}", handler)
            .As(name, summary, Wait).Reads<T>(example, optional).Changes(waits: true).Refuses(410, "erased")
            .Means(200, "The provider has answered; the movement tells what.")
            .Means(202, "Accepted; the provider is being asked.");

    private static async Task<Results<Ok<PaymentView>, NotModified>> Get(string id, ApiRequest request, IEntities entities)
    {
        var view = await request.Find(Find(entities, id).Get(), "payment", id);
        return ApiResults.Found(request, view, view.Version);
    }

    private static Task<Moved> Capture(string id, ApiRequest request, IEntities entities) =>
        Move<NewMovement>(id, request, entities, (payment, body, call) => payment.Capture(
            new CapturePayment(request.NewId("cap", body.Id), body.Amount, body.OccurredAt, body.Reason), call));

    private static Task<Moved> Refund(string id, ApiRequest request, IEntities entities) =>
        Move<NewMovement>(id, request, entities, (payment, body, call) => payment.Refund(
            new RefundPayment(request.NewId("rfd", body.Id), body.Amount, body.OccurredAt, body.Reason), call));

    private static Task<Moved> Void(string id, ApiRequest request, IEntities entities) =>
        Move<VoidPayment>(id, request, entities, (payment, body, call) => payment.Void(body, call));

    private static async Task<Moved> Move<T>(
        string id, ApiRequest request, IEntities entities, Func<IPayment, T, CallContext, Task<Result<PaymentView>>> ask) where T : class
    {
        var payment = Find(entities, id);
        var body = await request.Read<T>();
        var accepted = await request.Change(body, call => ask(payment, body, call));
        return await request.Wait(accepted.Settled ? accepted : null, payment.WhenSettled) is { Settled: true } settled
            ? ApiResults.Ok(request, settled, settled.Version)
            : ApiResults.Accepted(request, $"/payments/{id}", accepted, accepted.Version);
    }

    private static IPayment Find(IEntities entities, string id) =>
        Ids.Has("pay", id) ? entities.Get<IPayment>(id) : throw Problems.Unknown("payment", id);
}
