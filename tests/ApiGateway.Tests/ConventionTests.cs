using System.Net;
using System.Text;
using System.Text.Json;
using Commerce.Testing;
using Xunit;
using static Commerce.ApiGateway.Tests.Api;

namespace Commerce.ApiGateway.Tests;

/// <summary>What holds for every answer.</summary>
public sealed class ConventionTests(Gateway gateway) : IClassFixture<Gateway>
{
    private Api Api => gateway.Api;

    [Fact]
    public async Task HEAD_is_GET_without_the_body()
    {
        await Api.Goods("HEAD", 0);
        var get = (await Api.Get("/products/HEAD")).Expect(HttpStatusCode.OK);
        var head = (await Api.Send(HttpMethod.Head, "/products/HEAD", null)).Expect(HttpStatusCode.OK);
        Assert.Equal(("", get.Headers.ETag), (head.Body, head.Headers.ETag));
        (await Api.Send(HttpMethod.Head, "/products/NOHEAD", null)).Expect(HttpStatusCode.NotFound);
        Assert.Equal("text/event-stream", (await Api.Send(HttpMethod.Head, "/orders/events", null)).Expect(HttpStatusCode.OK).MediaType);
    }

    [Fact]
    public async Task OPTIONS_tells_the_methods()
    {
        using var request = new HttpRequestMessage(HttpMethod.Options, "/customers/cus_any");
        using var answer = await Api.Http.SendAsync(request);
        Assert.Equal(HttpStatusCode.NoContent, answer.StatusCode);
        Assert.Equal(["GET", "PATCH"], answer.Content.Headers.Allow.Order());
    }

    [Fact]
    public async Task Answers_carry_security_headers_and_do_not_name_the_server()
    {
        foreach (var path in (string[])["/orders", "/nowhere", "/health/live"])
        {
            var reply = await Api.Get(path);
            Assert.Equal(("nosniff", "DENY"), (reply.Header("X-Content-Type-Options"), reply.Header("X-Frame-Options")));
            Assert.StartsWith("default-src 'none'", reply.Header("Content-Security-Policy"));
            Assert.Null(reply.Header("Server"));
            Assert.StartsWith("req_", reply.Header("X-Request-Id"));
        }
    }

    [Theory]
    [InlineData("GET /orders/%00 HTTP/1.1\r\nHost: a\r\n\r\n", 400, "Invalid request target.")]
    [InlineData("GET / HTTP/1.1\r\n\r\n", 400, "Host")]
    [InlineData("GET / HTTP/1.1\r\nHost: a b\r\n\r\n", 400, "'a b'")]
    [InlineData("GET / HTTP/1.1\r\nHost: a\r\nTwo Words: x\r\n\r\n", 400, "Invalid request header.")]
    [InlineData("GET / HTTP/7.1\r\nHost: a\r\n\r\n", 505, "Unrecognized HTTP version.")]
    [InlineData("nonsense\r\n\r\n", 400, "Invalid request line.")]
    [InlineData("GET / HTTP/1.1\r\nHost: a\r\nX: LONG\r\n\r\n", 431, "headers")]
    public async Task What_is_no_proper_HTTP_gets_a_problem_too(string request, int status, string said)
    {
        // A good one before, on the same connection, makes no difference.
        foreach (var before in (string[])["", $"GET /health/live HTTP/1.1\r\nHost: {gateway.Address.Authority}\r\n\r\n"])
        {
            var answer = (await Raw(before + request.Replace("LONG", new string('x', 40_000)))).Split("HTTP/1.1 ")[^1];
            Assert.StartsWith($"{status} ", answer);
            Assert.Contains("Connection: close", answer);
            Assert.Contains("Content-Type: application/problem+json", answer);
            var problem = JsonDocument.Parse(answer[answer.IndexOf('{')..]).RootElement;
            Assert.Equal("malformed_request", problem.GetProperty("code").GetString());
            Assert.Equal(status, problem.GetProperty("status").GetInt32());
            Assert.Contains(said, problem.GetProperty("detail").GetString());
            Assert.Contains($"X-Request-Id: {problem.GetProperty("requestId")}", answer);
        }
    }

    [Fact]
    public async Task A_body_that_is_no_proper_HTTP_gets_one_problem()
    {
        var answer = await Raw(
            $"POST /customers HTTP/1.1\r\nHost: {gateway.Address.Authority}\r\nContent-Type: application/json\r\nIdempotency-Key: chunk\r\n"
            + $"Authorization: Bearer {TestCredentials.Secret}\r\n"
            + "Transfer-Encoding: chunked\r\n\r\nno chunk\r\n");
        Assert.Equal(2, answer.Split("HTTP/1.1 400").Length);
        Assert.Contains("\"code\":\"malformed_request\"", answer);
    }

    private Task<string> Raw(string request) => RawConnection.Send(gateway.Address, request);

    [Fact]
    public async Task A_page_to_try_the_API_is_served_from_here()
    {
        Assert.Equal("/docs/", (await Api.Get("/")).Expect(HttpStatusCode.Redirect).Headers.Location!.ToString());
        var page = (await Api.Get("/docs/index.html")).Expect(HttpStatusCode.OK);
        Assert.Equal("text/html", page.MediaType);
        Assert.DoesNotContain("https://", page.Body);
        (await Api.Get("/docs/swagger-ui-bundle.js")).Expect(HttpStatusCode.OK);
    }

    [Fact]
    public async Task A_wait_is_honoured_to_its_end_and_not_beyond()
    {
        await Api.Goods("WAIT", 5);
        (await Api.Put("/sandbox", """{"outage":true}""")).Expect(HttpStatusCode.OK);
        const string body =
            """{"guest":{"name":"G"},"currency":"GBP","lines":[{"sku":"WAIT","quantity":1}],"paymentMethod":"pm_sandbox_ok"}""";
        var reply = (await Api.Post("/orders", body, null, ("Prefer", "respond-async, wait=1"))).Expect(HttpStatusCode.Accepted);
        (await Api.Put("/sandbox", """{"outage":false}""")).Expect(HttpStatusCode.OK);
        Assert.Equal($"/orders/{reply["id"]}", reply.Headers.Location!.ToString());
        await Api.Eventually($"/orders/{reply["id"]}", r => r["status"].GetString() == "confirmed");
    }

    [Fact]
    public async Task API_keys_of_the_configuration_have_the_roles_and_scopes_that_it_gives_them()
    {
        var hash = Convert.ToHexString(System.Security.Cryptography.SHA256.HashData("root-key-0123456789"u8));
        await using var own = await Gateway.Start(
            null,
            "--Commerce:ApiKeys:shop:Key=shop-KEY:0123456789", "--Commerce:ApiKeys:shop:Roles:0=merchandiser",
            "--Commerce:ApiKeys:shop:Roles:1=customer-service", "--Commerce:ApiKeys:shop:Scopes:0=catalogue:write",
            "--Commerce:ApiKeys:shop:Scopes:1=orders:place", $"--Commerce:ApiKeys:root:Hash={hash}",
            "--Commerce:ApiKeys:root:Roles:0=customer-service");
        const string product = """{"sku":"KEYED","name":"K","kind":"service"}""";
        using var stranger = new Api(own.Address);
        var none = (await stranger.Post("/products", product)).Expect(HttpStatusCode.Unauthorized);
        Assert.Equal(("unauthorized", "Bearer realm=\"commerce\""), (none.Code, none.Header("WWW-Authenticate")));
        var wrong = await own.Api.Post("/products", product, null, Bearer("shop-key:0123456789"));
        Assert.Equal("invalid_token", wrong.Expect(HttpStatusCode.Unauthorized).Code);
        (await stranger.Get("/health/ready")).Expect(HttpStatusCode.OK);

        (string, string) shop = Bearer("shop-KEY:0123456789"), root = Bearer("root-key-0123456789");
        (await own.Api.Post("/products", product, "key", shop)).Expect(HttpStatusCode.Created);
        var denied = (await own.Api.Get("/customers", shop)).Expect(HttpStatusCode.Forbidden);
        Assert.Equal(("insufficient_scope", "customers:search"), (denied.Code, denied["scope"].GetString()));
        (await own.Api.Get("/customers", root)).Expect(HttpStatusCode.OK);

        const string negotiated = """{"guest":{"name":"G"},"currency":"GBP","lines":[{"sku":"KEYED","quantity":1,"unitPrice":0}]}""";
        Assert.Equal("may_not_negotiate", (await own.Api.Post("/orders", negotiated, null, shop)).Expect(HttpStatusCode.Forbidden).Code);
        var order = (await own.Api.Post("/orders", negotiated, "key", root))
            .Expect(HttpStatusCode.Accepted); // the same key of another caller
        var tale = await own.Api.Get($"/orders/{order["id"]}/timeline", root);
        Assert.Equal("root", tale["items.0.caller"].GetString());
    }

    [Theory]
    [InlineData("Origin", "https://evil.example")]
    [InlineData("Origin", "null")]
    [InlineData("Sec-Fetch-Site", "cross-site")]
    [InlineData("Sec-Fetch-Site", "same-site")]
    public async Task A_page_elsewhere_cannot_make_a_browser_change_anything(string header, string value)
    {
        Assert.Equal("cross_site", (await Api.Post("/operations/read-models/all/rebuild", null, null, (header, value)))
            .Expect(HttpStatusCode.Forbidden).Code);
        (await Api.Get("/products", (header, value))).Expect(HttpStatusCode.OK); // reading is safe: its answer is not for the page
    }

    [Fact]
    public async Task A_cursor_is_of_one_list_with_its_filters_and_of_one_caller()
    {
        await Api.Goods("CURSOR-1", 0);
        await Api.Goods("CURSOR-2", 0);
        var page = await Api.Eventually("/products?search=CURSOR&limit=1", r => r.Json.TryGetProperty("next", out _));
        var cursor = page["next"].GetString()!;
        Assert.Equal("CURSOR-2", (await Api.Get($"/products?search=CURSOR&limit=5&cursor={cursor}"))["items.0.sku"].GetString());
        foreach (var elsewhere in (string[])["/products?cursor=", "/products?search=cursor&cursor=", "/stock?cursor=", "/orders?cursor="])
            Assert.Equal("invalid_cursor", (await Api.Get(elsewhere + cursor)).Expect(HttpStatusCode.BadRequest).Code);
        var random = new Random(1);
        for (var i = 0; i < 500; i++)
        {
            var at = random.Next(cursor.Length);
            var forged = cursor[..at] + "AZaz09-_"[random.Next(8)] + cursor[Math.Min(cursor.Length, at + random.Next(1, 3))..];
            if (forged == cursor) continue;
            var refused = (await Api.Get($"/products?search=CURSOR&cursor={forged}")).Expect(HttpStatusCode.BadRequest);
            Assert.Equal("invalid_cursor", refused.Code);
        }
    }

    [Fact]
    public async Task A_read_model_is_rebuilt_to_the_same_while_the_API_serves()
    {
        await Api.Goods("REBUILD", 3);
        var before = await Api.Eventually("/stock-movements?sku=REBUILD", r => r["items"].GetArrayLength() == 1);
        var rebuilt = (await Api.Post("/operations/read-models/all/rebuild", null)).Expect(HttpStatusCode.OK);
        var stock = Assert.Single(rebuilt.Json.EnumerateArray(), m => m.GetProperty("name").GetString() == "stock");
        Assert.True(stock.GetProperty("facts").GetInt64() > 0, rebuilt.Body);
        Assert.Equal(before.Body, (await Api.Get("/stock-movements?sku=REBUILD")).Body);
        Assert.Equal(
            "unknown_read_model", (await Api.Post("/operations/read-models/nothing/rebuild", null)).Expect(HttpStatusCode.NotFound).Code);
    }

    [Fact]
    public async Task An_answer_has_its_whole_time_after_however_slow_an_upload()
    {
        await using var own = await Gateway.Start(null, "--Commerce:RequestTimeoutSeconds=4");
        using var request = new HttpRequestMessage(HttpMethod.Post, "/customers") { Content = new SlowBody() };
        request.Headers.Add("Idempotency-Key", "slow");
        (await own.Api.Send(request)).Expect(HttpStatusCode.Created);
    }

    private sealed class SlowBody : HttpContent
    {
        // Kestrel gives up on a body of less than 240 bytes a second.
        private static readonly string Blanks = new(' ', 4_000);
        private static readonly string[] Parts = ["{\"id\":\"cus_slow\",", "\"name\":\"S\",", "\"email\":\"s@example.com\"}"];

        public SlowBody() => Headers.ContentType = new("application/json");

        protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context)
        {
            foreach (var part in Parts)
            {
                await stream.WriteAsync(System.Text.Encoding.UTF8.GetBytes(part + Blanks));
                await stream.FlushAsync();
                await Task.Delay(1500); // in all longer than the deadline
            }
        }

        protected override bool TryComputeLength(out long length) => (length = 0) != 0;
    }
}
