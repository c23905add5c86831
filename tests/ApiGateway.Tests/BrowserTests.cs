using System.IO.Compression;
using System.Net;
using Commerce.Hosting;
using Xunit;

namespace Commerce.ApiGateway.Tests;

/// <summary>What browsers need: smaller answers, and the leave of the API for scripts of other web sites.</summary>
public sealed class BrowserTests(Gateway gateway) : IClassFixture<Gateway>
{
    private const string Site = "https://shop.example";

    [Theory]
    [InlineData("/products", true)]
    [InlineData("/openapi/v1.json", true)]
    [InlineData("/problems", true)]
    [InlineData("/products/PACKED", false)] // it has an ETag
    [InlineData("/products/NOT-THERE", false)] // a problem
    [InlineData("/orders/events", false)] // a stream, of which each line is to go out at once
    public async Task Lists_and_pages_are_compressed_and_nothing_else(string path, bool compressed)
    {
        if ((await gateway.Api.Get("/products/PACKED")).Status == HttpStatusCode.NotFound) await gateway.Api.Goods("PACKED", 1);
        await gateway.Api.Eventually("/products", r => r.Body.Contains("PACKED"));
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        request.Headers.AcceptEncoding.Add(new("br"));
        using var answer = await gateway.Api.Http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
        Assert.Equal(compressed ? ["br"] : [], answer.Content.Headers.ContentEncoding);
        if (!compressed) return;
        Assert.Contains("Accept-Encoding", answer.Headers.Vary);
        await using var unpacked = new BrotliStream(await answer.Content.ReadAsStreamAsync(), CompressionMode.Decompress);
        using var reader = new StreamReader(unpacked);
        Assert.Equal((await gateway.Api.Get(path)).Body, await reader.ReadToEndAsync());
    }

    [Fact]
    public async Task Scripts_of_the_web_sites_that_are_configured_may_use_the_API_and_no_others()
    {
        await using var own = await Gateway.Start(null, $"--Commerce:Cors:Origins:0={Site}");
        using var asks = Preflight(Site);
        using var may = await own.Api.Http.SendAsync(asks);
        Assert.Equal(Site, Assert.Single(may.Headers.GetValues("Access-Control-Allow-Origin")));
        Assert.Contains("Idempotency-Key", Assert.Single(may.Headers.GetValues("Access-Control-Allow-Headers")));
        Assert.False(may.Headers.Contains("Access-Control-Allow-Credentials"));
        using var stranger = Preflight("https://shop.example.org");
        using var mayNot = await own.Api.Http.SendAsync(stranger);
        Assert.False(mayNot.Headers.Contains("Access-Control-Allow-Origin"));

        // A script has to see problems, too, and the headers that the next request needs.
        var problem = (await own.Api.Get("/products/NOT-THERE", ("Origin", Site))).Expect(HttpStatusCode.NotFound);
        Assert.Equal(Site, problem.Header("Access-Control-Allow-Origin"));
        Assert.Contains("ETag", problem.Header("Access-Control-Expose-Headers"));
        Assert.Null((await gateway.Api.Get("/products", ("Origin", Site))).Header("Access-Control-Allow-Origin"));
    }

    [Theory]
    [InlineData("*")]
    [InlineData("shop.example")]
    [InlineData("https://shop.example/")]
    [InlineData("ftp://shop.example")]
    public async Task An_origin_that_is_none_is_refused_at_the_start(string origin)
    {
        var refused = await Assert.ThrowsAsync<InvalidConfigurationException>(
            () => Gateway.Start(null, $"--Commerce:Cors:Origins:0={origin}"));
        Assert.Contains(origin, refused.Message);
    }

    private static HttpRequestMessage Preflight(string origin)
    {
        var request = new HttpRequestMessage(HttpMethod.Options, "/orders");
        request.Headers.Add("Origin", origin);
        request.Headers.Add("Access-Control-Request-Method", "POST");
        request.Headers.Add("Access-Control-Request-Headers", "authorization,idempotency-key,content-type");
        return request;
    }
}
