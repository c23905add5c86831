using System.Security.Cryptography;
using System.Text.Json;
using Commerce.Hosting;
using Commerce.Marten;
using JasperFx;
using Marten;
using Marten.Exceptions;
using Wolverine;

// Event-sourced orders on Marten, with Wolverine as the mediator: one process, one message and one transaction a step.
StopWithParent.Begin();
var postgres = Environment.GetEnvironmentVariable("MARTEN_POSTGRES")
    ?? throw new InvalidOperationException("MARTEN_POSTGRES is not set. Give an Npgsql connection string of an empty database.");
var builder = WebApplication.CreateSlimBuilder(args);

// A key that comes again, and a conflict that is tried again, are no errors here. What fails in the end is in the server's log.
builder.Logging.SetMinimumLevel(LogLevel.Warning).AddFilter("Marten", LogLevel.None).AddFilter("Commerce.Marten", LogLevel.None);
builder.Services.AddOrders(postgres);
var app = builder.Build();
app.Lifetime.ApplicationStarted.Register(() => Console.WriteLine($"ready: {app.Urls.First()}"));

app.MapPost("/products", async (JsonElement body, IDocumentSession session, CancellationToken cancel) =>
{
    var price = body.GetProperty("prices")[0];
    session.Insert(new Product(
        body.GetProperty("sku").GetString()!, body.GetProperty("name").GetString()!, price.GetProperty("currency").GetString()!,
        price.GetProperty("unitPrice").GetInt64()));
    try
    {
        await session.SaveChangesAsync(cancel);
    }
    catch (DocumentAlreadyExistsException)
    {
        // a product is defined once
    }

    return Results.StatusCode(StatusCodes.Status201Created);
});

app.MapPost("/stock/{sku}/receipts", async (string sku, JsonElement body, IMessageBus bus, CancellationToken cancel) =>
{
    await bus.InvokeAsync(new ReceiveStock(sku, body.GetProperty("quantity").GetInt64()), cancel);
    return Results.Ok();
});

app.MapPost("/orders", async (HttpRequest request, IMessageBus bus, IQuerySession session, CancellationToken cancel) =>
{
    using var buffer = new MemoryStream();
    await request.Body.CopyToAsync(buffer, cancel);
    var bytes = buffer.GetBuffer().AsMemory(0, (int)buffer.Length);
    var order = JsonSerializer.Deserialize<NewOrder>(bytes.Span, JsonSerializerOptions.Web)!;
    if (request.Headers["Idempotency-Key"].ToString() is not { Length: > 0 } key)
        return Results.Problem("An Idempotency-Key is needed.", statusCode: StatusCodes.Status400BadRequest);
    var (id, fingerprint) = (NewOrder.IdOf(key), SHA256.HashData(bytes.Span));
    try
    {
        var place = new PlaceOrder(id, fingerprint, order.Currency, order.PaymentMethod, order.Lines);
        if ((await bus.InvokeAsync<PlacingResult>(place, cancel)).Refusal is { } refusal)
            return Results.Problem(refusal, statusCode: StatusCodes.Status422UnprocessableEntity);
    }
    catch (ExistingStreamIdCollisionException)
    {
        var known = await session.LoadAsync<Order>(id, cancel);
        if (known is null || !known.Fingerprint.AsSpan().SequenceEqual(fingerprint))
            return Results.Problem("The key was used for another order.", statusCode: StatusCodes.Status422UnprocessableEntity);
    }

    // A step that is done already does nothing: a repeated request goes on where the process died.
    await bus.InvokeAsync(new HoldStock(id), cancel);
    await bus.InvokeAsync(new AuthorizePayment(id), cancel);
    return Results.Created($"/orders/{id}", OrderView.Of(await bus.InvokeAsync<Order>(new ConfirmOrder(id), cancel)));
});

app.MapPost("/orders/{id}/shipments", async (string id, IMessageBus bus, CancellationToken cancel) =>
{
    await bus.InvokeAsync(new PostStock(id), cancel);
    var shipped = await bus.InvokeAsync<Order?>(new CapturePayment(id), cancel);
    return shipped is null ? Results.NotFound() : Results.Ok(OrderView.Of(shipped));
});

app.MapGet("/orders/{id}", async (string id, IQuerySession session, CancellationToken cancel) =>
    await session.LoadAsync<Order>(id, cancel) is { } order ? Results.Ok(OrderView.Of(order)) : Results.NotFound());

await app.RunAsync();
