using System.Collections.Concurrent;
using System.Diagnostics;

namespace Commerce.Histories;

/// <summary>The requests and answers of all clients of one test, by entity, with times of one clock: that of this process.</summary>
public sealed class Recorder
{
    private readonly long _began = Stopwatch.GetTimestamp();
    private readonly ConcurrentDictionary<string, ConcurrentQueue<Operation<StockAsked, StockAnswer>>> _stock = [];
    private readonly ConcurrentDictionary<string, ConcurrentQueue<Operation<PaymentAsked, PaymentAnswer>>> _payments = [];
    private int _count;

    /// <summary>Microseconds since the recording began.</summary>
    public long Now => Stopwatch.GetElapsedTime(_began).Ticks / TimeSpan.TicksPerMicrosecond;

    /// <summary>How many operations there are.</summary>
    public int Count => _count;

    /// <summary>Those that were never answered.</summary>
    public int Unanswered =>
        _stock.Values.Sum(h => h.Count(o => o.Answered is null)) + _payments.Values.Sum(h => h.Count(o => o.Answered is null));

    /// <summary>The payments that are known.</summary>
    public IEnumerable<string> Payments => _payments.Keys;

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

    /// <summary>Checks the history of each entity by itself.</summary>
    public IReadOnlyList<Finding> Check() =>
    [
        .. _stock.Select(s => Linearizability.Check($"stock of {s.Key}", new StockModel(), s.Value)),
        .. _payments.Select(p => Linearizability.Check($"payment {p.Key}", new PaymentModel(), p.Value)),
    ];
}
