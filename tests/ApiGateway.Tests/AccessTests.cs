using System.Net;
using System.Text.Json.Nodes;
using Commerce.Hosting;
using Commerce.Testing;
using Microsoft.AspNetCore.Routing;
using Xunit;
using static Commerce.ApiGateway.Tests.Api;

namespace Commerce.ApiGateway.Tests;

/// <summary>
/// A gateway on which each example of the document has been carried out: customer <c>cus_ada</c> with order <c>ord_1001</c>, and so on.
/// Ada's partner made nothing of it. What erases is tried on customer <c>cus_gone</c> and order <c>ord_gone</c> instead.
/// </summary>
public sealed class ExampleGateway : IssuerGateway
{
    internal IReadOnlyList<Operation> Operations { get; private set; } = [];

    public override async ValueTask InitializeAsync()
    {
        await base.InitializeAsync();
        Operations =
        [
            .. Operation.All(JsonNode.Parse((await Gateway.Api.Get("/openapi/v1.json")).Body)!)
                .Select(o => o.Path.EndsWith("/erasure") ? o.Of(o.Path.StartsWith("/customers/") ? "cus_gone" : "ord_gone") : o),
        ];
        var changes = Operations.Where(o => o.Method != "GET" && o.Id is not ("giveUpParked" or "retryParked" or "rejectReturn"))
            .ToLookup(o => o.Path.EndsWith("/erasure"));
        foreach (var operation in changes[false]) await CarryOut(operation);
        const string customer = """{"id":"cus_gone","name":"Gone","email":"gone@example.com"}""";
        (await Gateway.Api.Post("/customers", customer)).Expect(HttpStatusCode.Created);
        (await Gateway.Api.PostAndWait("/orders", """
            {"id":"ord_gone","customerId":"cus_gone","currency":"GBP","lines":[{"sku":"MUG-WHITE","quantity":1}],
             "paymentMethod":"pm_sandbox_ok"}
            """)).Expect(HttpStatusCode.Created);
        foreach (var operation in changes[true]) await CarryOut(operation);
        await Gateway.Api.Eventually("/orders?customer=cus_ada", r => r["items"].GetArrayLength() == 1);
        await Gateway.Api.Eventually("/credit-notes", r => r["items"].GetArrayLength() == 1);
    }

    private async Task CarryOut(Operation operation)
    {
        using var answer = await Gateway.Api.Http.SendAsync(operation.Request());
        Assert.True((int)answer.StatusCode < 300, $"{operation.Id}: {await answer.Content.ReadAsStringAsync()}");
    }
}

/// <summary>Who may do what, tried operation by operation and role by role.</summary>
public sealed class AccessTests(ExampleGateway fixture) : IClassFixture<ExampleGateway>
{
    private const string GuestOrder = """
        {"guest":{"name":"G"},"currency":"GBP","lines":[{"sku":"MUG-WHITE","quantity":1}],"paymentMethod":"pm_sandbox_ok"}
        """;

    /// <summary>The paths of things that have an owner.</summary>
    private static readonly string[] Owned = ["/customers/{id}", "/orders/{id}", "/payments/{id}", "/credit-notes/{id}"];

    private Api Api => fixture.Gateway.Api;

    public static TheoryData<string> Roles => [.. AccessTable.Roles.Keys.Where(name => name != "guest-order")];

    [Fact, Trait("writes", "files")]
    public Task The_table_of_the_documentation_is_the_one_that_is_enforced() =>
        WrittenFile.Is(
            AccessDocument.Write(fixture.Gateway.Service<EndpointDataSource>()), "what is enforced", "docs", "access.md");

    [Theory]
    [MemberData(nameof(Roles))]
    public async Task Each_operation_answers_each_role_as_the_table_says(string role)
    {
        var scopes = AccessTable.Roles[role].Scopes;
        var mine = fixture.Issuer.Token(role, "cus_eve", "eve", "market");
        var needs = AccessDocument.Operations(fixture.Gateway.Service<EndpointDataSource>()).ToDictionary(o => o.Name, o => o.Scope);
        foreach (var operation in fixture.Operations)
        {
            var answer = await Ask(operation, mine);
            var (status, code) = (answer.Status, (int)answer.Status < 400 ? null : answer.Code);
            if (needs[operation.Id] is { } scope && !scopes.Contains(scope))
                Assert.True((status, code) == (HttpStatusCode.Forbidden, "insufficient_scope"), $"{role} {operation.Id}: {answer.Body}");
            else if (IsOwned(operation) && AccessTable.Roles[role].Reach != Kernel.ReachKind.Everything)
                Assert.True(status == HttpStatusCode.NotFound && code!.StartsWith("unknown_"), $"{role} {operation.Id}: {answer.Body}");
            else
                Assert.True(
                    code is not "insufficient_scope" and not "unauthorized" and not "invalid_token",
                    $"{role} {operation.Id}: {answer.Body}");
        }
    }

    [Fact]
    public async Task Nobody_is_served_without_credentials_but_what_is_open_to_all()
    {
        var needs = AccessDocument.Operations(fixture.Gateway.Service<EndpointDataSource>()).ToDictionary(o => o.Name, o => o.Scope);
        foreach (var operation in fixture.Operations)
        {
            using var stranger = new Api(fixture.Gateway.Address);
            var answer = await stranger.Send(operation.Request());
            Assert.Equal(needs[operation.Id] is not null, answer.Status == HttpStatusCode.Unauthorized);
        }
    }

    [Fact]
    public async Task What_is_anothers_is_answered_like_what_is_not_there()
    {
        foreach (var role in (string[])["shopper", "partner"])
        foreach (var operation in fixture.Operations.Where(IsOwned))
        {
            var mine = fixture.Issuer.Token(role, "cus_eve", "eve", "market");
            var anothers = await Ask(operation, mine);
            if (anothers.Status == HttpStatusCode.Forbidden) continue; // the role has not the scope
            var nobodys = await Ask(operation, mine, path => Regexes.Id().Replace(path, "$1_nobody"));
            Assert.Equal(Told(nobodys), Told(anothers));
        }

        static string Told(Reply reply)
        {
            var told = reply.Json.EnumerateObject().Where(m => m.Name != "requestId").Select(m => $"{m.Name}: {m.Value}");
            return Regexes.Id().Replace(string.Join('\n', told), "$1_X");
        }
    }

    [Fact]
    public async Task A_shopper_sees_its_own_and_no_more()
    {
        var ada = Bearer(fixture.Issuer.Token("shopper", "cus_ada"));
        var eve = Bearer(fixture.Issuer.Token("shopper", "cus_eve", "eve"));
        (await Api.Get("/customers/cus_ada", ada)).Expect(HttpStatusCode.OK);
        (await Api.Get("/orders/ord_1001", ada)).Expect(HttpStatusCode.OK);
        Assert.Contains("ord_1001", (await Api.Get("/orders", ada)).Body, StringComparison.Ordinal);
        Assert.Equal(0, (await Api.Get("/orders", eve))["items"].GetArrayLength());
        Assert.Equal(0, (await Api.Get("/orders?customer=cus_ada", eve))["items"].GetArrayLength());
        Assert.Equal(0, (await Api.Get("/credit-notes", eve))["items"].GetArrayLength());
        var timeline = (await Api.Get("/orders/ord_1001/timeline", ada)).Expect(HttpStatusCode.OK);
        Assert.DoesNotContain("\"caller\"", timeline.Body, StringComparison.Ordinal);
        Assert.DoesNotContain("\"cause\"", timeline.Body, StringComparison.Ordinal);
        Assert.DoesNotContain("\"data\"", timeline.Body, StringComparison.Ordinal);
        Assert.Equal("tests", (await Api.Get("/orders/ord_1001/timeline"))["items.0.caller"].GetString());
        var export = (await Api.Get("/customers/cus_ada/export", ada)).Expect(HttpStatusCode.OK);
        Assert.DoesNotContain("\"caller\"", export.Body, StringComparison.Ordinal);
        Assert.DoesNotContain("\"cause\"", export.Body, StringComparison.Ordinal);
        Assert.Equal("tests", (await Api.Get("/customers/cus_ada/export"))["records.0.facts.0.caller"].GetString());
    }

    [Fact]
    public async Task What_followed_by_itself_names_its_cause_to_staff()
    {
        var ada = Bearer(fixture.Issuer.Token("shopper", "cus_ada"));
        var shipper = Bearer(fixture.Issuer.Token("warehouse", subject: "wim"));
        var placed = await Api.Post(
            "/orders", GuestOrder.Replace("\"guest\":{\"name\":\"G\"}", "\"customerId\":\"cus_ada\""), null, ada, ("Prefer", "wait=30"));
        var id = placed.Expect(HttpStatusCode.Created)["id"].GetString();
        (await Api.Post($"/orders/{id}/shipments", null, null, shipper, ("Prefer", "wait=30"))).Expect(HttpStatusCode.OK);
        var payment = (await Api.Get($"/orders/{id}"))["payments.0.id"].GetString();
        var export = await Api.Eventually("/customers/cus_ada/export", r => r.Body.Contains($"\"{payment}\"", StringComparison.Ordinal));
        var record = export["records"].EnumerateArray().Single(r => r.GetProperty("id").GetString() == payment);
        string? Cause(string fact) => record.GetProperty("facts").EnumerateArray()
            .Where(f => f.GetProperty("type").GetString() == fact && f.GetProperty("caller").GetString() == "system")
            .Select(f => f.GetProperty("cause").GetString()).Single();
        Assert.Equal(("test/ada", "test/wim"), (Cause("payment-authorized"), Cause("payment-captured")));
    }

    [Fact]
    public async Task A_list_never_has_what_its_reader_may_not_get()
    {
        var ada = fixture.Issuer.Token("shopper", "cus_ada");
        foreach (var token in (string[])[ada, fixture.Issuer.Token("partner", null, "m", "market"), fixture.Issuer.Token("warehouse")])
        foreach (var (list, one) in new[] { ("/orders", "/orders/"), ("/credit-notes", "/credit-notes/") })
        foreach (var item in (await Api.Get(list, Bearer(token))).Expect(HttpStatusCode.OK)["items"].EnumerateArray().ToList())
            (await Api.Get(one + item.GetProperty("id").GetString(), Bearer(token))).Expect(HttpStatusCode.OK);
    }

    [Fact]
    public async Task A_shopper_orders_as_itself_and_names_nothing()
    {
        var bob = Bearer(fixture.Issuer.Token("shopper", "cus_bob", "bob"));
        const string order = """{"currency":"GBP","lines":[{"sku":"MUG-WHITE","quantity":1}],"paymentMethod":"pm_sandbox_ok"MORE}""";
        var made = (await Api.Post("/customers", """{"name":"Bob","email":"bob@example.com"}""", null, bob)).Expect(HttpStatusCode.Created);
        Assert.Equal("cus_bob", made["id"].GetString());
        var placed = await Api.Post("/orders", order.Replace("MORE", ""), null, bob, ("Prefer", "wait=30"));
        placed.Expect(HttpStatusCode.Created);
        Assert.Equal("cus_bob", placed["customerId"].GetString());
        var id = await Api.Post("/orders", order.Replace("MORE", ",\"id\":\"ord_mine\""), null, bob);
        Assert.Equal("may_not_set", id.Expect(HttpStatusCode.Forbidden).Code);
        var others = await Api.Post("/orders", order.Replace("MORE", ",\"customerId\":\"cus_ada\""), null, bob);
        Assert.Equal("unknown_customer", others.Expect(HttpStatusCode.UnprocessableEntity).Code);
        var cheap = order.Replace("MORE", "").Replace("\"quantity\":1", "\"quantity\":1,\"unitPrice\":1");
        var price = await Api.Post("/orders", cheap, null, bob);
        Assert.Equal("may_not_negotiate", price.Expect(HttpStatusCode.Forbidden).Code);
        var past = await Api.Post("/orders", order.Replace("MORE", ",\"orderedAt\":\"2020-01-01T00:00:00Z\""), null, bob);
        Assert.Equal("may_not_import", past.Expect(HttpStatusCode.Forbidden).Code);
        var register = await Api.Post("/customers", """{"id":"cus_eve","name":"E","email":"e@example.com"}""", null, bob);
        Assert.Equal("may_not_set", register.Expect(HttpStatusCode.Forbidden).Code);
    }

    [Fact]
    public async Task A_guest_gets_a_link_that_opens_one_order_and_nothing_else()
    {
        var guest = Bearer(fixture.Issuer.Token("guest", null, "anybody"));
        var placed = (await Api.Post("/orders", GuestOrder, null, guest, ("Prefer", "wait=30"))).Expect(HttpStatusCode.Created);
        var (id, link) = (placed["id"].GetString(), placed.Header("Order-Access")!);
        (await Api.Get($"/orders/{id}", guest)).Expect(HttpStatusCode.Forbidden);
        Assert.Equal(id, (await Api.Get($"/orders/{id}", Bearer(link))).Expect(HttpStatusCode.OK)["id"].GetString());
        (await Api.Get("/orders/ord_1001", Bearer(link))).Expect(HttpStatusCode.NotFound);
        (await Api.Get("/orders", Bearer(link))).Expect(HttpStatusCode.Forbidden);
        (await Api.Get("/customers/cus_ada", Bearer(link))).Expect(HttpStatusCode.Forbidden);
        (await Api.PostAndWait($"/orders/{id}/shipments", "{}")).Expect(HttpStatusCode.OK);
        var asked = await Api.Post($"/orders/{id}/returns", """{"reason":"too small"}""", null, Bearer(link), ("Prefer", "wait=30"));
        Assert.Equal("requested", asked.Expect(HttpStatusCode.OK)["returns.0.status"].GetString());
        (await Api.Post("/orders/ord_1001/returns", """{"reason":"r"}""", null, Bearer(link))).Expect(HttpStatusCode.NotFound);
        foreach (var nothing in (string[])["cgo_", "cgo_%%%", "cgo_AAAA", link + "="])
            (await Api.Get($"/orders/{id}", Bearer(nothing))).Expect(HttpStatusCode.Unauthorized);
        for (var at = "cgo_".Length; at < link.Length; at += 7)
        {
            var forged = link[..at] + (link[at] == 'A' ? 'B' : 'A') + link[(at + 1)..];
            (await Api.Get($"/orders/{id}", Bearer(forged))).Expect(HttpStatusCode.Unauthorized);
        }

        Assert.Null((await Api.Post("/orders", GuestOrder)).Header("Order-Access")); // for staff there is none
    }

    [Fact]
    public async Task A_return_pays_only_after_the_goods_were_taken_in()
    {
        var ada = Bearer(fixture.Issuer.Token("shopper", "cus_ada"));
        var (eve, warehouse) = (Bearer(fixture.Issuer.Token("shopper", "cus_eve", "eve")), Bearer(fixture.Issuer.Token("warehouse")));
        const string order = """{"currency":"GBP","lines":[{"sku":"MUG-WHITE","quantity":2}],"paymentMethod":"pm_sandbox_ok"}""";
        const string back = """{"reason":"too small","lines":[{"line":1,"quantity":1}]}""";
        var id = (await Api.Post("/orders", order, null, ada, ("Prefer", "wait=30"))).Expect(HttpStatusCode.Created)["id"].GetString();
        var (returns, payment) = ($"/orders/{id}/returns", $"/payments/pay_{id!["ord_".Length..]}");
        (await Api.PostAndWait($"/orders/{id}/shipments", "{}")).Expect(HttpStatusCode.OK);
        var shelf = (await Api.Get("/stock/MUG-WHITE"))["onHand"].GetInt64();

        var asked = (await Api.Post(returns, back, null, ada, ("Prefer", "wait=30"))).Expect(HttpStatusCode.OK);
        var name = asked["returns.0.id"].GetString();
        Assert.Equal("requested", asked["returns.0.status"].GetString());
        Assert.False(asked["returns.0"].TryGetProperty("amount", out _)); // it is not known what will come
        Assert.Equal((0, shelf), await Moved());
        var here = await Api.Post(returns, """{"reason":"too small","received":true}""", null, ada);
        Assert.Equal("may_not_receive", here.Expect(HttpStatusCode.Forbidden).Code);
        Assert.Equal("may_not_set", (await Api.Post(returns, """{"id":"ret_x","reason":"x"}""", null, ada)).Code);
        foreach (var what in (string[])["receipt", "rejection"])
            Assert.Equal("insufficient_scope", (await Api.Post($"{returns}/{name}/{what}", """{"reason":"r"}""", null, ada)).Code);
        Assert.Equal("unknown_order", (await Api.Post(returns, back, null, eve)).Expect(HttpStatusCode.NotFound).Code);
        Assert.Equal((0, shelf), await Moved());

        var done = await Api.Post($"{returns}/{name}/receipt", null, null, warehouse, ("Prefer", "wait=30"));
        Assert.Equal("completed", done.Expect(HttpStatusCode.OK)["returns.0.status"].GetString());
        Assert.Equal((done["returns.0.amount"].GetInt64(), shelf + 1), await Moved());
        Assert.Equal("move_not_allowed", (await Api.Post($"{returns}/{name}/rejection", """{"reason":"r"}""", null, warehouse)).Code);

        async Task<(long, long)> Moved() =>
            ((await Api.Get(payment))["refunded"].GetInt64(), (await Api.Get("/stock/MUG-WHITE"))["onHand"].GetInt64());
    }

    [Fact]
    public async Task A_partner_sees_what_came_by_its_channel_and_another_partner_does_not()
    {
        var market = Bearer(fixture.Issuer.Token("partner", null, "m1", "market"));
        var other = Bearer(fixture.Issuer.Token("partner", null, "m2", "bazaar"));
        const string customer = """{"id":"cus_market","name":"M","email":"m@example.com"}""";
        (await Api.Post("/customers", customer, null, market)).Expect(HttpStatusCode.Created);
        const string order = """
            {"id":"ord_market","customerId":"cus_market","currency":"GBP","lines":[{"sku":"MUG-WHITE","quantity":1}],
             "paymentMethod":"pm_sandbox_ok"}
            """;
        Assert.Equal("unknown_customer", (await Api.Post("/orders", order, null, other)).Expect(HttpStatusCode.UnprocessableEntity).Code);
        (await Api.Post("/orders", order, null, market, ("Prefer", "wait=30"))).Expect(HttpStatusCode.Created);
        (await Api.Get("/orders/ord_market", market)).Expect(HttpStatusCode.OK);
        (await Api.Get("/orders/ord_market", other)).Expect(HttpStatusCode.NotFound);
        (await Api.Get("/customers/cus_market", other)).Expect(HttpStatusCode.NotFound);
        Assert.Equal("order_exists", (await Api.Post("/orders", order, null, market)).Code);
        await Api.Eventually("/orders?customer=cus_market", r => r["items"].GetArrayLength() == 1);
        Assert.Equal(1, (await Api.Get("/orders", market))["items"].GetArrayLength());
        Assert.Equal(0, (await Api.Get("/orders", other))["items"].GetArrayLength());
    }

    [Fact]
    public async Task The_same_idempotency_key_of_two_subjects_of_one_client_names_two_orders()
    {
        var (one, two) = (Bearer(fixture.Issuer.Token("guest", null, "one")), Bearer(fixture.Issuer.Token("guest", null, "two")));
        foreach (var key in (string[])["plain", Guid.CreateVersion7().ToString()])
        {
            var first = (await Api.Post("/orders", GuestOrder, key, one)).Expect(HttpStatusCode.Accepted);
            var second = (await Api.Post("/orders", GuestOrder, key, two)).Expect(HttpStatusCode.Accepted);
            Assert.NotEqual(first["id"].GetString(), second["id"].GetString());
            Assert.Equal(first["id"].GetString(), (await Api.Post("/orders", GuestOrder, key, one))["id"].GetString());
        }
    }

    [Fact]
    public async Task The_catalogue_is_open_to_all_where_the_configuration_says_so()
    {
        await using var own = await Gateway.Start(null, "--Commerce:PublicCatalogue=true");
        using var stranger = new Api(own.Address);
        (await stranger.Get("/products")).Expect(HttpStatusCode.OK);
        (await stranger.Get("/stock")).Expect(HttpStatusCode.Unauthorized);
        (await stranger.Post("/products", """{"sku":"X","name":"X","kind":"goods"}""")).Expect(HttpStatusCode.Unauthorized);
    }

    private static bool IsOwned(Operation operation) => Owned.Any(o => operation.Path == o || operation.Path.StartsWith($"{o}/"));

    private async Task<Reply> Ask(Operation operation, string token, Func<string, string>? path = null)
    {
        using var request = operation.Request();
        request.Headers.TryAddWithoutValidation("Authorization", $"Bearer {token}");
        if (operation.Body is JsonObject { } body && body.ContainsKey("id"))
        {
            var unnamed = body.DeepClone().AsObject(); // not every role may name things
            unnamed.Remove("id");
            request.Content = new StringContent(unnamed.ToJsonString(), null, "application/json");
        }

        if (path is not null) request.RequestUri = new Uri(path(request.RequestUri!.ToString()), UriKind.Relative);
        if (!operation.Streams) return await Api.Send(request);
        using var answer = await Api.Http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
        var told = answer.IsSuccessStatusCode ? "" : await answer.Content.ReadAsStringAsync();
        return new Reply(answer.StatusCode, told, answer.Headers, answer.Content.Headers.ContentType?.MediaType);
    }
}

internal static partial class Regexes
{
    [System.Text.RegularExpressions.GeneratedRegex("(cus|ord|pay|crn)_[A-Za-z0-9_]+")]
    public static partial System.Text.RegularExpressions.Regex Id();
}
