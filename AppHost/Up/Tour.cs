using System.Globalization;

namespace Commerce.AppHost;

/// <summary>Three commands that show the way of one order. Each can be repeated: its idempotency key lets that change nothing.</summary>
internal static class Tour
{
    private const string Product =
        """{"sku":"TEA-CADDY","name":"Tea caddy","kind":"goods","prices":[{"currency":"GBP","unitPrice":1250}]}""";

    private const string Receipt = """{"quantity":100,"reference":"delivery-1"}""";

    /// <summary>The commands, in the order in which they work, each with what it does.</summary>
    /// <param name="url">The gateway.</param>
    /// <param name="token">The command that prints a token of a role: no command of the tour shows one.</param>
    /// <param name="now">The order's id has the day in it.</param>
    public static IReadOnlyList<(string Meaning, string Command)> Of(string url, string token, DateTimeOffset now)
    {
        string Post(string path, string role, string key, string body) => $"-sS -w '\\n' {url}{path} "
            + $"-H \"Authorization: Bearer $({token} {role})\" -H 'Content-Type: application/json' -H 'Idempotency-Key: {key}' -d '{body}'";

        var today = now.UtcDateTime.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
        var order = $"ord_tour-{today}";
        return
        [
            ("create a product, and receive 100 of it",
                $"curl {Post("/products", "merchandiser", "tour-product", Product)} "
                + $"--next {Post("/stock/TEA-CADDY/receipts", "warehouse", "tour-receipt", Receipt)}"),
            ("order two, and wait until the stock is held and the money authorized",
                $"curl {Post("/orders", "customer-service", $"tour-order-{today}", Order(order))} -H 'Prefer: wait=10'"),
            ("ship them: they leave the stock, and the money is captured",
                $"curl {Post($"/orders/{order}/shipments", "warehouse", $"tour-shipment-{today}", "{}")} -H 'Prefer: wait=10'"),
        ];
    }

    private static string Order(string id) =>
        $$"""{"id":"{{id}}","guest":{"name":"Ada Lovelace"},"currency":"GBP","lines":[{"sku":"TEA-CADDY","quantity":2}],"""
        + "\"paymentMethod\":\"pm_sandbox_ok\"}";
}
