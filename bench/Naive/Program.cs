using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Commerce.Hosting;
using Commerce.Naive;

// A common first Orleans service: one grain an entity, each writing its state on every call. The bench compares with it.
StopWithParent.Begin();
var builder = WebApplication.CreateSlimBuilder(args);
builder.Logging.SetMinimumLevel(LogLevel.Warning).AddFilter("Orleans", LogLevel.Error);
var gateway = await builder.AddOrleans();
var app = builder.Build();
app.Lifetime.ApplicationStarted.Register(() => Console.WriteLine($"ready: {app.Urls.First()}"));
if (gateway) Map(app, app.Services.GetRequiredService<IClusterClient>());
await app.RunAsync();

static void Map(WebApplication app, IClusterClient grains)
{
    app.MapPost("/products", async (JsonElement body) =>
    {
        var price = body.GetProperty("prices")[0];
        await grains.GetGrain<INaiveProductGrain>(body.GetProperty("sku").GetString()!).Define(
            body.GetProperty("name").GetString()!, price.GetProperty("currency").GetString()!, price.GetProperty("unitPrice").GetInt64());
        return Results.StatusCode(StatusCodes.Status201Created);
    });

    app.MapPost("/stock/{sku}/receipts", async (string sku, JsonElement body) =>
    {
        await grains.GetGrain<INaiveStockGrain>(sku).Receive(body.GetProperty("quantity").GetInt64());
        return Results.Ok();
    });

    app.MapPost("/orders", async (HttpRequest request, CancellationToken cancel) =>
    {
        using var buffer = new MemoryStream();
        await request.Body.CopyToAsync(buffer, cancel);
        var bytes = buffer.GetBuffer().AsMemory(0, (int)buffer.Length);
        var order = JsonSerializer.Deserialize<NaiveNewOrder>(bytes.Span, JsonSerializerOptions.Web)!;
        if (request.Headers["Idempotency-Key"].ToString() is not { Length: > 0 } key)
            return Results.Problem("An Idempotency-Key is needed.", statusCode: StatusCodes.Status400BadRequest);
        var id = $"ord_{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(key)).AsSpan(0, 16))}";
        var placed = await grains.GetGrain<INaiveOrderGrain>(id).Place(SHA256.HashData(bytes.Span), order);
        return placed.Order is { } view
            ? Results.Created($"/orders/{id}", view)
            : Results.Problem(placed.Refusal, statusCode: StatusCodes.Status422UnprocessableEntity);
    });

    app.MapPost("/orders/{id}/shipments", async (string id) =>
        await grains.GetGrain<INaiveOrderGrain>(id).Ship() is { } view ? Results.Ok(view) : Results.NotFound());

    app.MapGet("/orders/{id}", async (string id) =>
        await grains.GetGrain<INaiveOrderGrain>(id).View() is { } view ? Results.Ok(view) : Results.NotFound());
}
