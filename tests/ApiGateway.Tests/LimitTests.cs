using System.Globalization;
using System.Net;
using System.Text.RegularExpressions;
using Xunit;
using static Commerce.ApiGateway.Tests.Api;

namespace Commerce.ApiGateway.Tests;

/// <summary>Who asks too often has to wait, and nothing that was done is lost by it (decision 30).</summary>
public sealed partial class LimitTests
{
    private const string Clerk = "a-clerk-of-these-tests";
    private const string Other = "another-clerk-of-these-tests";

    private static readonly string[] Clerks =
    [
        $"--Commerce:ApiKeys:clerk:Key={Clerk}", "--Commerce:ApiKeys:clerk:Roles:0=customer-service",
        "--Commerce:ApiKeys:clerk:Roles:1=merchandiser", "--Commerce:ApiKeys:clerk:Roles:2=operator",
        $"--Commerce:ApiKeys:other:Key={Other}", "--Commerce:ApiKeys:other:Roles:0=customer-service",
        "--Commerce:ApiKeys:other:Roles:1=merchandiser", "--Commerce:ApiKeys:other:Roles:2=operator",
    ];

    [Fact]
    public async Task Beyond_a_limit_a_caller_waits_and_others_do_not()
    {
        await using var gateway = await Start(("client-list", 3));
        for (var i = 0; i < 3; i++) (await gateway.Api.Get("/products", Bearer(Clerk))).Expect(HttpStatusCode.OK);
        var limited = (await gateway.Api.Get("/products", Bearer(Clerk))).Expect(HttpStatusCode.TooManyRequests);
        Assert.Equal("rate_limited", limited.Code);
        Assert.Contains("'client-list'", limited["detail"].GetString(), StringComparison.Ordinal);
        Assert.True(int.Parse(limited.Header("Retry-After")!, CultureInfo.InvariantCulture) > 0);
        (await gateway.Api.Get("/products", Bearer(Other))).Expect(HttpStatusCode.OK);
        (await gateway.Api.Get("/products/NONE", Bearer(Clerk))).Expect(HttpStatusCode.NotFound); // another class of routes
    }

    [Fact]
    public async Task Every_counted_answer_says_how_much_is_left()
    {
        await using var gateway = await Start(("client-list", 3), ("client-read", 5), ("client-write", 4));
        for (var left = 2; left >= 0; left--)
            Assert.Equal([("client-list", left)], Left(await gateway.Api.Get("/products", Bearer(Clerk))));
        var limited = await gateway.Api.Get("/products", Bearer(Clerk));
        Assert.Equal([("client-list", 0)], Left(limited));
        Assert.Equal("\"client-list\";q=3;w=180", limited.Header("RateLimit-Policy"));
        var change = await gateway.Api.Post("/products", """{"sku":"A","name":"A","kind":"goods"}""", null, Bearer(Clerk));
        Assert.Equal([("client-read", 4), ("client-write", 3)], Left(change.Expect(HttpStatusCode.Created)));
        Assert.Empty(Left(await gateway.Api.Get("/health/live")));
    }

    [Fact]
    public async Task A_repeat_that_has_its_answer_is_never_limited_also_by_another_process()
    {
        await using var gateway = await Start(("client-write", 2));
        const string order = """
            {"guest":{"name":"G"},"currency":"GBP","lines":[{"sku":"REPEAT","quantity":1}],"paymentMethod":"pm_sandbox_ok"}
            """;
        await gateway.Api.Goods("REPEAT", 5);
        const string product = """{"sku":"ONE","name":"A","kind":"goods"}""";
        (await gateway.Api.Post("/products", product, "first", Bearer(Clerk))).Expect(HttpStatusCode.Created);
        var refused = await gateway.Api.Post("/products", product, "second", Bearer(Clerk));
        refused.Expect(HttpStatusCode.Conflict);
        for (var process = 1; process <= 2; process++)
        {
            var facts = await gateway.CountFacts();
            var limited = await gateway.Api.Post("/products", product.Replace("ONE", "TWO"), "third", Bearer(Clerk));
            if (process == 1) limited.Expect(HttpStatusCode.TooManyRequests);
            var repeated = await gateway.Api.Post("/products", product, "first", Bearer(Clerk));
            Assert.Equal("true", repeated.Expect(HttpStatusCode.Created).Header("Idempotent-Replayed"));
            (await gateway.Api.Post("/products", product, "second", Bearer(Clerk))).Expect(HttpStatusCode.Conflict);
            if (process == 1)
            {
                Assert.Equal(facts, await gateway.CountFacts());
                await gateway.Stop();
                await gateway.StartAgain();
                await UseUp(gateway);
            }
        }

        (await gateway.Api.Get("/products/TWO")).Expect(HttpStatusCode.NotFound);
        (await gateway.Api.Post("/orders", order, null, Bearer(Clerk))).Expect(HttpStatusCode.Accepted); // placing is counted apart
    }

    [Fact]
    public async Task What_was_limited_is_done_once_when_it_comes_again()
    {
        await using var gateway = await Start(("client-write", 1));
        const string product = """{"sku":"LATER","name":"A","kind":"goods"}""";
        await UseUp(gateway);
        (await gateway.Api.Post("/products", product, "later", Bearer(Clerk))).Expect(HttpStatusCode.TooManyRequests);
        (await gateway.Api.Get("/products/LATER")).Expect(HttpStatusCode.NotFound);
        await gateway.Stop();
        await gateway.StartAgain(); // with full buckets
        (await gateway.Api.Post("/products", product, "later", Bearer(Clerk))).Expect(HttpStatusCode.Created);
    }

    [Fact]
    public async Task Refusals_do_not_fill_the_disk()
    {
        await using var gateway = await Start(("client-refused", 3));
        const string product = """{"sku":"FULL","name":"A","kind":"goods"}""";
        (await gateway.Api.Post("/products", product)).Expect(HttpStatusCode.Created);
        for (var i = 0; i < 3; i++)
            (await gateway.Api.Post("/products", product, null, Bearer(Clerk))).Expect(HttpStatusCode.Conflict);
        for (var i = 0; i < 3; i++)
            (await gateway.Api.Post("/products", product, $"more-{i}", Bearer(Clerk))).Expect(HttpStatusCode.TooManyRequests);
        (await gateway.Api.Post("/products", product, "more-0")).Expect(HttpStatusCode.Conflict); // nothing of it was kept
        (await gateway.Api.Post("/products", product, null, Bearer(Other))).Expect(HttpStatusCode.Conflict);
    }

    [Fact]
    public async Task Wrong_credentials_are_slowed_before_they_are_looked_at()
    {
        await using var gateway = await Start(("wrong-credentials", 3));
        (await gateway.Api.Get("/products", Bearer(Clerk))).Expect(HttpStatusCode.OK);
        for (var i = 0; i < 5; i++) // the same once more is no further guess
            (await gateway.Api.Get("/products", Bearer("a-wrong-key-0"))).Expect(HttpStatusCode.Unauthorized);
        for (var i = 1; i < 3; i++)
            (await gateway.Api.Get("/products", Bearer($"a-wrong-key-{i}"))).Expect(HttpStatusCode.Unauthorized);
        var slowed = (await gateway.Api.Get("/products", Bearer("a-wrong-key-3"))).Expect(HttpStatusCode.TooManyRequests);
        Assert.NotNull(slowed.Header("Retry-After"));
        (await gateway.Api.Get("/products", Bearer(Other))).Expect(HttpStatusCode.TooManyRequests); // right, and not looked at
        (await gateway.Api.Get("/products", Bearer(Clerk))).Expect(HttpStatusCode.OK); // known to be right
        using var stranger = new Api(gateway.Address);
        (await stranger.Get("/products")).Expect(HttpStatusCode.Unauthorized); // no credentials are no wrong ones
    }

    [Fact]
    public async Task What_a_proxy_says_counts_only_from_a_proxy()
    {
        foreach (var trusted in (bool[])[false, true])
        {
            await using var gateway = await Start(
                trusted ? ["--Commerce:TrustedProxies:0=127.0.0.0/8"] : [], ("wrong-credentials", 2));
            async Task<HttpStatusCode> Ask(string address, string key) =>
                (await gateway.Api.Get("/products", Bearer(key), ("X-Forwarded-For", address))).Status;

            for (var i = 0; i < 2; i++) Assert.Equal(HttpStatusCode.Unauthorized, await Ask("203.0.113.1", $"a-wrong-key-{i}"));
            Assert.Equal(HttpStatusCode.TooManyRequests, await Ask("203.0.113.1", "a-wrong-key-of-one"));
            Assert.Equal(
                trusted ? HttpStatusCode.Unauthorized : HttpStatusCode.TooManyRequests, await Ask("203.0.113.2", "a-wrong-key-of-two"));
        }
    }

    [Fact]
    public async Task One_caller_cannot_take_the_streams_of_another()
    {
        await using var gateway = await Start();
        var open = new List<HttpResponseMessage>();
        try
        {
            for (var i = 0; i < HeldRequests.StreamsOf(CallerClass.Client); i++)
            {
                open.Add(await Follow(gateway, Clerk));
                Assert.Equal(HttpStatusCode.OK, open[^1].StatusCode);
            }

            using var more = await Follow(gateway, Clerk);
            Assert.Equal(HttpStatusCode.TooManyRequests, more.StatusCode);
            open.Add(await Follow(gateway, Other));
            Assert.Equal(HttpStatusCode.OK, open[^1].StatusCode);
            open[0].Dispose();
            for (var patience = 200; ; patience--)
            {
                using var again = await Follow(gateway, Clerk);
                if (again.StatusCode == HttpStatusCode.OK) break;
                Assert.True(patience > 0, "The place of a stream that has ended never came back.");
                await Task.Delay(50);
            }
        }
        finally
        {
            foreach (var one in open) one.Dispose();
        }
    }

    [Fact]
    public async Task Who_waits_for_enough_already_is_answered_at_once()
    {
        await using var gateway = await Start();
        await gateway.Api.Goods("HELD", 1000);
        (await gateway.Api.Put("/sandbox", """{"outage":true}""")).Expect(HttpStatusCode.OK);
        const string order = """
            {"guest":{"name":"G"},"currency":"GBP","lines":[{"sku":"HELD","quantity":1}],"paymentMethod":"pm_sandbox_ok"}
            """;
        var waiting = Enumerable.Range(0, HeldRequests.WaitsOf(CallerClass.Client))
            .Select(_ => gateway.Api.Post("/orders", order, null, Bearer(Clerk), ("Prefer", "wait=60"))).ToList();
        do
        {
            waiting.Add(gateway.Api.Post("/orders", order, null, Bearer(Clerk), ("Prefer", "wait=60")));
            await Task.WhenAny(waiting[^1], Task.Delay(500));
            Assert.True(waiting.Count < 300, "All of them wait.");
        }
        while (!waiting[^1].IsCompleted);
        (await waiting[^1]).Expect(HttpStatusCode.Accepted);
        Assert.Null((await waiting[^1]).Header("Preference-Applied"));
        (await gateway.Api.Put("/sandbox", """{"outage":false}""")).Expect(HttpStatusCode.OK);
        foreach (var answer in await Task.WhenAll(waiting)) Assert.True((int)answer.Status < 300, answer.Body);
    }

    [Fact]
    public async Task An_unknown_limit_is_refused_with_the_nearest_name()
    {
        var refused = await Assert.ThrowsAsync<Hosting.InvalidConfigurationException>(
            () => Gateway.Start(null, "--Commerce:Limits:shoper-write:Burst=1"));
        Assert.Contains("did you mean shopper-write?", refused.Message, StringComparison.Ordinal);
        refused = await Assert.ThrowsAsync<Hosting.InvalidConfigurationException>(
            () => Gateway.Start(null, "--Commerce:TrustedProxies:0=proxy.example"));
        Assert.Contains("'proxy.example' is no network", refused.Message, StringComparison.Ordinal);
    }

    /// <summary>Changes until a limit is used up.</summary>
    private static async Task UseUp(Gateway gateway)
    {
        for (var i = 0; i < 50; i++)
        {
            var product = $$"""{"sku":"USED-{{Guid.NewGuid():n}}","name":"A","kind":"goods"}""";
            var made = await gateway.Api.Post("/products", product, null, Bearer(Clerk));
            if (made.Status == HttpStatusCode.TooManyRequests) return;
        }

        Assert.Fail("The limit was never reached.");
    }

    private static async Task<HttpResponseMessage> Follow(Gateway gateway, string key)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "/orders/events");
        request.Headers.Authorization = new("Bearer", key);
        return await gateway.Api.Http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
    }

    private static Task<Gateway> Start(params (string Name, int Burst)[] limits) => Start([], limits);

    // So slow that none comes back while a test runs.
    private static Task<Gateway> Start(string[] options, params (string Name, int Burst)[] limits) => Gateway.Start(null, [
        .. Clerks, .. options,
        .. limits.SelectMany(l => (string[])[$"--Commerce:Limits:{l.Name}:PerMinute=1", $"--Commerce:Limits:{l.Name}:Burst={l.Burst}"]),
    ]);

    private static IEnumerable<(string, int)> Left(Reply reply) => Item().Matches(reply.Header("RateLimit") ?? "")
        .Select(m => (m.Groups[1].Value, int.Parse(m.Groups[2].ValueSpan, CultureInfo.InvariantCulture)));

    [GeneratedRegex("\"([a-z-]+)\";r=([0-9]+);t=[0-9]+")]
    private static partial Regex Item();
}
