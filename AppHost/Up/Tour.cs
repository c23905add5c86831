using System.Globalization;

namespace Commerce.AppHost.Up;

/// <summary>Three commands that show the way of one order. Each can be repeated: its idempotency key lets that change nothing.</summary>
internal static class Tour
{
    private const string Product =
        """{"sku":"TEA-CADDY","name":"Tea caddy","kind":"goods","prices":[{"currency":"GBP","unitPrice":1250}]}""";

    private const string Receipt = """{"quantity":100,"reference":"delivery-1"}""";

    private const string Order =
        """{"guest":{"name":"Ada Lovelace","email":"ada@example.org"},"currency":"GBP","lines":[{"sku":"TEA-CADDY","quantity":2}],"""
        + "\"paymentMethod\":\"pm_sandbox_ok\"}";

    /// <summary>The commands, in the order in which they work, each with what it does.</summary>
    public static IReadOnlyList<(string Meaning, string Command)> Of(string url, DateTimeOffset now)
    {
        var today = now.UtcDateTime.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
        return
        [
            ("create a product, and receive 100 of it",
                $"curl {Post($"{url}/products", "tour-product", Product)} "
                + $"--next {Post($"{url}/stock/TEA-CADDY/receipts", "tour-receipt", Receipt)}"),
            ("order two, and wait until the stock is held and the money authorized",
                $"curl {Post($"{url}/orders", $"tour-order-{today}", Order)} -H 'Prefer: wait=10'"),
            ("read today's sales",
                $"curl -sS -w '\\n' '{url}/reports/sales?from={today}&to={today}'"),
        ];
    }

    private static string Post(string url, string key, string body) =>
        $"-sS -w '\\n' {url} -H 'Content-Type: application/json' -H 'Idempotency-Key: {key}' -d '{body}'";
}
