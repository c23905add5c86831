using System.Net;
using System.Text.Json;
using Commerce.Kernel;
using Commerce.Orders;
using Xunit;

namespace Commerce.Silo.Tests;

/// <summary>The business on silos, through a gateway.</summary>
public sealed class ClusterRunTests(ClusterRun run) : IClassFixture<ClusterRun>
{
    private OurProcess Gateway => run.Gateway;

    [Fact]
    public async Task An_order_goes_from_a_request_to_the_ledger_and_the_lists()
    {
        await Gateway.Goods("CASH", 10);
        Assert.Equal("confirmed", (await Gateway.Order("ord_cash", "CASH")).GetProperty("status").GetString());
        var shipped = await Gateway.Post("/orders/ord_cash/shipments", "{}", HttpStatusCode.OK);
        Assert.Equal("shipped", shipped.GetProperty("status").GetString());
        Assert.Equal(500, (await Gateway.Get("/payments/pay_cash")).GetProperty("captured").GetInt64());
        Assert.Equal(8, (await Gateway.Get("/stock/CASH")).GetProperty("onHand").GetInt64());

        await Gateway.Until("/ledger/entries?reference=ord_cash", l => l.GetProperty("items").GetArrayLength() == 2);
        await Gateway.Until("/orders?status=shipped", l => l.GetProperty("items").GetArrayLength() == 1);
    }

    [Fact]
    public async Task The_silo_that_hosts_a_capability_makes_its_lists_again_for_the_gateway()
    {
        await Gateway.Goods("AGAIN", 10);
        await Gateway.Order("ord_again", "AGAIN");
        foreach (var name in new[] { "orders", "stock" }) // one on each silo
        {
            var rebuilt = await Gateway.Post($"/operations/read-models/{name}/rebuild", "", HttpStatusCode.OK);
            Assert.Equal(name, Assert.Single(rebuilt.EnumerateArray()).GetProperty("name").GetString());
            Assert.True(rebuilt[0].GetProperty("facts").GetInt64() > 0);
        }

        await Gateway.Until(
            "/orders", l => l.GetProperty("items").EnumerateArray().Any(o => o.GetProperty("id").GetString() == "ord_again"));
        Assert.All([run.Sales, run.Goods, Gateway], p => Assert.DoesNotContain("42501", p.Output, StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_silo_needs_an_account_for_each_capability_that_it_hosts()
    {
        var accounts = await Accounts.Make(Commerce.Testing.TestPostgres.NewPrefix());
        await using var silo = await OurProcess.Silo(
            "none", "needs", ["--capabilities", "Orders,Inventory"], [.. accounts.OfSilo("Orders")]);
        Assert.Equal(4, await silo.Exit());
        Assert.Contains("'Commerce:Postgres:Inventory'", silo.Errors);
        Assert.Contains("none for Inventory", silo.Errors);
    }

    [Fact]
    public async Task An_API_key_serves_at_each_gateway_until_it_is_revoked_at_one()
    {
        const string wanted = """{"id":"key_both","name":"Both","roles":["merchandiser"]}""";
        var key = (await Gateway.Post("/api-keys", wanted, HttpStatusCode.Created)).GetProperty("key").GetString()!;
        foreach (var gateway in new[] { Gateway, run.OtherGateway }) Assert.Equal(HttpStatusCode.OK, await Ask(gateway));
        await run.OtherGateway.Post("/api-keys/key_both/revoke", "", HttpStatusCode.OK);
        Assert.Equal(HttpStatusCode.Unauthorized, await Ask(run.OtherGateway));
        for (var patience = 600; await Ask(Gateway) != HttpStatusCode.Unauthorized; patience--)
        {
            Assert.True(patience > 0, "It still serves.");
            await Task.Delay(50, TestContext.Current.CancellationToken);
        }

        async Task<HttpStatusCode> Ask(OurProcess gateway)
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, "/products");
            request.Headers.Add("Authorization", $"Bearer {key}");
            using var answer = await gateway.Http.SendAsync(request, TestContext.Current.CancellationToken);
            return answer.StatusCode;
        }
    }

    [Fact]
    public async Task Entities_come_to_life_without_a_line_in_the_log()
    {
        await Gateway.Goods("QUIET", 10);
        await Gateway.Order("ord_quiet", "QUIET");
        var counters = await Gateway.Until("/dashboard/DashboardCounters", c => Kinds(c).Any(k => k.Kind == "StockGrain"));
        Assert.Contains(Kinds(counters), k => k.Kind == "OrderGrain");
        // Orleans places grains by Polly, which logs three lines for each placement unless its category is silenced.
        Assert.All([run.Sales, run.Goods], silo => Assert.DoesNotContain("\"Category\":\"Polly\"", silo.Output, StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_capability_lives_only_on_the_silos_that_host_it()
    {
        await Gateway.Goods("PLACE", 10);
        await Gateway.Order("ord_place", "PLACE");
        var counters = await Gateway.Until("/dashboard/DashboardCounters", c => Kinds(c).Any(k => k.Kind == "StockGrain"));
        var silos = counters.GetProperty("hosts").EnumerateArray()
            .ToDictionary(h => h.GetProperty("siloAddress").GetString()!, h => h.GetProperty("siloName").GetString());
        var kinds = Kinds(counters).Select(k => (k.Kind, Silo: silos[k.Silo])).ToHashSet();
        Assert.Contains(("OrderGrain", "sales"), kinds);
        Assert.Contains(("PaymentGrain", "sales"), kinds);
        Assert.Contains(("StockGrain", "goods"), kinds);
        Assert.DoesNotContain(("OrderGrain", "goods"), kinds);
        Assert.DoesNotContain(("StockGrain", "sales"), kinds);
        Assert.Equal(["Orders", "Payments", "Ledger"], (await run.Sales.Get("/health/ready")).GetProperty("capabilities").EnumerateArray()
            .Select(c => c.GetString()));
    }

    [Fact]
    public async Task The_sandbox_is_one_for_all_and_each_silo_with_payments_has_a_circuit()
    {
        // A silo that is new is known to all others after moments.
        var circuits = await Gateway.Until("/payment-providers", c => c.GetArrayLength() > 0);
        var circuit = Assert.Single(circuits.EnumerateArray());
        Assert.Equal(
            ("sandbox", "closed", "sales"),
            (circuit.GetProperty("provider").GetString(), circuit.GetProperty("status").GetString(),
                circuit.GetProperty("silo").GetString()));

        await Gateway.Goods("OUT", 10);
        await Gateway.Send(HttpMethod.Put, "/sandbox", """{"outage":true}""", HttpStatusCode.OK);
        Assert.True((await Gateway.Get("/sandbox")).GetProperty("outage").GetBoolean());
        using var request = new HttpRequestMessage(HttpMethod.Post, "/orders");
        request.Headers.Add("Idempotency-Key", "out");
        request.Content = new StringContent(
            """
            {"id":"ord_out","guest":{"name":"Guest"},"currency":"GBP","paymentMethod":"pm_sandbox_ok","lines":[{"sku":"OUT","quantity":1}]}
            """,
            System.Text.Encoding.UTF8, "application/json");
        Assert.Equal(HttpStatusCode.Accepted, (await Gateway.Http.SendAsync(request)).StatusCode);
        await Gateway.Until("/payments/pay_out", p => p.GetProperty("status").GetString() is "waiting" or "requested" or "authorizing");
        await Gateway.Send(HttpMethod.Put, "/sandbox", """{"outage":false}""", HttpStatusCode.OK);
        await Gateway.Until("/orders/ord_out", o => o.GetProperty("status").GetString() == "confirmed");
    }

    [Fact]
    public async Task A_payment_whose_answer_is_lost_is_looked_up()
    {
        await Gateway.Goods("LOST", 10);
        Assert.Equal("confirmed", (await Gateway.Order("ord_lost", "LOST", "pm_sandbox_timeout_moved")).GetProperty("status").GetString());
    }

    [Fact]
    public async Task The_gateway_is_ready_when_databases_and_silos_answer()
    {
        var health = await Gateway.Get("/health/ready");
        Assert.True(health.GetProperty("database").GetBoolean());
        Assert.True(health.GetProperty("cluster").GetBoolean());
    }

    [Fact]
    public async Task The_operator_sees_subscriptions_and_read_models_and_rebuilds_one()
    {
        var lag = (await Gateway.Get("/operations/subscriptions")).GetProperty("lag").EnumerateArray();
        Assert.Contains(lag, l => l.GetProperty("subscription").GetString() == "ledger-from-orders");
        await Gateway.Until("/operations/read-models", m => m.EnumerateArray().All(
            r => r.GetProperty("state").GetString() == "following"));
        await Gateway.Post("/operations/read-models/stock/rebuild", "", HttpStatusCode.OK);
    }

    [Theory]
    [InlineData("retried")]
    [InlineData("given up")]
    public async Task A_parked_fact_is_retried_or_given_up_where_its_reaction_is(string wanted)
    {
        var sku = wanted.Replace(" ", "").ToUpperInvariant();
        await Gateway.Goods(sku, 10);
        await Gateway.Order($"ord_{sku}", sku);
        await using var databases = await run.Accounts.Open(run.Prefix, OrdersCapability.Definition);
        var orders = databases.Stores.Single();
        var fact = (await orders.Log.History(new EntityId("order", $"ord_{sku}"), 0, 10, CancellationToken.None))
            .Single(f => f.Fact.Type.StartsWith("order-confirmed/", StringComparison.Ordinal));
        await orders.Checkpoints.Park("orders-to-customers", fact, "set aside by hand", CancellationToken.None);

        var path = $"/operations/parked/orders-to-customers/{fact.Partition}/{fact.Position}";
        if (wanted == "retried") await Gateway.Post($"{path}/retry", "", HttpStatusCode.OK);
        else await Gateway.Send(HttpMethod.Delete, path, "", HttpStatusCode.OK);
        Assert.DoesNotContain(await orders.Checkpoints.Parked(CancellationToken.None), p => p.Fact.Entity == fact.Entity);
        await Gateway.Post($"{path}/retry", "", HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task The_document_is_the_same_as_without_a_cluster()
    {
        var served = (await Gateway.Http.GetStringAsync("/openapi/v1.json")).ReplaceLineEndings("\n").TrimEnd() + "\n";
        Assert.Equal(await File.ReadAllTextAsync(Path.Combine(Root(), "docs", "openapi.json")), served);
    }

    [Fact]
    public async Task The_dashboard_shows_the_reminder_that_keeps_each_capabilitys_alarms_alive()
    {
        var shown = await Gateway.Until(
            "/dashboard/Reminders/1", r => Capabilities.All.All(c => r.ToString().Contains($"{c.Name.ToLowerInvariant()}-alarms")));
        Assert.Equal(Capabilities.All.Count, shown.GetProperty("count").GetInt32());
    }

    [Fact]
    public async Task A_reaction_runs_where_its_capability_is_to_facts_of_another_silo()
    {
        await Gateway.Post("/customers", """{"id":"cus_far","name":"Far away","email":"far@example.com"}""", HttpStatusCode.Created);
        await Gateway.Goods("FAR", 10);
        await Gateway.Post(
            "/orders",
            """
            {"id":"ord_far","customerId":"cus_far","currency":"GBP","paymentMethod":"pm_sandbox_ok","lines":[{"sku":"FAR","quantity":1}]}
            """,
            HttpStatusCode.Created);
        await Gateway.Until("/customers/cus_far", c => c.GetProperty("lifetime").EnumerateArray()
            .Any(f => f.GetProperty("orders").GetInt64() == 1));
    }

    [Theory]
    [InlineData("/dashboard/", "text/html")]
    [InlineData("/dashboard/index.min.js", "text/javascript")]
    [InlineData("/dashboard/index.css", "text/css")]
    [InlineData("/dashboard/fonts/fa-solid-900.woff2", "font/woff2")]
    [InlineData("/dashboard/version", "application/json")]
    [InlineData("/dashboard/ClusterStats", "application/json")]
    [InlineData("/dashboard/TopGrainMethods", "application/json")]
    public async Task The_dashboard_is_served_and_may_load_what_is_its_own(string path, string type)
    {
        using var answer = await Gateway.Http.GetAsync(path);
        Assert.Equal((HttpStatusCode.OK, type), (answer.StatusCode, answer.Content.Headers.ContentType?.MediaType));
        var policy = Assert.Single(answer.Headers.GetValues("Content-Security-Policy"));
        Assert.Contains("default-src 'self'", policy, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("/dashboard/GrainState?grainId=ord_1&grainType=order")]
    [InlineData("/dashboard/grainstate")]
    [InlineData("/dashboard/Trace")]
    public async Task The_dashboard_shows_neither_state_nor_logs(string path) =>
        Assert.Equal("not_shown", (await Gateway.Get(path, HttpStatusCode.Forbidden)).GetProperty("code").GetString());

    private static IEnumerable<(string Kind, string Silo)> Kinds(JsonElement counters) => counters.GetProperty("simpleGrainStats")
        .EnumerateArray().Where(s => s.GetProperty("activationCount").GetInt32() > 0)
        .Select(s => (s.GetProperty("grainType").GetString()!.Split('.')[^1], s.GetProperty("siloAddress").GetString()!));

    private static string Root()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder.FullName, "Orleans.sln"))) folder = folder.Parent!;
        return folder.FullName;
    }
}
