namespace Commerce.ApiGateway;

/// <summary>
/// The example bodies of the documentation. They belong together: sent in the order in which they stand here, each is accepted, as a
/// test shows.
/// </summary>
internal static class Examples
{
    public const string Customer = """
        {
          "id": "cus_ada",
          "name": "Ada Lovelace",
          "email": "ada@example.com",
          "phone": "+44 20 7946 0000",
          "addresses": { "shipping": { "line1": "12 St James's Square", "city": "London", "postalCode": "SW1Y 4JH", "country": "GB" } }
        }
        """;

    public const string Contact = """{ "phone": "+44 20 7946 0001" }""";

    public const string Address =
        """{ "name": "The Analytical Society", "line1": "1 Trinity Lane", "city": "Cambridge", "country": "GB" }""";

    public const string Product = """
        {
          "sku": "MUG-WHITE",
          "name": "White mug",
          "kind": "goods",
          "taxCategory": "standard",
          "prices": [ { "currency": "GBP", "unitPrice": 255 } ]
        }
        """;

    public const string Revision = """{ "name": "White stoneware mug" }""";

    public const string Price = """{ "currency": "EUR", "unitPrice": 299.5, "validFrom": "2024-01-01T00:00:00Z" }""";

    public const string Receipt = """{ "quantity": 100, "reference": "delivery note 4711" }""";

    public const string Adjustment = """{ "change": -2, "reason": "broken on the shelf" }""";

    public const string Backorder = """{ "allowed": false }""";

    public const string Order = """
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

    public const string Shipment = """
        { "id": "shp_1", "lines": [ { "line": 1, "quantity": 2 } ], "carrier": "Royal Mail", "trackingNumber": "RM123456785GB" }
        """;

    public const string Return = """{ "id": "ret_1", "lines": [ { "line": 1, "quantity": 1 } ], "reason": "arrived chipped" }""";

    public const string Refund = """{ "id": "rfd_goodwill", "amount": 100, "reason": "goodwill" }""";

    public const string Cancellation = """{ "reason": "the customer changed their mind" }""";

    public const string Capture = """{ "id": "cap_deposit", "amount": 200, "reason": "deposit" }""";

    public const string Void = """{ "reason": "paid in cash" }""";

    public const string CreditNote = """
        {
          "id": "crn_1",
          "customerId": "cus_ada",
          "currency": "GBP",
          "lines": [ { "sku": "MUG-WHITE", "quantity": 1, "unitPrice": 255, "restock": true } ],
          "reason": "bought in the shop, brought back by post",
          "reference": "till 7"
        }
        """;

    public const string Sandbox = """{ "outage": false }""";
}
