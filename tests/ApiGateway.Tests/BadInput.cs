using Commerce.Catalogue;
using Commerce.Customers;

namespace Commerce.ApiGateway.Tests;

/// <summary>A request that must be refused, and how.</summary>
/// <param name="Method">POST by default.</param>
/// <param name="Status">The answer's status.</param>
/// <param name="Code">The problem's code.</param>
/// <param name="Field">The field that it names; null: none.</param>
/// <param name="Value">Part of the value that its detail shows; null: none.</param>
public sealed record BadRequest(
    string Method, string Path, string? Body, int Status, string Code, string? Field, string? Value = null,
        params (string, string)[] Headers);

internal static class BadRequests
{
    /// <summary>Sends it, with a key of its own unless it brings one.</summary>
    public static Task<Reply> Send(this Api api, BadRequest bad)
    {
        var headers = bad.Headers.Any(h => h.Item1 == "Idempotency-Key") || bad.Method == "GET"
            ? bad.Headers.Where(h => h != ("Idempotency-Key", ""))
            : bad.Headers.Append(("Idempotency-Key", Guid.NewGuid().ToString()));
        return api.Send(new HttpMethod(bad.Method), bad.Path, bad.Body, [.. headers]);
    }
}

/// <summary>
/// Every kind of bad input, by name. There are a customer <c>cus_bad</c>, goods <c>GOOD</c> at 100 GBP, <c>GONE</c> withdrawn,
/// <c>LATE</c> sold before it is there, the service <c>HELP</c>, and orders: <c>ord_bad</c> confirmed, <c>ord_sent</c> shipped, captured
/// and returned in part, <c>ord_asked</c> of many returns, <c>ord_free</c> of no price, <c>ord_void</c> whose payment was given back. The
/// customer <c>cus_gone</c> is erased. Of the API keys <c>key_bad</c> serves and <c>key_over</c> was revoked. The books are closed through
/// 1999. See <see cref="BadInputGateway"/>.
/// </summary>
public static class BadInput
{
    private const string Line = """{"sku":"GOOD","quantity":1}""";

    public static readonly IReadOnlyDictionary<string, BadRequest> Cases = new Dictionary<string, BadRequest>
    {
        ["JSON with a syntax error"] = Order("""{"currency": GBP}""", 400, "malformed_json", "", "GBP"),
        ["JSON with a comment"] = Order("""{ /* hello */ }""", 400, "malformed_json", ""),
        ["JSON with a trailing comma"] = Order("""{"currency":"GBP",}""", 400, "malformed_json", ""),
        ["two JSON values"] = Order("""{} {}""", 400, "malformed_json", ""),
        ["truncated JSON"] = Order("""{"currency":"GBP","lines":[{"sku":"GO""", 400, "malformed_json", "", "ends after"),
        ["truncated after a whole member"] = Order("""{"currency":"GBP" """, 400, "malformed_json", "", "ends after"),
        ["JSON nested too deep"] = Order(new string('[', 40) + new string(']', 40), 400, "body_too_deep", ""),
        ["an array instead of an object"] = Order("[]", 400, "wrong_type", "", "[]"),
        ["null instead of an object"] = Order("null", 400, "wrong_type", "", "null"),
        ["no body at all"] = Order(null, 400, "missing_member", "/currency"),
        ["an unknown member"] = Order(Placing(more: ",\"colour\":\"red\""), 400, "unknown_member", "/colour", "colour"),
        ["an unknown member in a line"] =
            Order(Placing("""{"sku":"GOOD","quantity":1,"qty":2}"""), 400, "unknown_member", "/lines/0/qty", "qty"),
        ["a member in another case"] = Order(Placing(more: ",\"Reference\":\"x\""), 400, "unknown_member", "/Reference"),
        ["a member twice"] = Order(Placing(more: ",\"currency\":\"EUR\""), 400, "duplicate_member", "/currency"),
        ["a required member missing in a line"] = Order(Placing("""{"sku":"GOOD"}"""), 400, "missing_member", "/lines/0/quantity"),
        ["null for a required member"] = Order(Placing("""{"sku":null,"quantity":1}"""), 400, "wrong_type", "/lines/0/sku", "null"),
        ["null for a line"] = Order(Placing("null"), 400, "wrong_type", "/lines/0", "null"),
        ["null for an address"] = new(
            "POST", "/customers", """{"name":"N","email":"n@example.com","addresses":{"work":null}}""", 400, "wrong_type",
            "/addresses/work", "null"),
        ["text for a number"] = Order(Placing("""{"sku":"GOOD","quantity":"3"}"""), 400, "wrong_type", "/lines/0/quantity", "\"3\""),
        ["a number for text"] = Order(Placing("""{"sku":5,"quantity":1}"""), 400, "wrong_type", "/lines/0/sku", "5"),
        ["a broken quantity"] = Order(Placing("""{"sku":"GOOD","quantity":1.5}"""), 400, "out_of_range", "/lines/0/quantity", "1.5"),
        ["a quantity beyond 64 bits"] = Order(
            Placing("""{"sku":"GOOD","quantity":9223372036854775808}"""), 400, "out_of_range", "/lines/0/quantity", "9223372036854775808"),
        ["a price beyond a decimal"] =
            Order(Placing("""{"sku":"GOOD","quantity":1,"unitPrice":1e99}"""), 400, "out_of_range", "/lines/0/unitPrice", "1e99"),
        ["a time without an offset"] =
            Order(Placing(more: ",\"orderedAt\":\"2011-01-01T00:00:00\""), 400, "invalid_value", "/orderedAt", "2011-01-01T00:00:00"),
        ["a time that is none"] = Order(Placing(more: ",\"orderedAt\":\"yesterday\""), 400, "invalid_value", "/orderedAt", "yesterday"),
        ["a time in the future"] =
            Order(Placing(more: ",\"orderedAt\":\"2150-01-01T00:00:00Z\""), 422, "invalid_time", "/orderedAt", "2150"),
        ["text with U+0000"] = Order(Placing(more: ",\"reference\":\"a\\u0000b\""), 400, "invalid_text", "/reference"),
        ["half a character"] = Order(Placing(more: ",\"reference\":\"\\ud800\""), 400, "invalid_text", "/reference"),
        ["text that is far too long"] = Order(Placing(more: $",\"reference\":\"{new string('x', 3_000)}\""), 400, "too_long", "/reference"),
        ["a word that is none"] =
            new("POST", "/products", """{"sku":"W","name":"W","kind":"things"}""", 400, "invalid_value", "/kind", "things"),
        ["a number for a word"] = new("POST", "/products", """{"sku":"W","name":"W","kind":1}""", 400, "wrong_type", "/kind", "1"),

        ["no lines"] = Order(Placing(""), 422, "no_lines", "/lines"),
        ["too many lines"] = Order(Placing(string.Join(",", Enumerable.Repeat(Line, 2_001))), 422, "too_many_lines", "/lines", "2001"),
        ["a quantity of zero"] = Order(Placing("""{"sku":"GOOD","quantity":0}"""), 422, "invalid_quantity", "/lines/0/quantity", "0"),
        ["a negative quantity"] =
            Order(Placing(Line + """,{"sku":"GOOD","quantity":-4}"""), 422, "invalid_quantity", "/lines/1/quantity", "-4"),
        ["an absurd quantity"] =
            Order(Placing("""{"sku":"GOOD","quantity":1000001}"""), 422, "invalid_quantity", "/lines/0/quantity", "1000001"),
        ["a negative price"] =
            Order(Placing("""{"sku":"GOOD","quantity":1,"unitPrice":-1}"""), 422, "invalid_price", "/lines/0/unitPrice", "-1"),
        ["a price that is too fine"] =
            Order(Placing("""{"sku":"GOOD","quantity":1,"unitPrice":0.0000001}"""), 422, "invalid_price", "/lines/0/unitPrice"),
        ["a line that overflows"] =
            Order(Placing("""{"sku":"GOOD","quantity":1000000,"unitPrice":9999999999999}"""), 422, "total_too_large", "/lines/0"),
        ["a sum that overflows"] = Order(
            Placing(string.Join(",", Enumerable.Repeat("""{"sku":"GOOD","quantity":1000,"unitPrice":999999999999}""", 3))), 422,
                "total_too_large", "/lines/1"),
        ["an unknown currency"] = Order(Placing(currency: "XXX"), 422, "invalid_currency", "/currency", "XXX"),
        ["a currency in lower case"] = Order(Placing(currency: "gbp"), 422, "invalid_currency", "/currency", "gbp"),
        ["a currency without a price"] = Order(
            Placing(currency: "SEK", more: ",\"orderedAt\":\"2026-11-01T00:00:00Z\""), 422, "no_price", "/lines/0/unitPrice", "SEK"),
        ["an unknown SKU"] =
            Order(Placing(Line + """,{"sku":"NEVER-SEEN","quantity":1}"""), 422, "unknown_sku", "/lines/1/sku", "NEVER-SEEN"),
        ["a withdrawn SKU"] = Order(Placing("""{"sku":"GONE","quantity":1}"""), 422, "product_withdrawn", "/lines/0/sku", "GONE"),
        ["an unknown customer"] =
            Order(Placing(who: "\"customerId\":\"cus_nobody\""), 422, "unknown_customer", "/customerId", "cus_nobody"),
        ["no payment method"] = Order(Placing(method: ""), 422, "payment_method_required", "/paymentMethod"),
        ["an id of the wrong shape in the body"] = Order(Placing(more: ",\"id\":\"order 1\""), 422, "invalid_id", "/id", "order 1"),
        ["an id that is taken"] = Order(Placing(more: ",\"id\":\"ord_bad\""), 409, "order_exists", null, "ord_bad"),
        ["an e-mail address that is none"] =
            new("POST", "/customers", """{"name":"N","email":"nobody"}""", 422, "invalid_email", "/email", "nobody"),
        ["an e-mail address that is taken"] =
            new("POST", "/customers", """{"name":"N","email":"BAD@example.com"}""", 409, "email_taken", "/email"),
        ["a SKU that is none"] = new("POST", "/products", """{"sku":"a/b","name":"W","kind":"goods"}""", 422, "invalid_sku", "/sku", "a/b"),
        ["a SKU that is taken"] =
            new("POST", "/products", """{"sku":"GOOD","name":"W","kind":"goods"}""", 409, "product_exists", null, "GOOD"),
        ["receiving what is not in the catalogue"] =
            new("POST", "/stock/NEVER-SEEN/receipts", """{"quantity":1}""", 422, "unknown_sku", "/sku", "NEVER-SEEN"),
        ["receiving less than nothing"] =
            new("POST", "/stock/GOOD/receipts", """{"quantity":-5}""", 422, "invalid_quantity", "/quantity", "-5"),
        ["adjusting below nothing"] =
            new("POST", "/stock/GOOD/adjustments", """{"change":-1000,"reason":"r"}""", 409, "not_enough_stock", "/change", "1000"),
        ["adjusting without a reason"] =
            new("POST", "/stock/GOOD/adjustments", """{"change":1,"reason":" "}""", 422, "reason_required", "/reason"),

        ["a move that the state does not allow"] =
            new("POST", "/orders/ord_bad/returns", """{"reason":"r"}""", 409, "move_not_allowed", null, "confirmed"),
        ["shipping more than was ordered"] = new("POST", "/orders/ord_bad/shipments", """{"lines":[{"line":1,"quantity":9}]}""", 409,
            "shipment_exceeds_order", "/lines/0/quantity", "9"),
        ["shipping an empty list"] =
            new("POST", "/orders/ord_bad/shipments", """{"lines":[]}""", 422, "no_lines", "/lines"),
        ["two prices in one currency"] = new(
            "POST", "/products",
            """{"sku":"TWICE","name":"W","kind":"goods","prices":[{"currency":"GBP","unitPrice":1},{"currency":"GBP","unitPrice":2}]}""",
            422, "duplicate_price", "/prices/1", "GBP"),
        ["paying with another thing's id"] =
            new("POST", "/orders/ord_bad/payments", """{"id":"ord_1","paymentMethod":"pm"}""", 422, "invalid_id", "/id", "ord_1"),
        ["an account that is not there"] = new("GET", "/ledger/entries?account=foo", null, 400, "invalid_parameter", "account", "foo"),
        ["a range that ends before it begins"] =
            new("GET", "/orders?from=2026-03-08&to=2026-03-01", null, 400, "reversed_range", "to", "2026-03-01"),
        ["a range of instants that ends before it begins"] = new(
            "GET", "/stock-movements?from=2026-03-08T00:00:01Z&to=2026-03-08T00:00:00Z", null, 400, "reversed_range", "to", "00:00:00"),
        ["days of a report that end before they begin"] =
            new("GET", "/reports/sales?from=2026-03-08&to=2026-03-01", null, 400, "reversed_range", "to", "2026-03-08"),
        ["a part of a unit"] = Order(Placing("""{"sku":"GOOD","quantity":1.5}"""), 400, "out_of_range", "/lines/0/quantity", "1.5"),
        ["shipping a line that is not there"] =
            new("POST", "/orders/ord_bad/shipments", """{"lines":[{"line":7,"quantity":1}]}""", 422, "unknown_line", "/lines/0/line", "7"),
        ["refunding more than was captured"] =
            new("POST", "/payments/pay_bad/refunds", """{"amount":5}""", 409, "refund_exceeds_capture", "/amount"),
        ["a stale If-Match"] =
            new("POST", "/orders/ord_bad/cancel", """{"reason":"r"}""", 412, "stale_version", null, "1", ("If-Match", "\"1\"")),
        ["an If-Match without quotes"] =
            new("POST", "/orders/ord_bad/cancel", """{"reason":"r"}""", 400, "invalid_if_match", "If-Match", "1", ("If-Match", "1")),
        ["an If-Match of which one is none"] = new(
            "PATCH", "/customers/cus_bad", "{}", 400, "invalid_if_match", "If-Match", "abc", ("If-Match", "\"1\", \"abc\"")),
        ["a weak If-Match"] = new("PATCH", "/customers/cus_bad", "{}", 400, "invalid_if_match", "If-Match", "W/", ("If-Match", "W/\"1\"")),

        ["an order id of the wrong shape"] = new("GET", "/orders/1", null, 404, "unknown_order", null, "1"),
        ["a customer id of the wrong shape"] = new("PATCH", "/customers/ord_1", "{}", 404, "unknown_customer", null, "ord_1"),
        ["a payment id of the wrong shape"] = new("GET", "/payments/pay_%20", null, 404, "unknown_payment", null),
        ["a credit note id of the wrong shape"] = new("GET", "/credit-notes/x", null, 404, "unknown_credit_note", null, "x"),
        ["a SKU in the path that is none"] = new("GET", "/stock/a%22b", null, 404, "unknown_sku", null),
        ["an order that is not there"] = new("GET", "/orders/ord_none", null, 404, "unknown_order", null, "ord_none"),
        ["cancelling an order that is not there"] =
            new("POST", "/orders/ord_none/cancel", """{"reason":"r"}""", 404, "unknown_order", null, "ord_none"),
        ["an erasure that nobody asked for"] = new("GET", "/customers/cus_bad/erasure", null, 404, "unknown_erasure", null, "cus_bad"),
        ["a customer who is erased"] = new("GET", "/customers/cus_gone", null, 410, "erased", null, "cus_gone"),
        ["changing a customer who is erased"] =
            new("PATCH", "/customers/cus_gone", """{"phone":"1"}""", 410, "erased", null, "cus_gone"),
        ["an order for a customer who is erased"] =
            Order(Placing(more: ",\"customerId\":\"cus_gone\"").Replace("\"guest\":{\"name\":\"G\"},", ""), 410, "erased", "/customerId",
                "cus_gone"),
        ["a timeline of nobody"] = new("GET", "/customers/cus_none/timeline", null, 404, "unknown_customer", null, "cus_none"),
        ["a path that is not there"] = new("GET", "/nowhere", null, 404, "not_found", null, "/nowhere"),
        ["a method that is not there"] = new("DELETE", "/orders/ord_bad", null, 405, "method_not_allowed", null, "DELETE"),
        ["another media type"] = Order(Placing()) with { Status = 415, Code = "unsupported_media_type", Field = "Content-Type",
            Value = "text/xml", Headers = [("Content-Type", "text/xml")] },
        ["another character set"] = Order(Placing()) with { Status = 415, Code = "unsupported_media_type", Field = "Content-Type",
            Headers = [("Content-Type", "application/json; charset=latin1")] },
        ["no media type"] = Order(
            Placing()) with { Status = 415, Code = "unsupported_media_type", Field = "Content-Type", Headers = [("Content-Type", "")] },
        ["a compressed body"] = Order(Placing()) with { Status = 415, Code = "unsupported_media_type", Field = "Content-Type",
            Headers = [("Content-Encoding", "gzip")] },
        ["a body over the limit"] = Order(Placing(more: $",\"reference\":\"{new string('x', 2_200_000)}\""), 413, "body_too_large", null),
        ["a limit of zero"] = new("GET", "/orders?limit=0", null, 400, "invalid_parameter", "limit", "0"),
        ["a limit over the most"] = new("GET", "/products?limit=501", null, 400, "invalid_parameter", "limit", "501"),
        ["a limit that is no number"] = new("GET", "/stock?limit=many", null, 400, "invalid_parameter", "limit", "many"),
        ["a cursor of another list"] = new("GET", "/customers?cursor=bm9wZQ", null, 400, "invalid_cursor", "cursor", "bm9wZQ"),
        ["a cursor of no timeline"] = new("GET", "/orders/ord_bad/timeline?cursor=x", null, 400, "invalid_cursor", "cursor", "x"),
        ["a status that is none"] = new("GET", "/orders?status=lost", null, 400, "invalid_parameter", "status", "lost"),
        ["a day that is none"] = new("GET", "/reports/sales?from=2011-02-30", null, 400, "invalid_parameter", "from", "2011-02-30"),
        ["an unknown query parameter"] = new("GET", "/orders?costumer=cus_bad", null, 400, "unknown_parameter", "costumer"),
        ["a query parameter twice"] = new("GET", "/orders?limit=1&limit=2", null, 400, "duplicate_parameter", "limit"),
        ["a query where none is taken"] = new("GET", "/orders/ord_bad?full=yes", null, 400, "unknown_parameter", "full"),
        ["an event id that is none"] =
            new("GET", "/orders/ord_bad/events", null, 400, "invalid_last_event_id", "Last-Event-ID", "abc", ("Last-Event-ID", "abc")),
        ["an event id beyond an order's end"] =
            new("GET", "/orders/ord_bad/events", null, 400, "invalid_last_event_id", "Last-Event-ID", "999", ("Last-Event-ID", "999")),
        ["an event id near the largest number"] = new(
            "GET", "/orders/ord_bad/events", null, 400, "invalid_last_event_id", "Last-Event-ID", "9223372036854775807",
            ("Last-Event-ID", "9223372036854775807")),
        ["an event id of all orders beyond their end"] = new(
            "GET", "/orders/events", null, 400, "invalid_last_event_id", "Last-Event-ID", "0.0.0.0.0.0.0.999999",
            ("Last-Event-ID", "0.0.0.0.0.0.0.999999")),
        ["an event id of all orders near the largest number"] = new(
            "GET", "/orders/events", null, 400, "invalid_last_event_id", "Last-Event-ID", "9223372036854775800",
            ("Last-Event-ID", "0.0.0.0.0.0.0.9223372036854775800")),
        ["an idempotency key with a space"] = Order(Placing()) with { Status = 400, Code = "invalid_idempotency_key",
            Field = "Idempotency-Key", Headers = [("Idempotency-Key", "a b")] },
        ["an idempotency key that is too long"] = Order(Placing()) with { Status = 400, Code = "invalid_idempotency_key",
            Field = "Idempotency-Key", Headers = [("Idempotency-Key", new string('k', 201))] },
        ["an idempotency key whose quotes do not end"] = Order(Placing()) with { Status = 400, Code = "invalid_idempotency_key",
            Field = "Idempotency-Key", Headers = [("Idempotency-Key", "\"k")] },
        ["an idempotency key of nothing in quotes"] = Order(Placing()) with { Status = 400, Code = "invalid_idempotency_key",
            Field = "Idempotency-Key", Headers = [("Idempotency-Key", "\"\"")] },
        ["no idempotency key"] = Order(Placing()) with { Status = 400, Code = "idempotency_key_required", Field = "Idempotency-Key",
            Headers = [("Idempotency-Key", "")] },

        ["a blank name in an address"] = Address("""{"name":" ","line1":"1","city":"C","country":"GB"}""", "invalid_name", "/name"),
        ["a blank first line in an address"] = Address("""{"line1":" ","city":"C","country":"GB"}""", "invalid_line1", "/line1"),
        ["a blank second line in an address"] =
            Address("""{"line1":"1","line2":" ","city":"C","country":"GB"}""", "invalid_line2", "/line2"),
        ["a blank city"] = Address("""{"line1":"1","city":" ","country":"GB"}""", "invalid_city", "/city"),
        ["a blank region"] = Address("""{"line1":"1","city":"C","region":" ","country":"GB"}""", "invalid_region", "/region"),
        ["a blank postal code"] =
            Address("""{"line1":"1","city":"C","postalCode":" ","country":"GB"}""", "invalid_postal_code", "/postalCode"),
        ["a country that is none"] = Address("""{"line1":"1","city":"C","country":"Britain"}""", "invalid_country", "/country", "Britain"),
        ["a label that is none"] = Address("""{"line1":"1","city":"C","country":"GB"}""", "invalid_label", "/label", "at work") with
        {
            Path = "/customers/cus_bad/addresses/at%20work",
        },
        ["too many addresses"] = new("POST", "/customers",
            """{"name":"N","email":"n@example.com","addresses":{"""
            + Many(CustomerRules.MaxAddresses + 1, i => $$"""
                "a{{i}}":{"line1":"1","city":"C","country":"GB"}
                """) + "}}",
            422, "too_many_addresses", "/addresses"),
        ["a customer's id that is taken"] =
            new("POST", "/customers", """{"id":"cus_bad","name":"N","email":"n@example.com"}""", 409, "customer_exists", null, "cus_bad"),
        ["a blank phone number"] = new("PATCH", "/customers/cus_bad", """{"phone":" "}""", 422, "invalid_phone", "/phone"),
        ["a blank tax category"] =
            new("PATCH", "/products/GOOD", """{"taxCategory":" "}""", 422, "invalid_tax_category", "/taxCategory"),
        ["too many prices"] = new("POST", "/products",
            """{"sku":"MANY","name":"N","kind":"goods","prices":["""
            + Many(ProductRules.MaxPrices + 1, i => $$"""
                {"currency":"GBP","unitPrice":{{i}},"validFrom":"2026-01-01T{{i / 60:00}}:{{i % 60:00}}:00Z"}
                """) + "]}",
            422, "too_many_prices", "/prices"),
        ["receiving a service"] = new("POST", "/stock/HELP/receipts", """{"quantity":1}""", 422, "no_stock_kept", "/sku", "HELP"),
        ["taking from an empty shelf what may be sold all the same"] =
            new("POST", "/stock/LATE/adjustments", """{"change":-1,"reason":"r"}""", 409, "not_on_shelf", "/change", "1"),
        ["a customer and a guest"] =
            Order(Placing(who: "\"customerId\":\"cus_bad\",\"guest\":{\"name\":\"G\"}"), 422, "invalid_guest", "/guest"),
        ["a guest of whom nothing is known"] = Order(Placing(who: "\"guest\":{}"), 422, "invalid_guest", "/guest", "neither a name"),
        ["a blank reference"] = Order(Placing(more: ",\"reference\":\" \""), 422, "invalid_reference", "/reference"),
        ["a key that stands for another request"] = Order(Placing()) with { Status = 422, Code = "idempotency_key_reused",
            Field = "Idempotency-Key", Value = BadInputGateway.UsedKey, Headers = [("Idempotency-Key", BadInputGateway.UsedKey)] },
        ["a blank carrier"] = new("POST", "/orders/ord_bad/shipments", """{"carrier":" "}""", 422, "invalid_carrier", "/carrier"),
        ["a blank tracking number"] = new(
            "POST", "/orders/ord_bad/shipments", """{"trackingNumber":" "}""", 422, "invalid_tracking_number", "/trackingNumber"),
        ["shipping a line twice"] = new(
            "POST", "/orders/ord_bad/shipments", """{"lines":[{"line":1,"quantity":1},{"line":1,"quantity":1}]}""", 422, "duplicate_line",
            "/lines/1/line", "1"),
        ["shipping under an id that is taken"] =
            new(
                "POST", "/orders/ord_sent/shipments", """{"id":"shp_bad","lines":[{"line":1,"quantity":1}]}""", 409, "shipment_exists",
                null, "shp_bad"),
        ["shipping what is not paid any more"] =
            new("POST", "/orders/ord_void/shipments", "{}", 409, "payment_required", "/lines"),
        ["returning more than was shipped"] = new(
            "POST", "/orders/ord_sent/returns", """{"lines":[{"line":1,"quantity":9}],"reason":"r"}""", 409, "return_exceeds_shipment",
            "/lines/0/quantity", "9"),
        ["returning under an id that is taken"] = new(
            "POST", "/orders/ord_sent/returns", """{"id":"ret_bad","lines":[{"line":1,"quantity":2}],"reason":"r"}""", 409,
            "return_exists", null, "ret_bad"),
        ["receiving a return that was not asked for"] = new(
            "POST", "/orders/ord_sent/returns/ret_none/receipt", "{}", 404, "unknown_return", null, "ret_none"),
        ["rejecting a return that is done"] = new(
            "POST", "/orders/ord_sent/returns/ret_bad/rejection", """{"reason":"r"}""", 409, "move_not_allowed", null, "completed"),
        ["asking for ever more returns"] =
            new("POST", "/orders/ord_asked/returns", """{"reason":"r"}""", 409, "too_many_returns", null),
        ["cancelling for a blank reason"] =
            new("POST", "/orders/ord_bad/cancel", """{"reason":" "}""", 422, "invalid_reason", "/reason"),
        ["paying by nothing"] = new(
            "POST", "/orders/ord_bad/payments", """{"paymentMethod":" "}""", 422, "invalid_payment_method", "/paymentMethod"),
        ["paying under an id that is taken"] = new(
            "POST", "/orders/ord_bad/payments", """{"id":"pay_bad","paymentMethod":"pm"}""", 409, "payment_exists", null, "pay_bad"),
        ["paying what costs nothing"] =
            new("POST", "/orders/ord_free/payments", """{"paymentMethod":"pm_sandbox_ok"}""", 409, "nothing_to_pay", null),
        ["capturing nothing"] = new("POST", "/payments/pay_bad/captures", """{"amount":0}""", 422, "invalid_amount", "/amount", "0"),
        ["capturing more than is authorized"] =
            new("POST", "/payments/pay_bad/captures", """{"amount":500}""", 409, "capture_exceeds_authorization", "/amount", "5.00"),
        ["capturing under an id that is taken"] = new(
            "POST", "/payments/pay_sent/captures", """{"id":"cap_bad","amount":2}""", 409, "movement_exists", "/id", "cap_bad"),
        ["crediting under an id that is taken"] = CreditNote(
            """{"id":"crn_bad","currency":"EUR","reason":"r","lines":[{"sku":"GOOD","quantity":1,"unitPrice":1}]}""", 409,
            "credit_note_exists", null, "crn_bad"),
        ["putting a service back"] = CreditNote(
            """{"currency":"GBP","reason":"r","lines":[{"sku":"HELP","quantity":1,"unitPrice":1,"restock":true}]}""", 422,
            "invalid_restock", "/lines/0/restock", "HELP"),
        ["a time in a closed period"] =
            Order(Placing(more: ",\"orderedAt\":\"1999-06-01T00:00:00Z\""), 422, "period_closed", "/orderedAt", "1999-06-01"),
        ["closing days that are closed"] =
            new("PUT", "/ledger/closing", """{"through":"1999-06-30"}""", 409, "already_closed", "/through", "1999-12-31"),
        ["closing days that are not over"] =
            new("PUT", "/ledger/closing", """{"through":"2199-12-31"}""", 422, "invalid_through", "/through", "2199-12-31"),
        ["an API key's id of the wrong shape"] = ApiKey("\"id\":\"key 1\"", 422, "invalid_id", "/id", "key 1"),
        ["an API key's id that is taken"] = ApiKey("\"id\":\"key_bad\"", 409, "api_key_exists", null, "key_bad"),
        ["an API key without a name"] = ApiKey("", 422, "invalid_name", "/name") with
        {
            Body = """{"name":" ","roles":["warehouse"]}""",
        },
        ["a role that is none"] = Role("\"warehose\"", "unknown_role", "/roles/0", "warehose"),
        ["a role that a key cannot have"] = Role("\"warehouse\",\"shopper\"", "unknown_role", "/roles/1", "shopper"),
        ["no role"] = Role("", "invalid_roles", "/roles", "no role"),
        ["roles that see different things"] = Role("\"warehouse\",\"partner\"", "invalid_roles", "/roles", "partner"),
        ["a scope that its role lacks"] = ApiKey("\"scopes\":[\"orders:shp\"]", 422, "unknown_scope", "/scopes/0", "orders:shp"),
        ["a channel for staff"] = ApiKey("\"channel\":\"market\"", 422, "invalid_channel", "/channel", "market"),
        ["a partner without a channel"] = Role("\"partner\"", "invalid_channel", "/channel", null),
        ["a key that makes keys"] =
            Role("\"operator\"],\"scopes\":[\"keys:admin\"", "may_not_give", "/scopes", "keys:admin") with { Status = 403 },
        ["a key without an end"] = ApiKey("\"expiresInDays\":36500", 422, "invalid_lifetime", "/expiresInDays", "36500"),
        ["an old secret without an end"] =
            new("POST", "/api-keys/key_bad/roll", """{"oldSecretHours":9999}""", 422, "invalid_overlap", "/oldSecretHours", "9999"),
        ["rolling a key that was revoked"] = new("POST", "/api-keys/key_over/roll", "{}", 409, "api_key_revoked", null, "key_over"),
        ["revoking a key that is not there"] = new("POST", "/api-keys/key_none/revoke", null, 404, "unknown_api_key", null, "key_none"),
        ["an API key's id of another kind"] = new("GET", "/api-keys/ord_1", null, 404, "unknown_api_key", null, "ord_1"),
        ["a product that is not there"] = new("GET", "/products/NEVER-SEEN", null, 404, "unknown_product", null, "NEVER-SEEN"),
        ["a read model that is not there"] =
            new("POST", "/operations/read-models/profit/rebuild", null, 404, "unknown_read_model", null, "profit"),
        ["a fact that nobody has set aside"] = new(
            "DELETE", "/operations/parked/orders-to-customers/0/1", null, 404, "unknown_parked_fact", null, "orders-to-customers/0/1"),
    };

    private static string Many(int count, Func<int, string> one) => string.Join(',', Enumerable.Range(0, count).Select(one));

    private static BadRequest ApiKey(string member, int status, string code, string? field, string? value = null) =>
        new("POST", "/api-keys", $$"""{"name":"K","roles":["warehouse"],{{member}}}""", status, code, field, value);

    private static BadRequest Role(string roles, string code, string field, string? value) =>
        new("POST", "/api-keys", $$"""{"name":"K","roles":[{{roles}}]}""", 422, code, field, value);

    private static BadRequest Address(string body, string code, string field, string? value = null) =>
        new("PUT", "/customers/cus_bad/addresses/work", body, 422, code, field, value);

    private static BadRequest CreditNote(string body, int status, string code, string? field, string value) =>
        new("POST", "/credit-notes", body, status, code, field, value);

    private static BadRequest Order(string? body, int status = 0, string code = "", string? field = null, string? value = null) =>
        new("POST", "/orders", body, status, code, field, value);

    private static string Placing(
        string lines = Line, string more = "", string currency = "GBP", string who = "\"guest\":{\"name\":\"G\"}",
            string method = ",\"paymentMethod\":\"pm_sandbox_ok\"") =>
        $$"""{{{who}},"currency":"{{currency}}","lines":[{{lines}}]{{method}}{{more}}}""";
}
