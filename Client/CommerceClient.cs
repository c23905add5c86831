using System.Net;
using System.Net.ServerSentEvents;
using System.Runtime.CompilerServices;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Commerce.Client;

/// <summary>The REST API of Commerce on Orleans; one method an operation.</summary>
public partial class CommerceClient : IDisposable
{
    private readonly bool _own;
    private readonly CommerceOptions? _options;

    /// <summary>With connections of its own.</summary>
    public CommerceClient(CommerceOptions options) : this(Connect(options)) => (_own, _options) = (true, options);

    /// <summary>How the API writes and reads JSON.</summary>
    internal static JsonSerializerOptions Json => _settings.Value;

    /// <summary>Follows all orders live, for ever, from now on or after an event; a connection that breaks is made again.</summary>
    public IAsyncEnumerable<LiveEvent> FollowOrders(string? lastEventId = null, CancellationToken cancel = default) =>
        Follow("orders/events", lastEventId, cancel);

    /// <summary>Follows one order live, for ever, from its first event on or after one.</summary>
    public IAsyncEnumerable<LiveEvent> FollowOrder(string id, string? lastEventId = null, CancellationToken cancel = default) =>
        Follow($"orders/{Uri.EscapeDataString(id)}/events", lastEventId, cancel);

    /// <summary>
    /// All items of a list, page by page: <c>All&lt;OrderSummary&gt;(async next => await client.ListOrdersAsync(cursor: next))</c>.
    /// </summary>
    public static async IAsyncEnumerable<T> All<T>(Func<string?, Task<IPage<T>>> page)
    {
        string? cursor = null;
        do
        {
            var items = await page(cursor);
            foreach (var item in items.Items) yield return item;
            cursor = items.Next;
        }
        while (cursor is not null);
    }

    /// <summary>Closes the connections that are its own.</summary>
    public void Dispose()
    {
        if (_own) _httpClient.Dispose();
    }

    static partial void UpdateJsonSerializerSettings(JsonSerializerOptions settings)
    {
        settings.DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull;
        settings.Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping;
        settings.Converters.Add(new JsonStringEnumConverter(JsonNamingPolicy.SnakeCaseLower));
    }

    private static HttpClient Connect(CommerceOptions options)
    {
        var connections = new SocketsHttpHandler
        {
            MaxConnectionsPerServer = options.Connections, ConnectTimeout = TimeSpan.FromSeconds(5), AllowAutoRedirect = false,
        };
        return new HttpClient(new CommerceHandler(options, connections))
        {
            BaseAddress = options.Address, Timeout = Timeout.InfiniteTimeSpan, // the handler has its own for each try
        };
    }

    private async IAsyncEnumerable<LiveEvent> Follow(string path, string? last, [EnumeratorCancellation] CancellationToken cancel)
    {
        for (var attempt = 1; ; attempt++)
        {
            await using var events = Read(path, last, cancel).GetAsyncEnumerator(cancel);
            while (await Next(events, cancel) is { } item)
            {
                (last, attempt) = (item.Id, 0);
                yield return item;
            }

            await Task.Delay(CommerceHandler.Backoff(attempt), cancel);
        }
    }

    /// <summary>The next event; null when the connection has ended.</summary>
    private static async Task<LiveEvent?> Next(IAsyncEnumerator<LiveEvent> events, CancellationToken cancel)
    {
        try
        {
            return await events.MoveNextAsync() ? events.Current : null;
        }
        catch (Exception broken) when (broken is HttpRequestException or IOException && !cancel.IsCancellationRequested)
        {
            return null; // it is made again
        }
    }

    private async IAsyncEnumerable<LiveEvent> Read(string path, string? last, [EnumeratorCancellation] CancellationToken cancel)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        if (last is not null) request.Headers.Add("Last-Event-ID", last);
        using var response = await _httpClient.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancel);
        await using var stream = await response.Content.ReadAsStreamAsync(cancel);
        var parser = SseParser.Create(stream, (_, data) => JsonSerializer.Deserialize<OrderEvent>(data, Json)!);
        await foreach (var item in parser.EnumerateAsync(cancel)) yield return new LiveEvent(parser.LastEventId, item.EventType, item.Data);
    }
}

/// <summary>An event of a live stream.</summary>
/// <param name="Id">To go on after it.</param>
/// <param name="Type">The fact's name: <c>order-placed</c>.</param>
/// <param name="Data">What it says.</param>
public sealed record LiveEvent(string Id, string Type, OrderEvent Data);

/// <summary>A page of a list.</summary>
public interface IPage<out T>
{
    IReadOnlyList<T> Items { get; }

    /// <summary>The cursor of the next page; null on the last.</summary>
    string? Next { get; }
}

public partial record PageOfCustomerView : IPage<CustomerView>;

public partial record PageOfProductView : IPage<ProductView>;

public partial record PageOfStockLevel : IPage<StockLevel>;

public partial record PageOfStockMovement : IPage<StockMovement>;

public partial record PageOfOrderSummary : IPage<OrderSummary>;

public partial record PageOfCreditNoteView : IPage<CreditNoteView>;

/// <summary>Of ledger entries.</summary>
public partial record PageOfLedgerEntry : IPage<LedgerEntry>;

/// <summary>Of a history.</summary>
public partial record PageOfTimelineEntry : IPage<TimelineEntry>;

/// <summary>What may not be there.</summary>
public static class Answering
{
    /// <summary>The answer, or null where the API says that there is no such thing.</summary>
    public static async Task<T?> OrNull<T>(this Task<T> answer) where T : class
    {
        try
        {
            return await answer;
        }
        catch (CommerceException none) when (none.StatusCode == HttpStatusCode.NotFound)
        {
            return null;
        }
    }
}
