using System.Collections.Concurrent;
using System.Diagnostics;

namespace Commerce.Histories;

/// <summary>A request that was not answered.</summary>
/// <param name="Request">Method and path.</param>
/// <param name="Reply">What came instead.</param>
public sealed record LostRequest(string Request, Reply Reply);

/// <summary>The requests and answers of all clients of one test, by entity, with times of one clock: that of this process.</summary>
public sealed class Recorder
{
    private readonly long _began = Stopwatch.GetTimestamp();
    private readonly ConcurrentDictionary<string, ConcurrentQueue<Operation<StockAsked, StockAnswer>>> _stock = [];
    private readonly ConcurrentDictionary<string, ConcurrentQueue<Operation<PaymentAsked, PaymentAnswer>>> _payments = [];
    private readonly ConcurrentDictionary<string, string?> _orders = [];
    private readonly Lock _gate = new();
    private int _count;
    private long _lastAnswer;
    private long _longestGap;

    /// <summary>Microseconds since the recording began.</summary>
    public long Now => Stopwatch.GetElapsedTime(_began).Ticks / TimeSpan.TicksPerMicrosecond;

    /// <summary>How many operations there are.</summary>
    public int Count => _count;

    /// <summary>Those that were never answered.</summary>
    public int Unanswered =>
        _stock.Values.Sum(h => h.Count(o => o.Answered is null)) + _payments.Values.Sum(h => h.Count(o => o.Answered is null));

    /// <summary>The payments that are known.</summary>
    public IEnumerable<string> Payments => _payments.Keys;

    /// <summary>The orders that were placed, each with the status that its client saw last; null: its client never saw any.</summary>
    public IReadOnlyDictionary<string, string?> Orders => _orders;

    /// <summary>Requests that got no answer, or one that says nothing of what became of them. Most were sent again.</summary>
    public ConcurrentQueue<LostRequest> Lost { get; } = [];

    /// <summary>The longest time in which no client was answered.</summary>
    public TimeSpan LongestGap => TimeSpan.FromMicroseconds(_longestGap);

    /// <summary>Answers that no client should get, even while processes are killed.</summary>
    public ConcurrentQueue<string> Wrong { get; } = [];

    /// <summary>Notes an operation on the stock of a SKU; gives it back, for those that come after it.</summary>
    public Operation<StockAsked, StockAnswer> Stock(string sku, Operation<StockAsked, StockAnswer> operation)
    {
        _stock.GetOrAdd(sku, _ => []).Enqueue(operation);
        Interlocked.Increment(ref _count);
        return operation;
    }

    /// <summary>Notes an operation on a payment; gives it back, for those that come after it.</summary>
    public Operation<PaymentAsked, PaymentAnswer> Payment(string id, Operation<PaymentAsked, PaymentAnswer> operation)
    {
        _payments.GetOrAdd(id, _ => []).Enqueue(operation);
        Interlocked.Increment(ref _count);
        return operation;
    }

    /// <summary>Notes what a client saw of its order.</summary>
    public void Order(string id, string? status) => _orders.AddOrUpdate(id, status, (_, before) => status ?? before);

    /// <summary>Notes that some client was answered just now.</summary>
    public void Answered()
    {
        lock (_gate)
        {
            var now = Now;
            if (_lastAnswer > 0) _longestGap = Math.Max(_longestGap, now - _lastAnswer);
            _lastAnswer = now;
        }
    }

    /// <summary>Checks the history of each entity by itself.</summary>
    public IReadOnlyList<Finding> Check() =>
    [
        .. _stock.Select(s => Linearizability.Check($"stock of {s.Key}", new StockModel(), s.Value)),
        .. _payments.Select(p => Linearizability.Check($"payment {p.Key}", new PaymentModel(), p.Value)),
    ];
}
