using System.Net;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Commerce.Testing;
using Xunit;

namespace Commerce.ApiGateway.Tests;

/// <summary>The page to try the API, as one who is new meets it: on an empty system, from the top to the bottom.</summary>
public sealed class PageTests
{
    [Fact]
    public async Task Every_example_of_the_page_succeeds_in_the_order_of_the_page()
    {
        await using var gateway = await Gateway.Start();
        var operations = Operation.All(JsonNode.Parse((await gateway.Api.Get("/openapi/v1.json")).Body)!);
        var wrong = new List<string>();
        foreach (var operation in operations)
        {
            // Nothing is set aside where all goes well, so there is nothing that these two could be about.
            if (operation.Id is "retryParked" or "giveUpParked")
            {
                Assert.Equal("unknown_parked_fact", (await gateway.Api.Send(operation.Request())).Code);
                continue;
            }

            // The return of the examples is received, so it is not rejected any more.
            if (operation.Id == "rejectReturn")
            {
                Assert.Equal("move_not_allowed", (await gateway.Api.Send(operation.Request())).Code);
                continue;
            }

            // A stream has no end: it has begun well when its first lines are there.
            using var answer = await gateway.Api.Http.SendAsync(operation.Request(), HttpCompletionOption.ResponseHeadersRead);
            await using var content = await answer.Content.ReadAsStreamAsync();
            using var reader = new StreamReader(content);
            var told = operation.Streams && answer.IsSuccessStatusCode ? await reader.ReadLineAsync() : await reader.ReadToEndAsync();
            var documented = operation.Answers.Any(a => a.Status == $"{(int)answer.StatusCode}");
            if (!answer.IsSuccessStatusCode || !documented)
                wrong.Add($"{operation.Id} {answer.RequestMessage!.RequestUri}: {(int)answer.StatusCode} {told}");
        }

        Assert.True(wrong.Count == 0, string.Join('\n', wrong));
        Assert.True(operations.Count > 40, $"Only {operations.Count} operations were tried.");
    }

    [Fact]
    public async Task Headings_say_what_they_are_about_and_the_document_is_in_their_order()
    {
        await using var gateway = await Gateway.Start();
        var document = JsonNode.Parse((await gateway.Api.Get("/openapi/v1.json")).Body)!;
        Assert.All(document["tags"]!.AsArray(), t => Assert.NotEmpty((string)t!["description"]!));
        Assert.Equal(
            document["paths"]!.AsObject().Select(p => p.Key), Operation.All(document).Select(o => o.Path).Distinct());
    }

    [Fact]
    public async Task The_page_sends_a_fresh_key_each_time_unless_another_was_typed()
    {
        Assert.SkipUnless(await Tool.HasNode(), Tool.NoNode);
        await using var gateway = await Gateway.Start();
        var said = await new Tool(Path.GetTempPath()).Run(
            "node", "--eval", AsTheBrowser, "--", gateway.Address.ToString(), TestCredentials.Secret);
        var (keys, stream) = JsonSerializer.Deserialize<Sent>(said, JsonSerializerOptions.Web)!;
        Assert.Equal((7, 7), (Guid.Parse(keys[0]).Version, Guid.Parse(keys[1]).Version));
        Assert.True(string.CompareOrdinal(keys[0], keys[1]) < 0, "The later key is not the greater one.");
        Assert.Equal("my-own-key", keys[2]);
        Assert.StartsWith("id: ", stream);
    }

    [Fact]
    public async Task Scripts_of_the_page_are_files_of_its_own()
    {
        await using var gateway = await Gateway.Start();
        var page = (await gateway.Api.Get("/docs/index.html")).Expect(HttpStatusCode.OK);
        Assert.DoesNotContain("script", page.Header("Content-Security-Policy"));
        Assert.StartsWith("default-src 'self'", page.Header("Content-Security-Policy"));
        var scripts = Regex.Matches(page.Body, "<script( src=\"([^\"]+)\")?>(.*?)</script>");
        Assert.Equal(2, scripts.Count);
        foreach (Match script in scripts)
        {
            Assert.Equal("", script.Groups[3].Value);
            (await gateway.Api.Get($"/docs/{script.Groups[2].Value}")).Expect(HttpStatusCode.OK);
        }
    }

    // The script of the page with all that it needs of a browser and of Swagger UI.
    private const string AsTheBrowser = """
        (async () => {
          const [address, key] = process.argv.slice(-2);
          const document = await (await fetch(address + "openapi/v1.json")).json();
          let settings;
          globalThis.SwaggerUIBundle = Object.assign(
            given => { settings = given; return { specSelectors: { specJson: () => ({ toJS: () => document }) } }; },
            { presets: { apis: {} } });
          (0, eval)(await (await fetch(address + "docs/docs.js")).text());
          const send = key => settings.requestInterceptor({ headers: { "Idempotency-Key": key } }).headers["Idempotency-Key"];
          const shown = document.paths["/orders"].post.parameters.find(p => p.name === "Idempotency-Key").example;
          const keys = [send(shown)];
          await new Promise(resume => setTimeout(resume, 10));
          keys.push(send(shown), send("my-own-key"));
          const follow = settings.requestInterceptor({ headers: { accept: "text/event-stream", authorization: "Bearer " + key } });
          const stream = await (await follow.userFetch(address + "orders/events", { headers: follow.headers })).text();
          console.log(JSON.stringify({ keys, stream }));
        })();
        """;

    private sealed record Sent(string[] Keys, string Stream);
}
