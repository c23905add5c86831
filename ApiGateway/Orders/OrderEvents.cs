using System.Globalization;
using System.Text.Json;
using Commerce.Engine;
using Commerce.Journal;
using Commerce.Kernel;
using Commerce.Orders;

namespace Commerce.ApiGateway;

/// <summary>What happens to orders, as it happens, by Server-Sent Events. The journal is the source, so that nothing is missed.</summary>
internal sealed class OrderEvents : IEndpoints
{
    private const int Batch = 200;
    private const int MaxIdDigits = 15; // far beyond any journal, and far from where sums overflow

    public static void Map(IEndpointRouteBuilder routes)
    {
        var area = routes.Area(OrderEndpoints.Heading, OrderEndpoints.Id);
        area.MapGet("/orders/events", All)
            .Needs("orders:stream").As("followOrders", "Follows all orders live",
                "Begins now, and says at once where that is; with 'Last-Event-ID' after that place, with 'Last-Event-ID: 0' at the "
                + "beginning. Facts of one order come in order; ids are places in the journal.")
            .Streams<OrderEvent>("A stream of events.");
        area.MapGet("/orders/{id}/events", One)
            .Needs("orders:events").As("followOrder", "Follows one order live",
                "Begins with its first fact; with 'Last-Event-ID' after that one. Ids are the order's versions.")
            .Streams<OrderEvent>("A stream of events.");
    }

    private static async Task One(string id, ApiRequest request, IEntities entities, TimelineReader timelines, EventStreams streams)
    {
        if (!Ids.Has("ord", id)) throw Problems.Unknown("order", id);
        await request.Find(entities.Get<IOrder>(id).Get(), "order", id);
        var (log, staff) = (timelines.LogOf(OrdersCapability.Definition), TimelineReader.IsStaff(request));
        var entity = new EntityId("order", id);
        var seen = LastEventId(request, 1)?[0] ?? 0;
        if (seen > 0 && (await request.InTime(log.History(entity, seen - 1, 1, request.Cancel))).Count == 0) throw BadLastEventId(request);
        await streams.Run(request.Http, log, seen.ToString(CultureInfo.InvariantCulture), async (stream, cancel) =>
        {
            var facts = await log.History(entity, seen, Batch, cancel);
            foreach (var fact in facts)
            {
                await stream.Send(
                    fact.Version.ToString(CultureInfo.InvariantCulture), TimelineReader.NameOf(fact), Show(timelines, fact, staff),
                    cancel);
                seen = fact.Version;
            }

            return facts.Count == Batch;
        });
    }

    private static async Task All(ApiRequest request, TimelineReader timelines, EventStreams streams)
    {
        var log = timelines.LogOf(OrdersCapability.Definition);
        var given = LastEventId(request, log.Partitions);
        var heads = await request.InTime(log.Heads(request.Cancel));
        if (given is not null && given.Zip(heads).Any(g => g.First > g.Second)) throw BadLastEventId(request);
        var seen = given ?? [.. heads];
        var share = log.Share(Batch);
        await streams.Run(request.Http, log, string.Join('.', seen), async (stream, cancel) =>
        {
            var more = false;
            foreach (var (partition, (facts, seenTo)) in (await log.ReadEach(seen, share, null, cancel)).Index())
            {
                foreach (var fact in facts)
                {
                    seen[partition] = fact.Position;
                    if (fact.Entity.Kind == "order") await stream.Send(
                        string.Join('.', seen), TimelineReader.NameOf(fact), Show(timelines, fact, staff: true), cancel);
                }

                more |= facts.Count == share;
                seen[partition] = Math.Max(seen[partition], seenTo);
            }

            return more;
        });
    }

    private static long[]? LastEventId(ApiRequest request, int parts)
    {
        var given = request.Http.Request.Headers["Last-Event-ID"].ToString();
        if (given.Length == 0) return null;
        if (given == "0") return new long[parts]; // the beginning
        var numbers = given.Split('.')
            .Select(part => part.Length <= MaxIdDigits
                && long.TryParse(part, NumberStyles.None, CultureInfo.InvariantCulture, out var n) ? n : -1)
            .ToArray();
        return numbers.Length == parts && numbers.All(n => n >= 0)
            ? numbers
            : throw BadLastEventId(request);
    }

    private static ProblemException BadLastEventId(ApiRequest request) => RequestHeaders.Bad(
        "Last-Event-ID", "invalid_last_event_id", request.Http.Request.Headers["Last-Event-ID"].ToString(),
        "Send the id of an event of this same stream, or leave it out.");

    private static string Show(TimelineReader timelines, RecordedFact recorded, bool staff)
    {
        var entry = timelines.Entry(OrdersCapability.Definition, recorded, OrderTimeline.Tell, staff);
        return JsonSerializer.Serialize(
            new OrderEvent(recorded.Entity.Key, entry.Version, entry.At, entry.What, entry.Caller, entry.Cause, entry.Data),
            RequestBody.Json);
    }
}

/// <summary>The data of one event; the event's name is the fact's.</summary>
/// <param name="OrderId">Whose.</param>
/// <param name="Version">The order's version that it made.</param>
/// <param name="At">When it was recorded.</param>
/// <param name="What">What happened, for a person.</param>
/// <param name="Caller">Who did it; <c>system</c> when it followed by itself. For staff only.</param>
/// <param name="Cause">Whose call it followed from, where it followed by itself. For staff only.</param>
/// <param name="Data">The fact as it is kept. For staff only.</param>
internal sealed record OrderEvent(
    string OrderId, long Version, DateTimeOffset At, string What, string? Caller, string? Cause, JsonElement? Data);
