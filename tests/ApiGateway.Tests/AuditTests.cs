using System.Net;
using System.Text.Json;
using Commerce.Engine;
using Commerce.Hosting;
using Commerce.Journal;
using Commerce.Testing;
using Npgsql;
using Xunit;
using static Commerce.ApiGateway.Tests.Api;

namespace Commerce.ApiGateway.Tests;

/// <summary>What is recorded of who did what, and of who was refused (decision 29).</summary>
public sealed class AuditTests(IssuerGateway fixture) : IClassFixture<IssuerGateway>
{
    private const string Request = "X-Request-Id";

    private Gateway Gateway => fixture.Gateway;

    private Api Api => Gateway.Api;

    private AuditDatabase Audit => Gateway.Service<AuditDatabase>();

    [Fact]
    public async Task A_privileged_act_is_recorded_before_it_is_done_and_before_it_is_answered()
    {
        var (request, key) = ($"req-{Guid.NewGuid():n}", Guid.NewGuid().ToString());
        var answer = await Api.Post("/operations/read-models/customers/rebuild", null, key, (Request, request));
        answer.Expect(HttpStatusCode.OK);
        var entry = new AuditEntry(
            "rebuildReadModel", "done", null, 1, TestCredentials.Name, "127.0.0.0/24", "POST /operations/read-models/{name}/rebuild",
            "customers", $"{TestCredentials.Name}:{key}", request);
        Assert.Equal([entry, entry with { Outcome = "begun" }], await Of(request));
    }

    [Fact]
    public async Task The_operation_of_an_act_is_that_of_its_facts_however_the_key_was_written()
    {
        var request = $"req-{Guid.NewGuid():n}";
        (await Api.Post("/payments/pay_none/refunds", """{"amount":1}""", "\"quoted\"", (Request, request)))
            .Expect(HttpStatusCode.NotFound);
        var operation = $"{TestCredentials.Name}:quoted";
        Assert.Equal([operation, operation], (await Of(request)).Select(e => e.Operation));
    }

    [Fact]
    public async Task An_act_that_was_refused_is_recorded_with_the_reason()
    {
        var request = $"req-{Guid.NewGuid():n}";
        const string body = """{"amount":1}""";
        (await Api.Post("/payments/pay_none/refunds", body, null, (Request, request))).Expect(HttpStatusCode.NotFound);
        Assert.Equal(
            [("refundPayment", "refused", "unknown_payment"), ("refundPayment", "begun", null)],
            (await Of(request)).Select(e => (e.Event, e.Outcome, e.Reason)));
    }

    [Fact]
    public async Task Prices_of_ones_own_are_recorded_and_those_of_the_catalogue_are_not()
    {
        await Api.Goods("NEGOTIATED", 5);
        var (own, usual) = ($"req-{Guid.NewGuid():n}", $"req-{Guid.NewGuid():n}");
        foreach (var (request, price) in new[] { (own, ",\"unitPrice\":1"), (usual, "") })
        {
            var body = $$$"""
                {"guest":{"name":"Ada Lovelace"},"currency":"GBP","lines":[{"sku":"NEGOTIATED","quantity":1{{{price}}}}],
                 "paymentMethod":"pm_sandbox_ok"}
                """;
            (await Api.Post("/orders", body, null, (Request, request))).Expect(HttpStatusCode.Accepted);
        }

        Assert.Equal(["done", "begun"], (await Of(own)).Where(e => e.Event == "negotiatePrices").Select(e => e.Outcome));
        Assert.Empty(await Of(usual));
    }

    [Fact]
    public async Task Reads_of_personal_data_by_staff_are_recorded_and_by_the_person_are_not()
    {
        const string customer = """{"id":"cus_read","name":"Rosa Read","email":"rosa@example.com"}""";
        (await Api.Post("/customers", customer)).Expect(HttpStatusCode.Created);
        var (staff, search, person) = ($"req-{Guid.NewGuid():n}", $"req-{Guid.NewGuid():n}", $"req-{Guid.NewGuid():n}");
        (await Api.Get("/customers/cus_read", (Request, staff))).Expect(HttpStatusCode.OK);
        (await Api.Get("/customers?email=rosa@example.com", (Request, search))).Expect(HttpStatusCode.OK);
        var own = fixture.Issuer.Token("shopper", "cus_read", "rosa", "shop");
        (await Api.Get("/customers/cus_read", (Request, person), Bearer(own))).Expect(HttpStatusCode.OK);
        Assert.Equal([("getCustomer", "done", "cus_read")], (await Of(staff)).Select(e => (e.Event, e.Outcome, e.Object)));
        Assert.Equal([("searchCustomers", "done")], (await Of(search)).Select(e => (e.Event, e.Outcome)));
        Assert.Empty(await Of(person));
        Assert.DoesNotContain("rosa", JsonSerializer.Serialize(await Of(search)), StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public async Task Refusals_are_recorded_and_requests_without_credentials_are_not()
    {
        var (forbidden, invalid, none) = ($"req-{Guid.NewGuid():n}", $"req-{Guid.NewGuid():n}", $"req-{Guid.NewGuid():n}");
        var shopper = fixture.Issuer.Token("shopper", "cus_eve", "eve", "shop");
        (await Api.Post("/operations/read-models/all/rebuild", null, null, (Request, forbidden), Bearer(shopper)))
            .Expect(HttpStatusCode.Forbidden);
        (await Api.Get("/orders", (Request, invalid), Bearer("no-such-key"))).Expect(HttpStatusCode.Unauthorized);
        using (var stranger = new Api(Gateway.Address))
            (await stranger.Get("/orders", (Request, none))).Expect(HttpStatusCode.Unauthorized);
        Assert.Equal(
            [("rebuildReadModel", "refused", "insufficient_scope")],
            (await Of(forbidden)).Select(e => (e.Event, e.Outcome, e.Reason)));
        var entry = Assert.Single(await Of(invalid));
        Assert.Equal(("listOrders", "refused", "invalid_token", "none"), (entry.Event, entry.Outcome, entry.Reason, entry.Caller));
        Assert.Empty(await Of(none));
    }

    [Fact]
    public void A_flood_of_refusals_leaves_few_entries_which_stand_for_all_of_them()
    {
        var clock = new FakeClock();
        var sampling = new RefusalSampling(clock);
        var taken = Enumerable.Range(1, 1000).Select(_ => sampling.Take()).ToList();
        Assert.All(taken[..10], times => Assert.Equal(1, times));
        Assert.Equal([6L, 16, 32, 64, 128, 256], taken[10..].OfType<long>());
        clock.Advance(TimeSpan.FromMinutes(1));
        Assert.Equal(1000 - 512 + 1, sampling.Take());
    }

    [Fact]
    public async Task The_audit_is_read_in_pages_the_latest_first()
    {
        for (var time = 1; time <= 3; time++) (await Api.Get($"/orders/ord_none-{time}")).Expect(HttpStatusCode.NotFound);
        var auditor = Bearer(fixture.Issuer.Token("auditor", null, "ann", "desk"));
        const string list = "/operations/audit?event=getOrder&limit=2";
        var first = (await Api.Get(list, auditor)).Expect(HttpStatusCode.OK);
        Assert.Equal(["ord_none-3", "ord_none-2"], first["items"].EnumerateArray().Select(i => i.GetProperty("object").GetString()));
        var next = Uri.EscapeDataString(first["next"].GetString()!);
        var second = (await Api.Get($"{list}&cursor={next}", auditor)).Expect(HttpStatusCode.OK);
        Assert.Equal("ord_none-1", second["items.0.object"].GetString());
        Assert.Equal("refused", second["items.0.outcome"].GetString());
        var importer = Bearer(fixture.Issuer.Token("importer", null, "ivo", "desk"));
        (await Api.Get(list, importer)).Expect(HttpStatusCode.Forbidden);
    }

    [Fact]
    public async Task What_cannot_be_recorded_is_not_done_and_what_is_only_read_is_answered()
    {
        await using var gateway = await Gateway.Start();
        await using var source = NpgsqlDataSource.Create(new NpgsqlConnectionStringBuilder(await TestPostgres.ConnectionString())
        {
            Database = $"{gateway.Prefix}_audit", Pooling = false,
        });
        await Run("alter function audit.record rename to recorded");
        var refused = (await gateway.Api.Put("/sandbox", """{"outage":true}""")).Expect(HttpStatusCode.ServiceUnavailable);
        Assert.Equal("temporarily_unavailable", refused.Code);
        Assert.False((await gateway.Api.Get("/sandbox"))["outage"].GetBoolean());
        (await gateway.Api.Get("/customers?name=nobody")).Expect(HttpStatusCode.OK);

        await Run("alter function audit.recorded rename to record");
        (await gateway.Api.Put("/sandbox", """{"outage":true}""")).Expect(HttpStatusCode.OK);
        Assert.True((await gateway.Api.Get("/sandbox"))["outage"].GetBoolean());

        async Task Run(string sql)
        {
            await using var command = source.CreateCommand(sql);
            await command.ExecuteNonQueryAsync();
        }
    }

    [Theory]
    [InlineData(DatabaseRoles.App)]
    [InlineData(DatabaseRoles.Recorder)]
    public async Task A_role_adds_entries_and_can_neither_change_nor_delete_one(string role)
    {
        var (prefix, server) = (TestPostgres.NewPrefix(), await TestPostgres.ConnectionString());
        var account = (await (await AuditDatabase.Migrate(server, prefix, CancellationToken.None))
            .SetPasswords(server, CancellationToken.None))[role];
        var accounts = new PostgresAccounts(server, new Dictionary<string, string> { [PostgresAccounts.AuditName] = account });
        await using var audit = await AuditDatabase.Open(accounts, prefix, CancellationToken.None);
        var entry = new AuditEntry("event", "done", null, 1, "caller", null, "GET /", null, null, "req");
        await audit.Record([entry, entry with { Event = "other" }]);
        if (role == DatabaseRoles.App) // gateways show the audit; silos only add to it
            Assert.Equal(entry, Assert.Single(await audit.Read(long.MaxValue, "event", null, 10, CancellationToken.None)).Entry);
        else await Assert.ThrowsAsync<PostgresException>(() => audit.Read(long.MaxValue, "event", null, 10, CancellationToken.None));

        var own = new NpgsqlConnectionStringBuilder(account);
        await using var source = NpgsqlDataSource.Create(new NpgsqlConnectionStringBuilder(server)
        {
            Database = $"{prefix}_audit", Username = own.Username, Password = own.Password, Pooling = false,
        });
        string[] forbidden =
        [
            "update audit.entries set caller = 'another'", "delete from audit.entries", "truncate audit.entries",
            "insert into audit.entries (event, outcome, times, caller, route, request) values ('e', 'done', 1, 'c', 'r', 'r')",
            "drop table audit.entries", "create table audit.mine (n int)",
        ];
        foreach (var sql in forbidden)
        {
            await using var command = source.CreateCommand(sql);
            var refused = await Assert.ThrowsAsync<PostgresException>(() => command.ExecuteNonQueryAsync());
            Assert.Equal(PostgresErrorCodes.InsufficientPrivilege, refused.SqlState);
        }
    }

    [Theory]
    [InlineData("203.0.113.77", "203.0.113.0/24")]
    [InlineData("::ffff:203.0.113.77", "203.0.113.0/24")]
    [InlineData("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64")]
    public void Of_an_address_only_its_network_is_kept(string address, string network) =>
        Assert.Equal(network, ClientAddress.NetworkOf(IPAddress.Parse(address)));

    /// <summary>The entries of a request, the latest first.</summary>
    private async Task<IReadOnlyList<AuditEntry>> Of(string request) =>
    [
        .. (await Audit.Read(long.MaxValue, null, null, 1000, CancellationToken.None)).Select(r => r.Entry)
            .Where(e => e.Request == request),
    ];
}
