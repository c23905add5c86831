using System.Net;
using Xunit;

namespace Commerce.ApiGateway.Tests;

/// <summary>Edits of a version that was read, and lists in pages.</summary>
public sealed class EditingTests(Gateway gateway) : IClassFixture<Gateway>
{
    private Api Api => gateway.Api;

    [Fact]
    public async Task An_edit_is_refused_when_another_one_was_faster()
    {
        var customer = (await Api.Post("/customers", """{"id":"cus_edit","name":"E","email":"edit@example.com"}"""))
            .Expect(HttpStatusCode.Created);
        var seen = customer.Headers.ETag!.Tag;
        var changed = (await Api.Patch("/customers/cus_edit", """{"name":"Eve"}""", ("If-Match", seen))).Expect(HttpStatusCode.OK);
        Assert.NotEqual(seen, changed.Headers.ETag!.Tag);
        var stale = (await Api.Patch("/customers/cus_edit", """{"name":"Evelyn"}""", ("If-Match", seen)))
            .Expect(HttpStatusCode.PreconditionFailed);
        Assert.Equal(("stale_version", 2), (stale.Code, stale["version"].GetInt64()));
        (await Api.Patch("/customers/cus_edit", """{"name":"Ev"}""", ("If-Match", $"{seen}, , {changed.Headers.ETag},")))
            .Expect(HttpStatusCode.OK);
        (await Api.Patch("/customers/cus_edit", """{"name":"Evelyn"}""", ("If-Match", "*"))).Expect(HttpStatusCode.OK);
        Assert.Equal("Evelyn", (await Api.Get("/customers/cus_edit"))["name"].GetString());
    }

    [Fact]
    public async Task A_retried_edit_with_its_old_If_Match_gets_its_first_answer()
    {
        (await Api.Post("/customers", """{"id":"cus_again","name":"E","email":"again@example.com"}""")).Expect(HttpStatusCode.Created);
        (string, string)[] headers = [("If-Match", "\"1\""), ("Idempotency-Key", "edit-again")];
        var first = (await Api.Patch("/customers/cus_again", """{"name":"Eve"}""", headers)).Expect(HttpStatusCode.OK);
        Assert.Equal(first.Body, (await Api.Patch("/customers/cus_again", """{"name":"Eve"}""", headers)).Expect(HttpStatusCode.OK).Body);
    }

    [Fact]
    public async Task What_one_has_already_is_not_sent_again()
    {
        await Api.Goods("CACHED", 0);
        var product = (await Api.Get("/products/CACHED")).Expect(HttpStatusCode.OK);
        var again = await Api.Get("/products/CACHED", ("If-None-Match", product.Headers.ETag!.Tag));
        Assert.Equal((HttpStatusCode.NotModified, ""), (again.Status, again.Body));
        (await Api.Get("/products/CACHED", ("If-None-Match", "\"99\""))).Expect(HttpStatusCode.OK);
    }

    [Fact]
    public async Task Addresses_are_put_and_removed()
    {
        (await Api.Post("/customers", """{"id":"cus_addr","name":"E","email":"addr@example.com"}""")).Expect(HttpStatusCode.Created);
        const string path = "/customers/cus_addr/addresses/work";
        (await Api.Put(path, """{"line1":"1 High Street","city":"York","country":"GB"}""")).Expect(HttpStatusCode.OK);
        Assert.Equal("York", (await Api.Get("/customers/cus_addr"))["addresses.work.city"].GetString());
        var bad = (await Api.Put(path, """{"line1":"1 High Street","city":"York","country":"England"}"""))
            .Expect(HttpStatusCode.UnprocessableEntity);
        Assert.Equal("/country", bad["field"].GetString());
        (await Api.Send(HttpMethod.Delete, path, null)).Expect(HttpStatusCode.OK);
        Assert.Empty((await Api.Get("/customers/cus_addr"))["addresses"].EnumerateObject());
    }

    [Fact]
    public async Task A_list_is_read_page_by_page_to_its_end_by_cursor_and_by_link()
    {
        for (var i = 0; i < 7; i++) await Api.Goods($"PAGE-{i}", 0);
        await Api.Eventually("/products?search=PAGE-&limit=500", r => r["items"].GetArrayLength() == 7);
        var (seen, pages, path) = (new List<string?>(), 0, "/products?search=PAGE-&limit=3");
        for (string? next = path; next is not null; pages++)
        {
            var page = (await Api.Get(next)).Expect(HttpStatusCode.OK);
            seen.AddRange(page["items"].EnumerateArray().Select(i => i.GetProperty("sku").GetString()));
            var cursor = page.Json.TryGetProperty("next", out var c) ? c.GetString() : null;
            next = cursor is null ? null : $"{path}&cursor={Uri.EscapeDataString(cursor)}";
            Assert.Equal(next is null ? null : $"<{next}>; rel=\"next\"", page.Header("Link"));
        }

        Assert.Equal(Enumerable.Range(0, 7).Select(i => $"PAGE-{i}"), seen);
        Assert.Equal(3, pages);
    }

    [Fact]
    public async Task A_product_is_revised_priced_withdrawn_and_reinstated()
    {
        await Api.Goods("LIFE", 3, 100);
        (await Api.Patch("/products/LIFE", """{"name":"Life","taxCategory":"reduced"}""")).Expect(HttpStatusCode.OK);
        (await Api.Post("/products/LIFE/prices", """{"currency":"EUR","unitPrice":120.25}""")).Expect(HttpStatusCode.OK);
        (await Api.Post("/products/LIFE/withdraw", null)).Expect(HttpStatusCode.OK);
        await Api.Eventually("/products?status=withdrawn&search=life", r => r["items"].GetArrayLength() == 1);
        var product = (await Api.Post("/products/LIFE/reinstate", "{}")).Expect(HttpStatusCode.OK);
        Assert.Equal(("Life", "reduced", "active"),
            (product["name"].GetString(), product["taxCategory"].GetString(), product["status"].GetString()));
        Assert.Equal(120.25m, product["prices"].EnumerateArray().Single(p => p.GetProperty("currency").GetString() == "EUR")
            .GetProperty("unitPrice").GetDecimal());
    }

    [Fact]
    public async Task A_SKU_with_a_space_and_a_hash_has_a_place_of_its_own()
    {
        var created = (await Api.Post("/products", """{"sku":"BLUE CUP #2","name":"Cup","kind":"goods"}""")).Expect(HttpStatusCode.Created);
        var location = created.Headers.Location!.ToString();
        Assert.Equal("BLUE CUP #2", (await Api.Get(location)).Expect(HttpStatusCode.OK)["sku"].GetString());
        (await Api.Post("/stock/BLUE%20CUP%20%232/receipts", """{"quantity":1}""")).Expect(HttpStatusCode.OK);
        await Api.Eventually("/stock-movements?sku=BLUE%20CUP%20%232&kind=receipt", r => r["items"].GetArrayLength() == 1);
    }
}
