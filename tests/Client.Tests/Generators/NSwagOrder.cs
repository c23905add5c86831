using System;
using System.Linq;
using System.Net.Http;
using System.Net.Http.Headers;
using System.Threading.Tasks;
using Made;

namespace Commerce.Client.Tests;

/// <summary>An order to cash by the client that NSwag makes of the document with its own settings.</summary>
public static class NSwagOrder
{
    private static readonly string Sku = $"NSWAG-{Guid.NewGuid():N}";

    public static async Task<string> ToCash(Uri address, string key)
    {
        using var http = new HttpClient();
        http.BaseAddress = address;
        http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", key);
        var api = new CommerceApi(http);

        await api.CreateProductAsync(Once(), new NewProduct
        {
            Sku = Sku, Name = "A thing", Kind = ProductKind.Goods, Prices = [new Price { Currency = "GBP", UnitPrice = 2.5m }],
        });
        await api.ReceiveStockAsync(Sku, Once(), null, new ReceiveStock { Quantity = 10 });

        var soon = await api.PlaceOrderAsync(Once(), null, Things(1));
        var placed = await api.PlaceOrderAsync(Once(), "wait=30", Things(3));
        var partly = await api.ShipOrderAsync(
            placed.Id, Once(), null, "wait=30", new NewShipment { Lines = [new LineQuantity { Line = 1, Quantity = 2 }] });
        await api.ShipOrderAsync(placed.Id, Once(), null, "wait=30", new NewShipment());
        var shipped = await api.GetOrderAsync(placed.Id, null);
        var payment = await api.GetPaymentAsync(shipped.PaymentId, null);
        var refused = "nothing";
        try
        {
            await api.PlaceOrderAsync(Once(), null, Things(0));
        }
        catch (ApiException<Problem> problem)
        {
            refused = $"{problem.StatusCode} {problem.Result.Code} {problem.Result.Field}: {problem.Result.Detail}";
        }

        var line = shipped.Lines.Single();
        return $"{soon.Total.Minor} {placed.Status} {partly.Status} {shipped.Status} {line.Shipped} x {line.UnitPrice} "
            + $"= {shipped.Total.Minor} {shipped.Total.Currency}, {payment.Status} {payment.Captured}; {refused}";
    }

    private static NewOrder Things(long quantity) => new()
    {
        Currency = "GBP", Guest = new GuestContact { Name = "Ada" }, PaymentMethod = "pm_sandbox_ok",
        Lines = [new PlaceLine { Sku = Sku, Quantity = quantity }],
    };

    private static string Once() => Guid.CreateVersion7().ToString();
}
