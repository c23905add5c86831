using System.Net;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using Commerce.Engine;
using Commerce.Kernel;
using Commerce.Orders;
using Commerce.Testing;
using Microsoft.AspNetCore.Http;
using Npgsql;
using Xunit;
using static Commerce.ApiGateway.Tests.Api;

namespace Commerce.ApiGateway.Tests;

/// <summary>Every problem that the document lists can be met, is shown as it is met, and is explained.</summary>
public sealed class ProblemTests(BadInputGateway fixture) : IClassFixture<BadInputGateway>
{
    private static readonly JsonSerializerOptions Indented = new()
    {
        WriteIndented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    private Api Api => fixture.Gateway.Api;

    [Fact, Trait("writes", "files")]
    public async Task Examples_of_problems_are_those_that_are_really_answered()
    {
        var answers = new List<JsonNode>();
        foreach (var bad in BadInput.Cases.Values.DistinctBy(c => (c.Status, c.Code))) answers.Add(AnswerOf(await Api.Send(bad)));
        answers.AddRange(await AnswersToCallersWhoMayDoLittle());
        answers.AddRange(await AnswersThatNeedAnOutage());
        foreach (var failure in Failures) answers.Add(await AnswerTo(failure));
        foreach (var answer in answers) answer["requestId"] = "req_0197a1b2c3d47e5f8a9b0c1d2e3f4a5b";
        var sorted = answers.OrderBy(a => (string)a["code"]!, StringComparer.Ordinal).ThenBy(a => (int)a["status"]!);
        var written = JsonSerializer.Serialize(sorted, Indented) + "\n";
        await WrittenFile.Is( // has to be written twice: the API's document shows what the gateway was built with
            written, "what is answered (and docs/openapi.json shows it after the next --write)", "ApiGateway", "OpenApi", "problems.json");
        var shown = answers.Select(a => $"{a["status"]} {a["code"]}").ToHashSet();
        var missing = (await Operations()).SelectMany(o => o.Refusals).Select(r => $"{r.Status} {r.Code}").Distinct()
            .Where(r => !shown.Contains(r));
        Assert.True(!missing.Any(), $"Nothing here is answered with {string.Join(", ", missing)}: add a request, or take the code away.");
    }

    [Fact]
    public async Task Each_refusal_of_the_document_is_shown_by_an_example_of_its_status_and_its_codes()
    {
        var document = JsonNode.Parse((await Api.Get("/openapi/v1.json")).Body)!;
        var examples = document["components"]!["examples"]!.AsObject();
        foreach (var operation in Operation.All(document))
        foreach (var (status, answer) in operation.Answers.Where(a => a.Told["content"]?["application/problem+json"] is not null))
        {
            var shown = answer["content"]!["application/problem+json"]!["examples"]?.AsObject();
            Assert.True(shown?.Count > 0, $"{operation.Id} {status} has no example: see problems.json.");
            foreach (var (code, reference) in shown)
            {
                var example = examples[((string)reference!["$ref"]!).Split('/')[^1]]!["value"]!;
                Assert.Equal(
                    (status, code, $"/problems/{code}"), ($"{example["status"]}", (string)example["code"]!, (string)example["type"]!));
                Assert.Contains(code, answer["x-refusals"]!.AsArray().Select(c => (string)c!));
            }
        }
    }

    [Fact]
    public async Task The_type_of_each_problem_leads_to_a_page_that_explains_it()
    {
        var operations = await Operations();
        var codes = operations.SelectMany(o => o.Refusals).ToLookup(r => r.Code);
        string[] ofAll = ["internal_error", "method_not_allowed", "not_found", "unknown_method", "wrong_host"];
        var listed = (await Api.Get("/problems")).Expect(HttpStatusCode.OK).Json.EnumerateArray()
            .Select(p => p.GetProperty("code").GetString()!).ToList();
        Assert.Equal(codes.Select(c => c.Key).Concat(ofAll).Order(StringComparer.Ordinal), listed);
        foreach (var code in listed)
        {
            var told = (await Api.Get($"/problems/{code}", ("Accept", "application/json"))).Expect(HttpStatusCode.OK);
            Assert.NotEmpty(told["meaning"].GetString()!);
            Assert.All(told["examples"].EnumerateArray(), e => Assert.NotEmpty(e.GetProperty("remedy").GetString()!));
            Assert.NotEqual(0, told["examples"].GetArrayLength());
            Assert.Equal(
                operations.Where(o => o.Refusals.Any(r => r.Code == code)).Select(o => o.Id).Order(),
                told["operations"].EnumerateArray().Select(o => o.GetString()!).Order());
            var page = (await Api.Get($"/problems/{code}", ("Accept", "text/html,*/*;q=0.8"))).Expect(HttpStatusCode.OK);
            Assert.Equal("text/html", page.MediaType);
            Assert.Contains($"<code>{code}</code>", page.Body);
            Assert.Contains(WebUtility.HtmlEncode(told["examples.0.remedy"].GetString()!), page.Body);
        }

        var list = (await Api.Get("/problems", ("Accept", "text/html"))).Expect(HttpStatusCode.OK);
        Assert.All(listed, code => Assert.Contains($"\"/problems/{code}\"", list.Body));
        Assert.Equal("not_found", (await Api.Get("/problems/no_such_code")).Expect(HttpStatusCode.NotFound).Code);
    }

    private async Task<IReadOnlyList<Operation>> Operations() => Operation.All(JsonNode.Parse((await Api.Get("/openapi/v1.json")).Body)!);

    private static async Task<IEnumerable<JsonNode>> AnswersToCallersWhoMayDoLittle()
    {
        await using var gateway = await Gateway.Start(null, [
            "--Commerce:ApiKeys:shop:Key=a-key-of-these-tests", "--Commerce:ApiKeys:shop:Roles:0=guest",
            "--Commerce:ApiKeys:clerk:Key=another-key-of-tests", "--Commerce:ApiKeys:clerk:Roles:0=merchandiser",
            "--Commerce:ApiKeys:clerk:Scopes:0=catalogue:write", "--Commerce:Hosts:0=127.0.0.1",
            "--Commerce:ApiKeys:market:Key=a-third-key-of-tests", "--Commerce:ApiKeys:market:Roles:0=partner",
            "--Commerce:Limits:shopper-list:PerMinute=1", "--Commerce:Limits:shopper-list:Burst=1"]);
        var api = gateway.Api;
        var key = Bearer("a-key-of-these-tests");
        const string product = """{"sku":"GOOD","name":"N","kind":"goods","prices":[{"currency":"GBP","unitPrice":1}]}""";
        (await api.Post("/products", product)).Expect(HttpStatusCode.Created);
        var market = Bearer("a-third-key-of-tests");
        (await api.Post("/orders", Placing("", ",\"id\":\"ord_market\""), null, market)).Expect(HttpStatusCode.Accepted);
        using var stranger = new Api(gateway.Address);
        Reply[] replies =
        [
            await stranger.Get("/orders"),
            await stranger.Get("/orders", Bearer("nobodys")),
            await api.Get("/orders", key),
            await api.Get("/orders", ("Host", "shop.example")),
            await api.Post("/products", product.Replace("GOOD", "OTHER"), null, Bearer("another-key-of-tests")),
            await api.Post("/orders", Placing("", ",\"id\":\"ord_mine\""), null, key),
            await api.Post("/operations/read-models/all/rebuild", null, null, ("Origin", "https://evil.example")),
            await api.Post("/orders", Placing("\"unitPrice\":1,", ""), null, key),
            await api.Post("/orders", Placing("", ",\"orderedAt\":\"2011-01-01T00:00:00Z\""), null, key),
            await api.Post("/orders/ord_market/returns", """{"reason":"r","received":true}""", null, market),
            await api.Get("/products", key), // the second list of it
            await api.Send(new HttpMethod("BREW"), "/orders", null),
        ];
        return replies.Select(AnswerOf);

        static string Placing(string price, string more) =>
            $$$"""
            {"guest":{"name":"G"},"currency":"GBP","paymentMethod":"pm","lines":[{{{{price}}}"sku":"GOOD","quantity":1}]{{{more}}}}
            """;
    }

    private async Task<IEnumerable<JsonNode>> AnswersThatNeedAnOutage()
    {
        (await Api.Put("/sandbox", """{"outage":true}""")).Expect(HttpStatusCode.OK);
        (await Api.Post("/orders/ord_void/payments", """{"id":"pay_late","paymentMethod":"pm_sandbox_ok"}"""))
            .Expect(HttpStatusCode.Accepted);
        var pending = await Api.Post("/orders/ord_void/payments", """{"paymentMethod":"pm_sandbox_ok"}""");
        (await Api.Put("/sandbox", """{"outage":false}""")).Expect(HttpStatusCode.OK);

        var orders = fixture.Gateway.Service<IReadOnlyList<CapabilityStore>>().Single(s => s.Capability == OrdersCapability.Definition);
        var fact = (await orders.Log.History(new EntityId("order", "ord_bad"), 0, 1, CancellationToken.None))[0];
        await orders.Checkpoints.Park("orders-to-somewhere", fact, "set aside by hand", CancellationToken.None);
        var place = $"/operations/parked/orders-to-somewhere/{fact.Partition}/{fact.Position}";
        var again = await Api.Post($"{place}/retry", null);
        (await Api.Send(HttpMethod.Delete, place, null)).Expect(HttpStatusCode.OK);
        return new[] { pending, again }.Select(AnswerOf);
    }

    /// <summary>What does not depend on the request: how failures of the server and of the connection are answered.</summary>
    private static readonly IReadOnlyList<Exception> Failures =
    [
        new BadHttpRequestException("", StatusCodes.Status408RequestTimeout),
        new BadHttpRequestException("", StatusCodes.Status400BadRequest),
        new NpgsqlException("", new IOException()),
        new OutcomeUnknownException("There was no answer in time."),
        new DeadlineExceededException("There was no answer in time."),
        new InvalidOperationException(),
    ];

    private static JsonNode AnswerOf(Reply reply)
    {
        Assert.True(reply.MediaType == Problem.MediaType, reply.Body);
        return JsonNode.Parse(reply.Body)!;
    }

    private async Task<JsonNode> AnswerTo(Exception failure)
    {
        var http = new DefaultHttpContext
        {
            RequestServices = fixture.Gateway.Service<IServiceProvider>(), Response = { Body = new MemoryStream() },
        };
        await Problems.Of(failure).Write(http);
        return JsonNode.Parse(((MemoryStream)http.Response.Body).ToArray())!;
    }
}
