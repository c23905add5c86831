using System.Collections.Concurrent;
using System.Diagnostics;
using Commerce.Client;

namespace Commerce.Bench;

/// <summary>
/// Follows the live events of all orders and records the age of each event on arrival. An event's time is the time of its decision, just
/// before its commit, on the clock of this machine: the commit is part of the lag.
/// </summary>
internal sealed class EventFollower : IAsyncDisposable
{
    private const string LastOfAnOrder = "shipment-completed";

    private readonly CommerceClient _client;
    private readonly CancellationTokenSource _stop;
    private readonly ConcurrentQueue<double> _lags = new();
    private readonly Task _reading;
    private int _completed;

    private EventFollower(Uri address, CancellationToken cancel)
    {
        _client = new CommerceClient(new CommerceOptions(address) { ApiKey = OrderClient.Key });
        _stop = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        _reading = Read();
    }

    /// <summary>Milliseconds of each event, ascending.</summary>
    public double[] Lags => [.. _lags.Order()];

    /// <summary>Follows, and sends single orders until the events of one have come: then the stream is open.</summary>
    public static async Task<EventFollower> Start(Uri address, Func<Task> order, TimeSpan patience, CancellationToken cancel)
    {
        var follower = new EventFollower(address, cancel);
        do await order();
        while (!await follower.HasCompleted(1, patience, cancel));
        follower._lags.Clear();
        Volatile.Write(ref follower._completed, 0);
        return follower;
    }

    /// <summary>Waits for the last event of each order; false when one is missing after the patience.</summary>
    public async Task<bool> HasCompleted(int orders, TimeSpan patience, CancellationToken cancel)
    {
        for (var since = Stopwatch.StartNew(); Volatile.Read(ref _completed) < orders; await Task.Delay(20, cancel))
        {
            if (_reading.IsFaulted) await _reading;
            if (since.Elapsed > patience) return false;
        }

        return true;
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _reading.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _client.Dispose();
        _stop.Dispose();
    }

    private async Task Read()
    {
        await foreach (var item in _client.FollowOrders(cancel: _stop.Token))
        {
            _lags.Enqueue((DateTimeOffset.UtcNow - item.Data.At).TotalMilliseconds);
            if (item.Type == LastOfAnOrder) Interlocked.Increment(ref _completed);
        }
    }
}
