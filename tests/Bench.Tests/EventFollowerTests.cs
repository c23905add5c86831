using System.Threading.Channels;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Xunit;

namespace Commerce.Bench.Tests;

/// <summary>Against a server that sends the two events of an order, 100 and 50 seconds old, whenever one is sent.</summary>
public sealed class EventFollowerTests : IAsyncLifetime
{
    private const string Rest = """
        "what":"…","caller":"shop","data":null
        """;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly Channel<int> _orders = Channel.CreateUnbounded<int>();
    private WebApplication _server = null!;

    public async ValueTask InitializeAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Logging.ClearProviders();
        _server = builder.Build();
        _server.MapGet("/orders/events", async (HttpContext http) =>
        {
            http.Response.ContentType = "text/event-stream";
            await http.Response.Body.FlushAsync();
            await foreach (var n in _orders.Reader.ReadAllAsync(http.RequestAborted))
            {
                await http.Response.WriteAsync($"id: {n}a\nevent: order-placed\n{Data(-100)}\n\n: still here\n\n");
                await http.Response.WriteAsync($"id: {n}b\nevent: shipment-completed\n{Data(-50)}\n\n");
                await http.Response.Body.FlushAsync();
            }
        });
        await _server.StartAsync();
    }

    public ValueTask DisposeAsync() => _server.DisposeAsync();

    [Fact]
    public async Task An_events_lag_is_from_its_own_time_to_its_arrival()
    {
        await using var follower = await Start();
        await Order();
        Assert.True(await follower.HasCompleted(1, Patience, CancellationToken.None));
        Assert.Equal([50, 100], follower.Lags.Select(l => Math.Round(l / 1000, MidpointRounding.ToZero)).Select(s => s - (s % 50)));
    }

    [Fact]
    public async Task An_event_that_does_not_come_is_missed()
    {
        await using var follower = await Start();
        Assert.Empty(follower.Lags); // of the order that has shown that the stream is open
        await Order();
        Assert.False(await follower.HasCompleted(2, TimeSpan.FromMilliseconds(50), CancellationToken.None));
    }

    private Task<EventFollower> Start() => EventFollower.Start(new Uri(_server.Urls.First()), Order, Patience, CancellationToken.None);

    private async Task Order() => await _orders.Writer.WriteAsync(Random.Shared.Next());

    private static string Data(int secondsAgo) => $$"""
        data: {"orderId":"ord_1","version":1,"at":"{{DateTimeOffset.UtcNow.AddSeconds(secondsAgo):O}}", {{Rest}} }
        """;
}
