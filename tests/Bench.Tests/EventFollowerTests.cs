using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Xunit;

namespace Commerce.Bench.Tests;

/// <summary>Against a server that tells two events, the last of one order among them, and is silent from then on.</summary>
public sealed class EventFollowerTests : IAsyncLifetime
{
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
            await http.Response.WriteAsync($"id: 1\nevent: order-placed\n{Data(DateTimeOffset.UtcNow.AddSeconds(-100))}\n\n");
            await http.Response.WriteAsync(": still here\n\n");
            await http.Response.WriteAsync($"id: 2\nevent: shipment-completed\n{Data(DateTimeOffset.UtcNow.AddSeconds(-50))}\n\n");
            await http.Response.Body.FlushAsync();
            await Task.Delay(Timeout.Infinite, http.RequestAborted);
        });
        await _server.StartAsync();
    }

    public ValueTask DisposeAsync() => _server.DisposeAsync();

    [Fact]
    public async Task An_events_lag_is_from_its_own_time_to_its_arrival()
    {
        await using var follower = await EventFollower.Start(new Uri(_server.Urls.First()), CancellationToken.None);
        await follower.Completed(1, TimeSpan.FromSeconds(60), CancellationToken.None);
        while (follower.Lags.Length < 2) await Task.Delay(10);
        Assert.Equal([50, 100], follower.Lags.Select(l => Math.Round(l / 1000, MidpointRounding.ToZero)).Select(s => s - (s % 50)));
    }

    [Fact]
    public async Task An_event_that_does_not_come_is_missed()
    {
        await using var follower = await EventFollower.Start(new Uri(_server.Urls.First()), CancellationToken.None);
        await follower.Completed(1, TimeSpan.FromSeconds(60), CancellationToken.None);
        var problem = await Assert.ThrowsAsync<BenchException>(
            () => follower.Completed(2, TimeSpan.FromMilliseconds(50), CancellationToken.None));
        Assert.Equal("2 orders were shipped, and of 1 the last event has come to who follows them.", problem.Message);
    }

    [Theory]
    [InlineData("data: {\"orderId\":\"ord_1\",\"version\":1,\"at\":\"2026-03-01T12:00:00.5+00:00\",\"what\":\"\"}", true)]
    [InlineData("data: {\"orderId\":\"ord_1\"}", false)]
    [InlineData("id: \"at\":\"2026-03-01\"", false)]
    public void The_time_is_read_from_the_data(string line, bool there) =>
        Assert.Equal(there ? new DateTimeOffset(2026, 3, 1, 12, 0, 0, 500, TimeSpan.Zero) : null, EventFollower.TimeOf(line));

    private static string Data(DateTimeOffset at) => $$"""data: {"orderId":"ord_1","version":1,"at":"{{at:O}}","what":"…"}""";
}
