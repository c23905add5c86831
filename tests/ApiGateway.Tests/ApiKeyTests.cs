using System.Net;
using Commerce.Access;
using Commerce.Engine;
using Commerce.Journal;
using Commerce.Kernel;
using Commerce.Testing;
using Npgsql;
using Xunit;
using static Commerce.ApiGateway.Tests.Api;

namespace Commerce.ApiGateway.Tests;

/// <summary>API keys from their making to their end (decision 28).</summary>
public sealed class ApiKeyTests(IssuerGateway fixture) : IClassFixture<IssuerGateway>
{
    private Api Api => fixture.Gateway.Api;

    [Fact]
    public async Task A_key_works_until_it_is_rolled_and_then_both_do_until_the_old_one_ends()
    {
        var first = await Make("key_rolled", "merchandiser");
        Assert.Matches("^cmr_[0-9A-Za-z]{10}_[0-9A-Za-z]{43}_[0-9A-Za-z]{6}$", first);
        const string product = """{"sku":"ROLLED","name":"R","kind":"service"}""";
        (await Api.Post("/products", product, "once", Bearer(first))).Expect(HttpStatusCode.Created);

        var second = await Roll("key_rolled", """{"oldSecretHours":1}""");
        await Works(first, second);
        var again = (await Api.Post("/products", product, "once", Bearer(second))).Expect(HttpStatusCode.Created);
        Assert.Equal("true", again.Header("Idempotent-Replayed")); // it is the same caller

        var third = await Roll("key_rolled", """{"oldSecretHours":0}""");
        await Refused(first, second);
        await Works(third);
        var kept = (await Api.Get("/api-keys/key_rolled")).Expect(HttpStatusCode.OK);
        Assert.Equal((third[..14], 3), (kept["startsWith"].GetString(), kept["version"].GetInt32()));
        Assert.False(kept.Json.TryGetProperty("key", out _));
    }

    [Fact]
    public async Task A_key_that_was_revoked_is_refused_from_then_on()
    {
        var key = await Make("key_revoked", "merchandiser");
        await Works(key);
        (await Api.Post("/api-keys/key_revoked/revoke", null)).Expect(HttpStatusCode.OK);
        await Refused(key);
        (await Api.Post("/api-keys/key_revoked/revoke", null)).Expect(HttpStatusCode.OK);
        Assert.Equal("api_key_revoked", (await Api.Post("/api-keys/key_revoked/roll", "{}")).Expect(HttpStatusCode.Conflict).Code);
        await Api.Eventually("/api-keys", r => r["items"].EnumerateArray().Any(
            k => k.GetProperty("id").GetString() == "key_revoked" && k.TryGetProperty("revokedAt", out _)));
    }

    [Fact]
    public async Task A_key_does_what_its_scopes_say_and_is_named_in_what_it_does()
    {
        var key = await Make("key_narrow", "merchandiser", ""","scopes":["catalogue:write"]""");
        const string product = """{"sku":"NARROW","name":"N","kind":"service"}""";
        (await Api.Post("/products", product, null, Bearer(key))).Expect(HttpStatusCode.Created);
        var refused = (await Api.Get("/products", Bearer(key))).Expect(HttpStatusCode.Forbidden);
        Assert.Equal("insufficient_scope", refused.Code);
        Assert.Contains("'key/narrow'", refused["detail"].GetString());
        var stores = fixture.Gateway.Service<IReadOnlyList<CapabilityStore>>();
        var facts = await stores.Single(s => s.Capability.Name == "Catalogue").Log.History(
            new EntityId("product", "NARROW"), 0, 9, CancellationToken.None);
        Assert.Equal("key/narrow", Assert.Single(facts).Caller);
    }

    [Fact]
    public async Task A_partners_key_sees_its_channel_alone()
    {
        var market = await Make("key_market", "partner", ""","channel":"market" """);
        var bazaar = await Make("key_bazaar", "partner", ""","channel":"bazaar" """);
        const string customer = """{"id":"cus_keyed","name":"M","email":"keyed@example.com"}""";
        (await Api.Post("/customers", customer, null, Bearer(market))).Expect(HttpStatusCode.Created);
        (await Api.Get("/customers/cus_keyed", Bearer(market))).Expect(HttpStatusCode.OK);
        (await Api.Get("/customers/cus_keyed", Bearer(bazaar))).Expect(HttpStatusCode.NotFound);
        (await Api.Get("/customers/cus_keyed", Bearer(fixture.Issuer.Token("partner", null, "m", "market")))).Expect(HttpStatusCode.OK);
    }

    [Fact]
    public async Task A_key_may_not_give_what_its_maker_lacks()
    {
        var operatorOnly = Bearer(fixture.Issuer.Token("operator"));
        const string wanted = """{"id":"key_over","name":"O","roles":["warehouse"]}""";
        var refused = (await Api.Post("/api-keys", wanted, null, operatorOnly)).Expect(HttpStatusCode.Forbidden);
        Assert.Equal("may_not_give", refused.Code);
        await Make("key_over", "warehouse");
        var rolled = (await Api.Post("/api-keys/key_over/roll", "{}", null, operatorOnly)).Expect(HttpStatusCode.Forbidden);
        Assert.Equal("may_not_give", rolled.Code);
        (await Api.Post("/api-keys/key_over/revoke", null, null, operatorOnly)).Expect(HttpStatusCode.OK);

        var maker = await Make("key_operator", "operator"); // without what makes keys
        Assert.Equal("insufficient_scope", (await Api.Get("/api-keys", Bearer(maker))).Expect(HttpStatusCode.Forbidden).Code);
        await Works(maker);
    }

    [Fact]
    public async Task The_same_request_again_gets_the_answer_without_the_key()
    {
        const string wanted = """{"name":"Again","roles":["merchandiser"]}""";
        var first = (await Api.Post("/api-keys", wanted, "again")).Expect(HttpStatusCode.Created);
        var second = (await Api.Post("/api-keys", wanted, "again")).Expect(HttpStatusCode.Created);
        Assert.Equal((first["id"].GetString(), "true"), (second["id"].GetString(), second.Header("Idempotent-Replayed")));
        Assert.False(second.Json.TryGetProperty("key", out _));
        await Works(first["key"].GetString()!);
    }

    [Fact]
    public async Task A_key_that_has_ended_is_refused()
    {
        var text = ApiKeyText.New("key_ended");
        var digest = Convert.ToHexStringLower(ConfiguredKey.DigestOf(text));
        await Append("key_ended", 0, new ApiKeyMade(
            "Ended", ["merchandiser"], ["catalogue:read"], Reach.Everything, digest, DateTimeOffset.UtcNow.AddDays(-2),
            DateTimeOffset.UtcNow.AddDays(-1)));
        await Refused(text);
        var rolled = new ApiKeyRolled(digest, DateTimeOffset.UtcNow, DateTimeOffset.UtcNow.AddDays(1), DateTimeOffset.UtcNow);
        await Append("key_ended", 1, rolled);
        await Works(text); // it was its end that was in the way
    }

    [Fact]
    public async Task A_live_stream_ends_with_its_key()
    {
        await using var own = await Gateway.Start(null, "--Commerce:HeartbeatSeconds=1");
        await own.Api.Goods("WATCHED", 5);
        var made = await own.Api.Post("/api-keys", """{"id":"key_watch","name":"W","roles":["operator"],"scopes":["orders:stream"]}""");
        using var watcher = new Api(own.Address) { Credentials = made["key"].GetString() };
        await using var stream = await EventStream.Open(watcher, "/orders/events");
        await own.Api.Order("ord_seen", "WATCHED", 1);
        Assert.Equal("order-placed", (await stream.Next()).Name);
        (await own.Api.Post("/api-keys/key_watch/revoke", null)).Expect(HttpStatusCode.OK);
        await own.Api.Order("ord_unseen", "WATCHED", 1);
        Assert.DoesNotContain("ord_unseen", await stream.Rest(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Keys_outlive_the_process_and_so_does_their_end()
    {
        await using var own = await Gateway.Start();
        var (kept, ended) = (await Make("key_kept", "merchandiser", api: own.Api), await Make("key_gone", "merchandiser", api: own.Api));
        (await own.Api.Post("/api-keys/key_gone/revoke", null)).Expect(HttpStatusCode.OK);
        await own.Stop();
        await own.StartAgain();
        (await own.Api.Get("/products", Bearer(kept))).Expect(HttpStatusCode.OK);
        (await own.Api.Get("/products", Bearer(ended))).Expect(HttpStatusCode.Unauthorized);
    }

    [Fact]
    public async Task The_secret_is_in_no_row_and_in_no_log()
    {
        var prefix = TestPostgres.NewPrefix();
        await using var process = await GatewayProcess.Start(("Logging__LogLevel__Default", "Trace"), ("Commerce__Prefix", prefix));
        using var api = new Api(await process.Listening()) { Credentials = TestCredentials.Secret };
        var first = await Make("key_secret", "merchandiser", api: api);
        var second = (await api.Post("/api-keys/key_secret/roll", "{}")).Expect(HttpStatusCode.OK)["key"].GetString()!;
        foreach (var key in (string[])[first, second, $"{second}x"]) await api.Get("/products", Bearer(key));
        await api.Eventually("/api-keys", r => r["items"].GetArrayLength() == 1 && r["items.0.version"].GetInt32() == 2);

        var rows = new List<string>();
        foreach (var capability in Capabilities.All)
        {
            var database = new NpgsqlConnectionStringBuilder(await TestPostgres.ConnectionString())
            {
                Database = $"{prefix}_{capability.Name.ToLowerInvariant()}",
            };
            await using var source = NpgsqlDataSource.Create(database);
            rows.AddRange(await KeptRows.Of(source));
        }

        Assert.Contains(rows, row => row.Contains("key_secret", StringComparison.Ordinal));
        Assert.Contains("key/secret", process.Output, StringComparison.Ordinal);
        foreach (var secret in new[] { first, second }.Select(key => key.Split('_')[2]))
        {
            Assert.DoesNotContain(rows, row => row.Contains(secret, StringComparison.Ordinal));
            Assert.DoesNotContain(secret, process.Output, StringComparison.Ordinal);
        }
    }

    private async Task<string> Make(string id, string role, string more = "", Api? api = null)
    {
        var body = $$"""{"id":"{{id}}","name":"A key","roles":["{{role}}"]{{more}}}""";
        return (await (api ?? Api).Post("/api-keys", body)).Expect(HttpStatusCode.Created)["key"].GetString()!;
    }

    private async Task<string> Roll(string id, string body) =>
        (await Api.Post($"/api-keys/{id}/roll", body)).Expect(HttpStatusCode.OK)["key"].GetString()!;

    private async Task Works(params string[] keys)
    {
        foreach (var key in keys) (await Api.Get("/products", Bearer(key))).Expect(HttpStatusCode.OK);
    }

    private async Task Refused(params string[] keys)
    {
        foreach (var key in keys)
            Assert.Equal("invalid_token", (await Api.Get("/products", Bearer(key))).Expect(HttpStatusCode.Unauthorized).Code);
    }

    private async Task Append(string id, long version, ApiKeyFact fact) => Assert.IsType<AppendResult.Committed>(
        await fixture.Gateway.Service<CommerceDatabases>().Journal("Access").Append(new AppendRequest(
            new EntityId("api_key", id), version, [AccessCapability.Facts.Encode(fact)], $"test-{version}", Fingerprint: null, "{}",
            DateTimeOffset.UtcNow, "tests")));
}
