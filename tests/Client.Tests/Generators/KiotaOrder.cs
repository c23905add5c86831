using System;
using System.Linq;
using System.Net.Http.Headers;
using System.Threading.Tasks;
using Made;
using Made.Models;
using Microsoft.Kiota.Abstractions;
using Microsoft.Kiota.Abstractions.Authentication;
using Microsoft.Kiota.Http.HttpClientLibrary;

namespace Commerce.Client.Tests;

/// <summary>An order to cash by the client that Kiota makes of the document.</summary>
public static class KiotaOrder
{
    private static readonly string Sku = $"KIOTA-{Guid.NewGuid():N}";

    public static async Task<string> ToCash(Uri address, string key)
    {
        // Its own provider of keys sends them over https only.
        using var http = KiotaClientFactory.Create();
        http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", key);
        using var adapter = new HttpClientRequestAdapter(new AnonymousAuthenticationProvider(), httpClient: http)
        {
            BaseUrl = address.ToString().TrimEnd('/'),
        };
        var api = new CommerceApi(adapter);

        await api.Products.PostAsync(
            new NewProduct
            {
                Sku = Sku, Name = "A thing", Kind = ProductKind.Goods, Prices = [new Price { Currency = "GBP", UnitPrice = 2.5m }],
            },
            r => Once(r.Headers));
        await api.Stock[Sku].Receipts.PostAsync(new ReceiveStock { Quantity = 10 }, r => Once(r.Headers));

        var soon = await api.Orders.PostAsync(Things(1), r => Once(r.Headers));
        var placed = await api.Orders.PostAsync(Things(3), r => Settled(r.Headers));
        var order = api.Orders[placed!.Id!];
        var partly = await order.Shipments.PostAsync(
            new NewShipment { Lines = [new LineQuantity { Line = 1, Quantity = 2 }] }, r => Settled(r.Headers));
        await order.Shipments.PostAsync(new NewShipment(), r => Settled(r.Headers));
        var shipped = await order.GetAsync();
        var payment = await api.Payments[shipped!.PaymentId!].GetAsync();
        var refused = "nothing";
        try
        {
            await api.Orders.PostAsync(Things(0), r => Once(r.Headers));
        }
        catch (Problem problem)
        {
            refused = $"{problem.ResponseStatusCode} {problem.Code} {problem.Field}: {problem.Message}";
        }

        var line = shipped.Lines!.Single();
        return $"{soon!.Total!.Minor} {placed.Status} {partly!.Status} {shipped.Status} {line.Shipped} x {line.UnitPrice} "
            + $"= {shipped.Total!.Minor} {shipped.Total.Currency}, {payment!.Status} {payment.Captured}; {refused}";
    }

    private static NewOrder Things(long quantity) => new()
    {
        Currency = "GBP", Guest = new GuestContact { Name = "Ada" }, PaymentMethod = "pm_sandbox_ok",
        Lines = [new PlaceLine { Sku = Sku, Quantity = quantity }],
    };

    private static void Once(RequestHeaders headers) => headers.Add("Idempotency-Key", Guid.CreateVersion7().ToString());

    private static void Settled(RequestHeaders headers)
    {
        Once(headers);
        headers.Add("Prefer", "wait=30");
    }
}
