using System.Security.Cryptography;
using System.Text.Json;
using Commerce.Hosting;
using Commerce.Plain;
using Npgsql;

// The service that most would write by hand: one process, one database, one transaction a step. The bench compares with it.
StopWithParent.Begin();
var postgres = Environment.GetEnvironmentVariable("PLAIN_POSTGRES")
    ?? throw new InvalidOperationException("PLAIN_POSTGRES is not set. Give an Npgsql connection string of an empty database.");
var builder = WebApplication.CreateSlimBuilder(args);
builder.Logging.SetMinimumLevel(LogLevel.Warning);
await using var source = NpgsqlDataSource.Create($"{postgres};Max Auto Prepare=50;Auto Prepare Min Usages=2;No Reset On Close=true");
await using (var tables = source.CreateCommand(PlainSchema.Sql)) await tables.ExecuteNonQueryAsync();
var steps = new PlainSteps(source);
var app = builder.Build();

app.Lifetime.ApplicationStarted.Register(() => Console.WriteLine($"ready: {app.Urls.First()}"));

app.MapPost("/products", async (HttpRequest request, CancellationToken cancel) =>
{
    var body = await JsonSerializer.DeserializeAsync<JsonElement>(request.Body, cancellationToken: cancel);
    var price = body.GetProperty("prices")[0];
    await using var command = source.CreateCommand("insert into products values ($1, $2, $3, $4) on conflict (sku) do nothing");
    command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = body.GetProperty("sku").GetString()! });
    command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = body.GetProperty("name").GetString()! });
    command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = price.GetProperty("currency").GetString()! });
    command.Parameters.Add(new NpgsqlParameter<long> { TypedValue = price.GetProperty("unitPrice").GetInt64() });
    await command.ExecuteNonQueryAsync(cancel);
    return Results.StatusCode(StatusCodes.Status201Created);
});

app.MapPost("/stock/{sku}/receipts", async (string sku, HttpRequest request, CancellationToken cancel) =>
{
    var body = await JsonSerializer.DeserializeAsync<JsonElement>(request.Body, cancellationToken: cancel);
    await using var command = source.CreateCommand(
        "insert into stock (sku, on_hand) values ($1, $2) on conflict (sku) do update set on_hand = stock.on_hand + excluded.on_hand");
    command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = sku });
    command.Parameters.Add(new NpgsqlParameter<long> { TypedValue = body.GetProperty("quantity").GetInt64() });
    await command.ExecuteNonQueryAsync(cancel);
    return Results.Ok();
});

app.MapPost("/orders", async (HttpRequest request, CancellationToken cancel) =>
{
    using var buffer = new MemoryStream();
    await request.Body.CopyToAsync(buffer, cancel);
    var bytes = buffer.GetBuffer().AsMemory(0, (int)buffer.Length);
    var order = JsonSerializer.Deserialize<PlainNewOrder>(bytes.Span, JsonSerializerOptions.Web)!;
    if (request.Headers["Idempotency-Key"].ToString() is not { Length: > 0 } key)
        return Results.Problem("An Idempotency-Key is needed.", statusCode: StatusCodes.Status400BadRequest);
    var (id, fingerprint) = (order.Id ?? $"ord_{Guid.CreateVersion7():N}", SHA256.HashData(bytes.Span));
    if (!await steps.Place(id, key, fingerprint, order, cancel))
    {
        if (await steps.Known(key, cancel) is not { } known)
            return Results.Problem("A product is not known, or the order exists.", statusCode: StatusCodes.Status422UnprocessableEntity);
        if (!known.Fingerprint.AsSpan().SequenceEqual(fingerprint))
            return Results.Problem("The key was used for another order.", statusCode: StatusCodes.Status422UnprocessableEntity);
        id = known.Order;
    }

    // A step that is done already does nothing: a repeated request goes on where the process died.
    if (await steps.Hold(id, cancel))
    {
        await steps.Authorize(id, cancel); // the sandbox says yes at once
        await steps.Confirm(id, cancel);
    }

    return Results.Created($"/orders/{id}", await steps.View(id, cancel));
});

app.MapPost("/orders/{id}/shipments", async (string id, CancellationToken cancel) =>
{
    await steps.Ship(id, cancel);
    await steps.Capture(id, cancel);
    return await steps.View(id, cancel) is { } view ? Results.Ok(view) : Results.NotFound();
});

app.MapGet("/orders/{id}", async (string id, CancellationToken cancel) =>
    await steps.View(id, cancel) is { } view ? Results.Ok(view) : Results.NotFound());

await app.RunAsync();
