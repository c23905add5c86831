using System.Net;
using System.Net.Sockets;
using System.Text;
using Xunit;

namespace Commerce.Client.Tests;

/// <summary>What the client does with answers that are lost, against a server that loses them on purpose.</summary>
public sealed class RetryTests
{
    private const string Receipt =
        """{"id":"ord_1","status":"placed","total":{"minor":1,"currency":"GBP"},"version":1,"new":{"since":"the client was made"}}""";

    [Fact]
    public async Task A_lost_answer_and_a_not_now_are_asked_for_again_with_the_same_key()
    {
        await using var server = new Server(
            "", // the connection ends without an answer
            Answer(503, "application/problem+json", Problem(503, "temporarily_unavailable")),
            Answer(200, "application/json", "{\"id\":", length: 500), // it ends in the middle
            Answer(429, "application/problem+json", Problem(429, "too_busy")),
            Answer(202, "application/json", Receipt));
        using var client = new CommerceClient(new CommerceOptions(server.Address));
        Assert.Equal("ord_1", (await client.PlaceOrderAsync(Order)).Id);
        Assert.Equal(5, server.Keys.Count);
        Assert.Equal(7, Guid.Parse(Assert.Single(server.Keys.Distinct())).Version);
    }

    [Fact]
    public async Task What_is_refused_is_not_asked_for_again()
    {
        await using var server = new Server(Answer(409, "application/problem+json", Problem(409, "order_exists")));
        using var client = new CommerceClient(new CommerceOptions(server.Address));
        Assert.Equal("order_exists", (await Assert.ThrowsAsync<CommerceException>(() => client.PlaceOrderAsync(Order))).Code);
        Assert.Single(server.Keys);
    }

    [Fact]
    public async Task When_the_patience_is_used_up_the_last_trouble_is_told()
    {
        await using var server = new Server(Answer(503, "application/problem+json", Problem(503, "temporarily_unavailable")));
        using var client = new CommerceClient(new CommerceOptions(server.Address) { Patience = TimeSpan.Zero });
        var none = await Assert.ThrowsAsync<NoAnswerException>(() => client.PlaceOrderAsync(Order));
        Assert.Contains("after 1 tries", none.Message);
        Assert.Equal("temporarily_unavailable", Assert.IsType<CommerceException>(none.InnerException).Code);
    }

    [Fact]
    public async Task What_is_not_this_API_is_told_with_its_status()
    {
        await using var server = new Server(Answer(404, "text/html", "<h1>Not here</h1>"));
        using var client = new CommerceClient(new CommerceOptions(server.Address));
        var strange = await Assert.ThrowsAsync<CommerceException>(() => client.GetOrderAsync("ord_1"));
        Assert.Equal((HttpStatusCode.NotFound, null), (strange.StatusCode, strange.Code));
    }

    private static NewOrder Order => new() { Currency = "GBP", Lines = [] };

    private static string Problem(int status, string code) =>
        $$"""{"type":"/problems/{{code}}","title":"T","status":{{status}},"detail":"D.","code":"{{code}}","remedy":"R.","requestId":"r"}""";

    private static string Answer(int status, string type, string body, int? length = null) =>
        $"HTTP/1.1 {status} Said\r\nContent-Type: {type}\r\nContent-Length: {length ?? body.Length}\r\nConnection: close\r\n\r\n{body}";

    /// <summary>Answers each connection with the next of these texts, and closes it.</summary>
    private sealed class Server : IAsyncDisposable
    {
        private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
        private readonly Task _serving;

        public Server(params string[] answers)
        {
            _listener.Start();
            _serving = Serve(answers);
        }

        public Uri Address => new($"http://127.0.0.1:{((IPEndPoint)_listener.LocalEndpoint).Port}");

        /// <summary>The idempotency keys that came, in order.</summary>
        public List<string> Keys { get; } = [];

        public async ValueTask DisposeAsync()
        {
            await _serving;
            _listener.Stop();
        }

        private async Task Serve(string[] answers)
        {
            foreach (var answer in answers)
            {
                using var connection = await _listener.AcceptTcpClientAsync();
                var stream = connection.GetStream();
                var request = await Request(stream);
                Keys.AddRange(request.Split("\r\n").Where(l => l.StartsWith("Idempotency-Key: ")).Select(l => l[17..]));
                await stream.WriteAsync(Encoding.ASCII.GetBytes(answer));
            }
        }

        private static async Task<string> Request(NetworkStream stream)
        {
            var (text, buffer) = (new StringBuilder(), new byte[4096]);
            while (!IsWhole(text.ToString())) text.Append(Encoding.UTF8.GetString(buffer, 0, await stream.ReadAsync(buffer)));
            return text.ToString();
        }

        private static bool IsWhole(string text)
        {
            var end = text.IndexOf("\r\n\r\n", StringComparison.Ordinal);
            var length = text.Split("\r\n").FirstOrDefault(l => l.StartsWith("Content-Length: "));
            return end >= 0 && text.Length >= end + 4 + (length is null ? 0 : int.Parse(length[16..]));
        }
    }
}
