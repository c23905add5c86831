using System.Net;
using Commerce.Testing;
using Xunit;

namespace Commerce.ApiGateway.Tests;

/// <summary>What the log of a process tells of persons: nothing.</summary>
public sealed class LoggingTests
{
    [Fact]
    public async Task Nothing_personal_is_logged()
    {
        await using var process = await GatewayProcess.Start(("Logging__LogLevel__Default", "Trace"));
        using var api = new Api(await process.Listening()) { Credentials = TestCredentials.Secret };
        await api.Goods("LOG-1", 5);
        const string person = """
            "name":"Quintilla Zephyr","email":"quintilla@example.com","phone":"+4477555",
            "addresses":{"home":{"line1":"3 Larkspur Row","city":"Didcot","country":"GB"}}
            """;
        (await api.Post("/customers", $$"""{"id":"cus_l",{{person}}}""")).Expect(HttpStatusCode.Created);
        (await api.Post("/customers", $$"""{"id":"cus_m",{{person}}}""")).Expect(HttpStatusCode.Conflict);
        (await api.Post("/customers", $$"""{"id":"quintilla zephyr",{{person}}}""")).Expect(HttpStatusCode.UnprocessableEntity);
        (await api.Post("/customers", $$"""{"id":"cus_n",{{person}},"Didcot":1}""")).Expect(HttpStatusCode.BadRequest);
        (await api.Patch("/customers/cus_l", """{"email":"quintilla@"}""")).Expect(HttpStatusCode.UnprocessableEntity);
        (await api.PostAndWait("/orders", """
            {"id":"ord_l","guest":{"name":"Quintilla Zephyr","email":"quintilla@example.com"},"currency":"GBP",
             "lines":[{"sku":"LOG-1","quantity":1}],"paymentMethod":"pm_sandbox_declined",
             "shippingAddress":{"line1":"3 Larkspur Row","city":"Didcot","country":"GB"}}
            """)).Expect(HttpStatusCode.Created);
        foreach (var path in (string[])["/customers?name=quintilla", "/customers?email=quintilla@example.com", "/customers/quintilla",
            "/customers/cus_l/export", "/orders/ord_l/timeline", "/nowhere/quintilla@example.com"]) await api.Get(path);
        (await api.Post("/customers/cus_l/erasure", null)).Expect(HttpStatusCode.Accepted);
        await api.Eventually("/customers/cus_l/erasure", r => r["status"].GetString() == "erased");

        Assert.Contains("Now listening", process.Output);
        foreach (var secret in (string[])["quintilla", "zephyr", "4477555", "larkspur", "didcot", "pm_sandbox"])
            Assert.DoesNotContain(secret, process.Output, StringComparison.OrdinalIgnoreCase);
    }
}
