using System.Net;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Xunit;

namespace Commerce.ApiGateway.Tests;

/// <summary>The OpenAPI document: it is what is served, its examples work, and it says all that it should.</summary>
public sealed partial class DocumentTests(Gateway gateway) : IClassFixture<Gateway>
{
    /// <summary>Set to 1 to write the checked-in document anew instead of comparing it.</summary>
    private const string Switch = "COMMERCE_WRITE_OPENAPI";

    private Api Api => gateway.Api;

    [Fact]
    public async Task The_checked_in_document_is_the_one_that_is_served()
    {
        var served = (await Api.Get("/openapi/v1.json")).Expect(HttpStatusCode.OK).Body.ReplaceLineEndings("\n").TrimEnd() + "\n";
        var file = Path.Combine(Repository(), "docs", "openapi.json");
        if (Environment.GetEnvironmentVariable(Switch) == "1") await File.WriteAllTextAsync(file, served);
        Assert.True(
            File.Exists(file) && await File.ReadAllTextAsync(file) == served,
            $"docs/openapi.json is not what is served. If the change is wanted, run this test with {Switch}=1 and check the file in.");
    }

    [Fact]
    public async Task Every_example_is_accepted_in_the_order_of_the_documentation()
    {
        (await Send("/customers", Examples.Customer)).Expect(HttpStatusCode.Created);
        (await Api.Patch("/customers/cus_ada", Examples.Contact)).Expect(HttpStatusCode.OK);
        (await Api.Put("/customers/cus_ada/addresses/work", Examples.Address)).Expect(HttpStatusCode.OK);
        (await Send("/products", Examples.Product)).Expect(HttpStatusCode.Created);
        (await Api.Patch("/products/MUG-WHITE", Examples.Revision)).Expect(HttpStatusCode.OK);
        (await Send("/products/MUG-WHITE/prices", Examples.Price)).Expect(HttpStatusCode.OK);
        (await Send("/stock/MUG-WHITE/receipts", Examples.Receipt)).Expect(HttpStatusCode.OK);
        (await Send("/stock/MUG-WHITE/adjustments", Examples.Adjustment)).Expect(HttpStatusCode.OK);
        (await Api.Put("/stock/MUG-WHITE/backorder", Examples.Backorder)).Expect(HttpStatusCode.OK);
        (await Send("/orders", Examples.Order)).Expect(HttpStatusCode.Created);
        (await Send("/orders/ord_1001/shipments", Examples.Shipment)).Expect(HttpStatusCode.OK);
        (await Send("/orders/ord_1001/returns", Examples.Return)).Expect(HttpStatusCode.OK);
        (await Send("/payments/pay_1001/refunds", Examples.Refund)).Expect(HttpStatusCode.OK);
        (await Send("/orders/ord_1001/cancel", Examples.Cancellation)).Expect(HttpStatusCode.OK);
        (await Api.Order("ord_1002", "MUG-WHITE", 1)).Expect(HttpStatusCode.Created);
        (await Send("/payments/pay_1002/captures", Examples.Capture)).Expect(HttpStatusCode.OK);
        (await Send("/payments/pay_1002/void", Examples.Void)).Expect(HttpStatusCode.OK);
        (await Send("/credit-notes", Examples.CreditNote)).Expect(HttpStatusCode.Created);
        (await Api.Put("/sandbox", Examples.Sandbox)).Expect(HttpStatusCode.OK);
    }

    [Fact]
    public async Task Every_operation_has_a_summary_a_success_and_its_problems_and_every_body_an_example()
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

    private Task<Reply> Send(string path, string example) => Api.PostAndWait(path, example);

    private static string Repository()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "Orleans.sln"))) folder = folder.Parent;
        return folder?.FullName ?? throw new InvalidOperationException("The tests do not run inside the repository.");
    }

    [GeneratedRegex(@"\{([^}]+)\}")]
    private static partial Regex Braces();

    [GeneratedRegex("\"\\$ref\":\"#/([^\"]+)\"")]
    private static partial Regex References();
}
