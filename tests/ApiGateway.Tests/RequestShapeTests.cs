using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using Commerce.Testing;
using Xunit;

namespace Commerce.ApiGateway.Tests;

/// <summary>Requests that programs on the way could read differently, byte by byte.</summary>
public sealed class RequestShapeTests(Gateway gateway) : IClassFixture<Gateway>
{
    private const string Hidden = "GET /products/HIDDEN HTTP/1.1\r\nHost: HOST\r\n\r\n";
    private const string Post = "POST /products HTTP/1.1\r\nHost: HOST\r\nContent-Type: application/json\r\nIdempotency-Key: smuggled\r\n"
        + $"Authorization: Bearer {TestCredentials.Secret}\r\n";

    /// <summary>Each has a second request hidden in it, which some would see and others not.</summary>
    public static TheoryData<string, string> Smuggled => new()
    {
        { "length and chunks", Post + "Content-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n" + Hidden },
        { "chunks and length", Post + "Transfer-Encoding: chunked\r\nContent-Length: 60\r\n\r\n0\r\n\r\n" + Hidden },
        { "two lengths", Post + "Content-Length: 2\r\nContent-Length: 60\r\n\r\n{}" + Hidden },
        { "two lengths in one", Post + "Content-Length: 2, 60\r\n\r\n{}" + Hidden },
        { "a length in hexadecimal", Post + "Content-Length: 0x2\r\n\r\n{}" + Hidden },
        { "a length below nothing", Post + "Content-Length: -2\r\n\r\n{}" + Hidden },
        { "a length with a space in it", Post + "Content-Length: 2 0\r\n\r\n{}" + Hidden },
        { "chunks twice", Post + "Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n" + Hidden },
        { "chunks by another name", Post + "Transfer-Encoding: xchunked\r\n\r\n0\r\n\r\n" + Hidden },
        { "chunks and then none", Post + "Transfer-Encoding: chunked, identity\r\n\r\n0\r\n\r\n" + Hidden },
        { "compressed and chunked", Post + "Transfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n" + Hidden },
        { "chunks after a vertical tab", Post + "Transfer-Encoding: \vchunked\r\n\r\n0\r\n\r\n" + Hidden },
        { "chunks with a space before the colon", Post + "Transfer-Encoding : chunked\r\n\r\n0\r\n\r\n" + Hidden },
        { "chunks on a folded line", Post + "Transfer-Encoding:\r\n chunked\r\n\r\n0\r\n\r\n" + Hidden },
        { "chunks in HTTP/1.0", Post.Replace("1.1", "1.0") + "Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n" + Hidden },
        { "a chunk of no number", Post + "Transfer-Encoding: chunked\r\n\r\nzz\r\n\r\n" + Hidden },
        { "a chunk with a sign", Post + "Transfer-Encoding: chunked\r\n\r\n+2\r\n{}\r\n0\r\n\r\n" + Hidden },
        { "a chunk longer than it says", Post + "Transfer-Encoding: chunked\r\n\r\n1\r\n{}\r\n0\r\n\r\n" + Hidden },
        { "a chunk that is larger than memory", Post + "Transfer-Encoding: chunked\r\n\r\nffffffffffffffff\r\n{}\r\n0\r\n\r\n" + Hidden },
        { "a body of a read", "GET /products HTTP/1.1\r\nHost: HOST\r\nContent-Length: 2\r\n\r\n{}" + Hidden },
        { "chunks of a read", "GET /products HTTP/1.1\r\nHost: HOST\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n" + Hidden },
        { "a body of a removal", "DELETE /products/X HTTP/1.1\r\nHost: HOST\r\nContent-Length: 2\r\n\r\n{}" + Hidden },
        { "two hosts", "GET /products HTTP/1.1\r\nHost: HOST\r\nHost: other\r\n\r\n" + Hidden },
        { "no host", "GET /products HTTP/1.1\r\n\r\n" + Hidden },
        { "a folded header", "GET /products HTTP/1.1\r\nHost: HOST\r\nX-A: a\r\n b\r\n\r\n" + Hidden },
        { "a header without a name", "GET /products HTTP/1.1\r\nHost: HOST\r\n: a\r\n\r\n" + Hidden },
        { "a header without a colon", "GET /products HTTP/1.1\r\nHost: HOST\r\nabc\r\n\r\n" + Hidden },
        { "a zero byte", "GET /products HTTP/1.1\r\nHost: HOST\r\nX-A: a\0b\r\n\r\n" + Hidden },
        { "a carriage return alone", "GET /products HTTP/1.1\r\nHost: HOST\r\nX-A: a\rX-B: b\r\n\r\n" + Hidden },
        { "a space in the target", "GET /products x HTTP/1.1\r\nHost: HOST\r\n\r\n" + Hidden },
        { "a version of two digits", "GET /products HTTP/1.10\r\nHost: HOST\r\n\r\n" + Hidden },
    };

    [Theory]
    [MemberData(nameof(Smuggled))]
    public async Task A_smuggled_request_gets_no_answer_and_the_connection_ends(string what, string request)
    {
        var facts = await gateway.CountFacts();
        var answer = await RawConnection.Send(gateway.Address, request.Replace("HOST", gateway.Address.Authority));
        Assert.True(Regex.Count(answer, "^HTTP/1\\.[01] ", RegexOptions.Multiline) <= 1, $"{what}: {answer}");
        Assert.Matches("^HTTP/1\\.1 (400|501|505) ", answer);
        Assert.Contains("application/problem+json", answer, StringComparison.Ordinal);
        Assert.DoesNotContain("HIDDEN", answer, StringComparison.Ordinal);
        Assert.Equal(facts, await gateway.CountFacts());
    }

    [Theory]
    [InlineData("GET /orders/%2e%2e/products", "%2e%2e")]
    [InlineData("GET /orders/../products", "..")]
    [InlineData("GET /orders%2Ford_1", "%2f")]
    [InlineData("GET /orders\\ord_1", "\\")]
    [InlineData("GET /orders/%5c", "%5c")]
    public async Task A_path_that_can_be_read_in_two_ways_is_refused(string line, string shown)
    {
        var answer = await Raw($"{line} HTTP/1.1\r\n");
        Assert.StartsWith("HTTP/1.1 400 ", answer, StringComparison.Ordinal);
        Assert.Contains(JsonEncodedText.Encode(shown).ToString(), answer, StringComparison.OrdinalIgnoreCase);
    }

    [Theory]
    [InlineData("X-Original-URL: /operations/subscriptions", 400)]
    [InlineData("X-HTTP-Method-Override: DELETE", 400)]
    [InlineData("Idempotency_Key: a", 400)]
    [InlineData("X-Note: caf\u00e9", 400)]
    [InlineData("X-Note: cafe", 200)]
    public async Task Headers_that_steer_or_cannot_be_read_are_refused(string header, int status)
    {
        var answer = await Raw($"GET /products HTTP/1.1\r\n{header}\r\nAuthorization: Bearer {TestCredentials.Secret}\r\n");
        Assert.StartsWith($"HTTP/1.1 {status} ", answer, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Methods_that_exist_nowhere_here_are_not_implemented()
    {
        foreach (var method in (string[])["BREW", "TRACE", "get", "PROPFIND"])
            Assert.StartsWith("HTTP/1.1 501 ", await Raw($"{method} /products HTTP/1.1\r\n"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task More_headers_than_any_client_needs_are_too_many()
    {
        var many = string.Concat(Enumerable.Range(0, 65).Select(i => $"X-{i}: a\r\n"));
        Assert.StartsWith("HTTP/1.1 431 ", await Raw($"GET /products HTTP/1.1\r\n{many}"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Who_sends_too_slowly_is_given_up()
    {
        var head = RawConnection.Send(gateway.Address, "GET /products HTTP/1.1\r\nX-Slow: a");
        var body = RawConnection.Send(
            gateway.Address,
            Post.Replace("HOST", gateway.Address.Authority) + "Content-Length: 1000\r\n\r\n{");
        foreach (var answer in await Task.WhenAll(head, body))
        {
            Assert.StartsWith("HTTP/1.1 408 ", answer, StringComparison.Ordinal);
            Assert.Contains("\"code\":\"request_timeout\"", answer, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task Bodies_cost_memory_as_they_arrive_and_not_as_they_are_announced()
    {
        const int announcers = 400;
        var head = Post.Replace("HOST", gateway.Address.Authority) + $"Content-Length: {RequestBody.MaxBytes}\r\n\r\n";
        var before = GC.GetTotalMemory(forceFullCollection: true);
        var clients = new List<TcpClient>();
        try
        {
            for (var i = 0; i < announcers; i++)
            {
                var client = new TcpClient();
                clients.Add(client);
                await client.ConnectAsync(gateway.Address.Host, gateway.Address.Port);
                await client.GetStream().WriteAsync(Encoding.ASCII.GetBytes(head + "{\"sku\":"));
            }

            (await gateway.Api.Get("/products")).Expect(HttpStatusCode.OK);
            var grown = GC.GetTotalMemory(forceFullCollection: true) - before;
            Assert.True(
                grown < announcers * RequestBody.MaxBytes / 8,
                string.Create(CultureInfo.InvariantCulture, $"{announcers} announced bodies took {grown:N0} bytes."));
        }
        finally
        {
            foreach (var client in clients) client.Dispose();
        }
    }

    [Fact]
    public void A_caller_has_its_share_of_the_memory_for_bodies_and_all_have_theirs()
    {
        var quota = new BodyQuota();
        quota.Take("one", BodyQuota.OfCaller);
        Assert.Equal("rate_limited", Assert.Throws<ProblemException>(() => quota.Take("one", 1)).Problem.Code);
        quota.Return("one", 1);
        var others = BodyQuota.OfAll / BodyQuota.OfCaller - 1;
        for (var i = 0; i < others; i++) quota.Take($"other-{i}", BodyQuota.OfCaller);
        Assert.Throws<Engine.UnavailableException>(() => quota.Take("late", 1));
        quota.Return("late", 1);
        quota.Return("one", BodyQuota.OfCaller);
        quota.Take("late", BodyQuota.OfCaller);
    }

    private Task<string> Raw(string head) =>
        RawConnection.Send(gateway.Address, $"{head}Host: {gateway.Address.Authority}\r\nConnection: close\r\n\r\n");
}
