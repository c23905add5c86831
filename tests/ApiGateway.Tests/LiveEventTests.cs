using System.Net;
using System.Text.Json;
using Commerce.Journal;
using Npgsql;
using Xunit;

namespace Commerce.ApiGateway.Tests;

/// <summary>Live events by Server-Sent Events.</summary>
public sealed class LiveEventTests(Gateway gateway) : IClassFixture<Gateway>
{
    private Api Api => gateway.Api;

    [Fact]
    public async Task An_order_is_followed_from_its_beginning_while_it_goes_on()
    {
        await Api.Goods("LIVE", 5);
        (await Api.Order("ord_live", "LIVE", 2)).Expect(HttpStatusCode.Created);
        await using var stream = await EventStream.Open(Api, "/orders/ord_live/events");
        Assert.Equal(("1", "order-placed"), (await stream.Next()) is var placed ? (placed.Id, placed.Name) : default);
        Assert.Equal("order-confirmed", (await stream.Next()).Name);
        await Api.PostAndWait("/orders/ord_live/shipments", null);
        var shipped = await stream.Next();
        Assert.Equal("shipment-requested", shipped.Name);
        Assert.Equal("ord_live", shipped.Data.GetProperty("orderId").GetString());
        Assert.Equal(shipped.Id, shipped.Data.GetProperty("version").ToString());
    }

    [Fact]
    public async Task A_stream_goes_on_after_the_last_event_that_was_seen()
    {
        await Api.Goods("RESUME", 5);
        (await Api.Order("ord_resume", "RESUME", 2)).Expect(HttpStatusCode.Created);
        var first = await EventStream.Open(Api, "/orders/ord_resume/events");
        var last = await first.Next();
        await first.DisposeAsync();
        await Api.PostAndWait("/orders/ord_resume/shipments", null);
        await using var second = await EventStream.Open(Api, "/orders/ord_resume/events", last.Id);
        string[] names = [(await second.Next()).Name, (await second.Next()).Name];
        Assert.Equal(["order-confirmed", "shipment-requested"], names);
    }

    [Fact]
    public async Task All_orders_are_followed_and_nothing_is_missed_or_doubled_over_a_break()
    {
        await Api.Goods("FEED", 50);
        var stream = await EventStream.Open(Api, "/orders/events");
        var seen = new List<string>();
        var orders = Enumerable.Range(0, 12).Select(i => $"ord_feed{i}").ToList();
        var placing = Task.WhenAll(orders.Select(id => Api.Order(id, "FEED", 1)));
        var expected = orders.Count * 2; // placed, confirmed
        var lastId = "";
        for (var i = 0; i < expected / 2; i++) lastId = Note(await stream.Next());
        await stream.DisposeAsync();
        await placing;
        await using var resumed = await EventStream.Open(Api, "/orders/events", lastId);
        while (seen.Count < expected) Note(await resumed.Next());
        Assert.Equal(orders.SelectMany(o => new[] { 1, 2 }.Select(v => $"{o}/{v}")).Order(), seen.Order());

        string Note(LiveEvent live)
        {
            var order = live.Data.GetProperty("orderId").GetString()!;
            if (order.StartsWith("ord_feed", StringComparison.Ordinal)) seen.Add($"{order}/{live.Data.GetProperty("version")}");
            return live.Id;
        }
    }

    [Fact]
    public async Task A_quiet_stream_says_where_it_begins_and_nothing_is_missed_after_it()
    {
        await Api.Goods("QUIET", 5);
        var quiet = await EventStream.Open(Api, "/orders/events");
        var position = await quiet.Position();
        await quiet.DisposeAsync();
        (await Api.Order("ord_quiet", "QUIET", 1)).Expect(HttpStatusCode.Created);
        await using var resumed = await EventStream.Open(Api, "/orders/events", position);
        await Follow(resumed);
        await using var all = await EventStream.Open(Api, "/orders/events", "0");
        await Follow(all);

        static async Task Follow(EventStream stream)
        {
            while ((await stream.Next()).Data.GetProperty("orderId").GetString() != "ord_quiet") continue;
        }
    }

    [Fact]
    public async Task Other_processes_announce_commits_sooner_while_a_client_follows()
    {
        await using var own = await Gateway.Start();
        await using var connection = await own.Service<CommerceDatabases>().DataSource("Orders").OpenConnectionAsync();
        await using (var listen = new NpgsqlCommand("listen journal_watched", connection)) await listen.ExecuteNonQueryAsync();
        using var patience = new CancellationTokenSource(TimeSpan.FromMinutes(1));
        await using var stream = await EventStream.Open(own.Api, "/orders/events");
        await connection.WaitAsync(patience.Token); // nothing else is sent there
    }

    [Fact]
    public async Task Streams_end_cleanly_when_the_process_stops()
    {
        await using var own = await Gateway.Start();
        await own.Api.Goods("END", 5);
        await own.Api.Order("ord_end", "END", 2);
        await using var stream = await EventStream.Open(own.Api, "/orders/ord_end/events");
        await using var all = await EventStream.Open(own.Api, "/orders/events");
        for (var i = 0; i < 2; i++) await stream.Next();
        var stopping = own.Stop();
        Assert.True(await stream.Ended());
        Assert.True(await all.Ended());
        await stopping;
    }

    [Fact]
    public async Task A_stream_of_an_order_that_is_not_there_is_refused()
    {
        var reply = (await Api.Get("/orders/ord_nothere/events")).Expect(HttpStatusCode.NotFound);
        Assert.Equal("unknown_order", reply.Code);
    }

    [Fact]
    public async Task A_quiet_stream_shows_that_it_lives()
    {
        await using var own = await Gateway.Start(null, "--Commerce:HeartbeatSeconds=1");
        await using var stream = await EventStream.Open(own.Api, "/orders/events");
        Assert.StartsWith(":", await stream.NextComment());
        Assert.StartsWith(":", await stream.NextComment());
    }
}

public sealed record LiveEvent(string Id, string Name, JsonElement Data);

public sealed class EventStream : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly HttpResponseMessage _answer;
    private readonly StreamReader _reader;

    private EventStream(HttpResponseMessage answer, StreamReader reader) => (_answer, _reader) = (answer, reader);

    public static async Task<EventStream> Open(Api api, string path, string? lastEventId = null, string? credentials = null)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        if (credentials is not null) request.Headers.Authorization = new("Bearer", credentials);
        if (lastEventId is not null) request.Headers.Add("Last-Event-ID", lastEventId);
        var answer = await api.Http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.Equal("text/event-stream", answer.Content.Headers.ContentType!.MediaType);
        return new EventStream(answer, new StreamReader(await answer.Content.ReadAsStreamAsync()));
    }

    public async Task<LiveEvent> Next()
    {
        var fields = new Dictionary<string, string>();
        while (true)
        {
            var line = await Line() ?? throw new InvalidOperationException("The stream has ended.");
            if (line.Length == 0 && fields.ContainsKey("data"))
                return new LiveEvent(fields["id"], fields["event"], JsonDocument.Parse(fields["data"]).RootElement);
            if (line.Length > 0 && line[0] != ':') fields[line[..line.IndexOf(':')]] = line[(line.IndexOf(':') + 2)..];
        }
    }

    /// <summary>Where it begins: an id without an event.</summary>
    public async Task<string> Position()
    {
        while (true)
            if (await Line() is { } line && line.StartsWith("id: ", StringComparison.Ordinal)) return line[4..];
    }

    public async Task<string> NextComment()
    {
        while (true)
            if (await Line() is { Length: > 0 } line && line[0] == ':') return line;
    }

    /// <summary>True when the answer came to its proper end, and was not cut.</summary>
    public async Task<bool> Ended()
    {
        while (await Line() is not null)
        {
            // what was still under way
        }

        return true;
    }

    /// <summary>All that still comes, when it has ended.</summary>
    public async Task<string> Rest()
    {
        var rest = new List<string>();
        while (await Line() is { } line) rest.Add(line);
        return string.Join('\n', rest);
    }

    public async ValueTask DisposeAsync()
    {
        await Task.CompletedTask;
        _reader.Dispose();
        _answer.Dispose();
    }

    private Task<string?> Line() => _reader.ReadLineAsync().WaitAsync(Patience);
}
