using System.Text.Json;
using Xunit;

namespace Commerce.Cluster.Tests;

/// <summary>Compares what was promised with what the API says afterwards, and the ledger and the stock with the orders.</summary>
internal static class Verdict
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(3);

    /// <summary>Fails, with the reason, if a promise was broken or the books do not agree. Returns the number of orders checked.</summary>
    public static async Task<int> On(Shop shop, Shoppers shoppers)
    {
        Assert.True(shoppers.Wrong.Count == 0, $"Answers that should not be:\n{string.Join('\n', shoppers.Wrong.Take(10))}");
        var orders = new List<JsonElement>();
        foreach (var promised in shoppers.Promises.GroupBy(p => p.Order))
        {
            var order = await Settled(shop, promised.Key);
            foreach (var promise in promised) Kept(promise, order);
            orders.Add(order);
        }

        // Each order was answered in the end, so the lists have no order that is unknown to its client.
        await ListedLike(shop, orders);
        foreach (var sku in Shop.Plenty.Append(Shop.Scarce)) await StockAgrees(shop, sku, orders);
        await MoneyAgrees(shop, orders);
        return orders.Count;
    }

    private static async Task<JsonElement> Settled(Shop shop, string id)
    {
        for (var end = DateTime.UtcNow + Patience; ; await Task.Delay(200))
        {
            var order = await shop.Get($"/orders/{id}");
            if (order.GetProperty("settled").GetBoolean()) return order;
            Assert.True(DateTime.UtcNow < end, $"{id} never settled: {order}");
        }
    }

    private static void Kept(Promise promise, JsonElement order)
    {
        var status = order.GetProperty("status").GetString();
        var said = promise.Body.TryGetProperty("status", out var then) ? then.GetString() : null;
        var kept = promise.What switch
        {
            "place" when said == "rejected" => status == "rejected",
            "place" when said == "confirmed" => status is "confirmed" or "shipped",
            "place" => status is "confirmed" or "shipped" or "rejected",
            "ship" => status == "shipped",
            _ => order.GetProperty("returns").EnumerateArray().Any(r => r.GetProperty("status").GetString() == "completed"),
        };
        Assert.True(kept, $"Promised ({promise.What} {promise.Order}): {promise.Body}\nbut now it is: {order}");
    }

    private static async Task ListedLike(Shop shop, List<JsonElement> orders)
    {
        var expected = orders.Select(o => $"{o.GetProperty("id")} {o.GetProperty("status")}").Order(StringComparer.Ordinal).ToList();
        List<string> listed = [];
        for (var end = DateTime.UtcNow + Patience; DateTime.UtcNow < end; await Task.Delay(200))
        {
            var all = await shop.All("/orders");
            listed = [.. all.Select(o => $"{o.GetProperty("id")} {o.GetProperty("status")}").Order(StringComparer.Ordinal)];
            if (listed.SequenceEqual(expected)) return;
        }

        Assert.Equal(expected, listed);
    }

    private static async Task StockAgrees(Shop shop, string sku, List<JsonElement> orders)
    {
        var lines = orders.Where(o => o.GetProperty("status").GetString() is not "rejected")
            .SelectMany(o => o.GetProperty("lines").EnumerateArray()).Where(l => l.GetProperty("sku").GetString() == sku).ToList();
        long Sum(string member) => lines.Sum(l => l.GetProperty(member).GetInt64());
        var stock = await shop.Get($"/stock/{sku}");
        var received = sku == Shop.Scarce ? Shop.ScarceUnits : Shop.PlentyUnits;
        Assert.Equal(
            (sku, received - Sum("shipped") + Sum("returned"), Sum("open")),
            (sku, stock.GetProperty("onHand").GetInt64(), stock.GetProperty("held").GetInt64()));
        Assert.True(stock.GetProperty("available").GetInt64() >= 0, $"{sku} is oversold: {stock}");
    }

    private static async Task MoneyAgrees(Shop shop, List<JsonElement> orders)
    {
        long captured = 0, refunded = 0;
        foreach (var order in orders.Where(o => o.GetProperty("status").GetString() is not "rejected"))
        {
            var payment = await shop.Get($"/payments/{order.GetProperty("paymentId").GetString()}");
            long Sum(string parts) => order.GetProperty(parts).EnumerateArray().Sum(p => p.GetProperty("amount").GetInt64());
            Assert.Equal(
                (Sum("shipments"), Sum("returns")),
                (payment.GetProperty("captured").GetInt64(), payment.GetProperty("refunded").GetInt64()));
            (captured, refunded) = (captured + Sum("shipments"), refunded + Sum("returns"));
        }

        JsonElement balance = default;
        for (var end = DateTime.UtcNow + Patience; DateTime.UtcNow < end; await Task.Delay(200))
        {
            balance = await shop.Get("/ledger/trial-balance");
            if (!balance.GetProperty("balanced").GetBoolean()) continue;
            if (Account(balance, "provider_clearing") == captured - refunded && Account(balance, "receivable") == 0) break;
        }

        Assert.Equal(
            (true, captured - refunded, 0L, -captured, refunded),
            (balance.GetProperty("balanced").GetBoolean(), Account(balance, "provider_clearing"), Account(balance, "receivable"),
                Account(balance, "sales"), Account(balance, "refunds")));
    }

    private static long Account(JsonElement balance, string account) => balance.GetProperty("rows").EnumerateArray()
        .Where(r => r.GetProperty("account").GetString() == account)
        .Sum(r => r.GetProperty("debit").GetInt64() - r.GetProperty("credit").GetInt64());
}
