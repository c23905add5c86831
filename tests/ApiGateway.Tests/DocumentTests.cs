using System.Net;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Commerce.Testing;
using Xunit;

namespace Commerce.ApiGateway.Tests;

/// <summary>The OpenAPI document: it is the one that is served, its examples work, and it is complete.</summary>
public sealed partial class DocumentTests(Gateway gateway) : IClassFixture<Gateway>
{
    private Api Api => gateway.Api;

    [Fact, Trait("writes", "files")]
    public async Task The_checked_in_document_is_the_one_that_is_served()
    {
        var served = (await Api.Get("/openapi/v1.json")).Expect(HttpStatusCode.OK).Body.ReplaceLineEndings("\n").TrimEnd() + "\n";
        await WrittenFile.Is(served, "what is served", "docs", "openapi.json");
    }

    [Fact]
    public async Task Every_bound_of_the_document_is_one_of_the_rules()
    {
        var document = JsonNode.Parse((await Api.Get("/openapi/v1.json")).Body)!;
        var operations = Operation.All(document);
        var wrong = new List<string>();
        var tried = 0;
        foreach (var (operation, bodies) in BoundedBodies.Of(document))
        {
            var world = await World.Before(operations.Single(o => o.Id == operation), operations, Api);
            foreach (var body in bodies.OrderBy(b => !b.Beyond)) // what is refused changes nothing, so it goes first
            {
                var reply = await world.Send(body.Json);
                tried++;
                if (body.Beyond != body.IsRefused(reply)) wrong.Add($"{operation} {body.What}: {(int)reply.Status} {reply.Body}");
            }
        }

        Assert.True(tried > 150, $"Only {tried} values were tried.");
        Assert.True(wrong.Count == 0, string.Join('\n', wrong));
    }

    [Fact]
    public async Task Every_operation_has_summary_success_and_problems_and_every_body_an_example()
    {
        var document = (await Api.Get("/openapi/v1.json")).Json;
        Assert.StartsWith("3.1", document.GetProperty("openapi").GetString());
        var names = new HashSet<string>();
        foreach (var path in document.GetProperty("paths").EnumerateObject())
        foreach (var operation in path.Value.EnumerateObject())
        {
            var (place, told) = ($"{operation.Name} {path.Name}", operation.Value);
            Assert.True(told.TryGetProperty("summary", out _), place);
            Assert.True(names.Add(told.GetProperty("operationId").GetString()!), place);
            var statuses = told.GetProperty("responses").EnumerateObject().Select(r => r.Name).ToList();
            Assert.Contains(statuses, s => s[0] == '2');
            Assert.True(path.Name == "/health/live" || statuses.Any(s => s[0] == '4' || s[0] == '5'), place);
            if (told.TryGetProperty("requestBody", out var body))
                Assert.All(body.GetProperty("content").EnumerateObject(), c =>
                    Assert.True(c.Value.TryGetProperty("example", out _), place));
            var parameters = told.TryGetProperty("parameters", out var list) ? list.EnumerateArray().ToList() : [];
            Assert.All(parameters, p => Assert.True(p.TryGetProperty("description", out _), $"{place} {p}"));
            Assert.Equal(
                Braces().Matches(path.Name).Select(m => m.Groups[1].Value),
                parameters.Where(p => p.GetProperty("in").GetString() == "path").Select(p => p.GetProperty("name").GetString()));
        }
    }

    [Fact]
    public async Task Generators_of_clients_meet_nothing_that_they_misread()
    {
        var document = JsonNode.Parse((await Api.Get("/openapi/v1.json")).Body)!;
        foreach (var (name, schema) in document["components"]!["schemas"]!.AsObject())
        {
            Assert.True(schema!["enum"] is null || (string?)schema["type"] == "string", $"{name} is an enum of no type.");
            Assert.True(schema["properties"] is not null || schema["enum"] is not null, $"{name} is anything.");
            foreach (var (member, told) in (schema["properties"] as JsonObject) ?? [])
                Assert.True((string?)told!["format"] is not ("double" or "float"), $"{name}.{member} would be rounded.");
        }

        foreach (var (path, operations) in document["paths"]!.AsObject())
        foreach (var (method, operation) in operations!.AsObject())
        {
            var successes = operation!["responses"]!.AsObject().Where(r => r.Key[0] == '2')
                .Select(r => r.Value!["content"]!.AsObject().Single().Value!["schema"]!.ToJsonString()).Distinct();
            Assert.True(successes.Count() == 1, $"{method} {path} succeeds with several types: {string.Join(", ", successes)}");
        }

        Assert.DoesNotMatch(@"\b(long|int) \w+\.\w+", document.ToJsonString());
    }

    [Fact]
    public async Task Every_reference_of_the_document_leads_somewhere()
    {
        var document = JsonNode.Parse((await Api.Get("/openapi/v1.json")).Body)!;
        foreach (Match reference in References().Matches(document.ToJsonString()))
        {
            var node = document;
            foreach (var step in reference.Groups[1].Value.Split('/')) node = node?[step];
            Assert.True(node is not null, reference.Value);
        }
    }

    [GeneratedRegex(@"\{([^}]+)\}")]
    private static partial Regex Braces();

    [GeneratedRegex("\"\\$ref\":\"#/([^\"]+)\"")]
    private static partial Regex References();
}
