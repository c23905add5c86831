using System.Text.Json;

namespace Commerce.Histories;

/// <summary>
/// A customer who places one order after the other, and then ships, cancels, leaves or returns it. The effects of each order are recorded
/// as its story.
/// </summary>
public sealed class Shopper(string name, ShopClient shop, Recorder recorder, Random random)
{
    private const int Price = 100;
    private const int Wait = 20;

    private int _orders;

    /// <summary>The payment of the order that this shopper is about, or was about last.</summary>
    public string? Payment { get; private set; }

    /// <summary>
    /// Orders some of what there is, and follows the order to where it stays. Gives the payment of one that was left as it was confirmed.
    /// </summary>
    public async Task<string?> Order(IReadOnlyList<string> skus)
    {
        var first = random.Next(skus.Count);
        var lines = new List<OrderedLine> { new(skus[first], random.Next(1, 4)) };
        if (random.Next(4) == 0) lines.Add(new(skus[(first + 1) % skus.Count], random.Next(1, 3)));
        var method = random.Next(12) switch { 0 => "pm_sandbox_declined", 1 => "pm_sandbox_capture_declined", _ => "pm_sandbox_ok" };
        var id = $"ord_{name}-{_orders++}";
        var story = new OrderStory(name, id, lines, recorder)
        {
            CardPays = method != "pm_sandbox_declined", Total = lines.Sum(l => l.Units) * Price,
        };
        Payment = story.PaymentId;
        var order = new
        {
            id, guest = new { name }, currency = "GBP", paymentMethod = method,
            lines = lines.Select(l => new { sku = l.Sku, quantity = l.Units }),
        };
        var status = random.Next(8) == 0 ? await PlaceAndCancel(story, order) : await Place(story, order, insist: random.Next(6) > 0);
        if (status != "confirmed") return null;
        switch (random.Next(5))
        {
            case 0:
                await Cancel(story);
                return null;
            case 1 when method == "pm_sandbox_ok":
                return story.PaymentId;
            default:
                var shipped = await Ship(story) == "shipped";
                if (random.Next(2) == 0) await (shipped ? Return(story) : Cancel(story));
                return null;
        }
    }

    private async Task<string?> Place(OrderStory story, object order, bool insist)
    {
        var exchange = await shop.Post("/orders", $"{story.Id}-place", order, Wait, insist);
        if (exchange.Answered is null)
        {
            story.Placed(exchange.Sent, null, default);
            return null;
        }

        if (!MustBeAccepted("place", story, exchange)) return null;
        var (settled, view) = await Settled(story, exchange);
        story.Placed(exchange.Sent, settled, view);
        return view.GetProperty("status").GetString();
    }

    private async Task<string?> PlaceAndCancel(OrderStory story, object order)
    {
        var placed = await shop.Post("/orders", $"{story.Id}-place", order);
        if (!MustBeAccepted("place", story, placed)) return null;
        var cancelled = await shop.Post($"/orders/{story.Id}/cancel", $"{story.Id}-cancel", new { reason = "Changed my mind" }, Wait);
        if (cancelled.Reply.Code != "move_not_allowed" && !MustBeAccepted("cancel", story, cancelled)) return null; // rejected already
        var (settled, view) = await Settled(story, cancelled);
        story.Placed(placed.Sent, settled, view);
        return view.GetProperty("status").GetString();
    }

    private async Task<string?> Ship(OrderStory story)
    {
        var shipment = $"shp_{story.Id}";
        var exchange = await shop.Post($"/orders/{story.Id}/shipments", $"{story.Id}-ship", new { id = shipment }, Wait);
        if (!MustBeAccepted("ship", story, exchange)) return null;
        var (settled, view) = await Settled(story, exchange);
        story.Shipped(shipment, exchange.Sent, settled, view);
        return view.GetProperty("status").GetString();
    }

    private async Task Cancel(OrderStory story)
    {
        var exchange = await shop.Post($"/orders/{story.Id}/cancel", $"{story.Id}-cancel", new { reason = "Not needed" }, Wait);
        if (!MustBeAccepted("cancel", story, exchange)) return;
        story.Cancelled(exchange.Sent, (await Settled(story, exchange)).At);
    }

    private async Task Return(OrderStory story)
    {
        var part = $"ret_{story.Id}";
        var exchange = await shop.Post(
            $"/orders/{story.Id}/returns", $"{story.Id}-return", new { id = part, reason = "Does not fit", received = true }, Wait);
        if (!MustBeAccepted("return", story, exchange)) return;
        story.Returned(part, exchange.Sent, (await Settled(story, exchange)).At);
    }

    // The answer itself may show it; else the order is read until it does.
    private async Task<(long At, JsonElement View)> Settled(OrderStory story, Exchange exchange)
    {
        if (exchange.Reply.Accepted && exchange.Reply.Json.TryGetProperty("settled", out var settled) && settled.GetBoolean())
            return (exchange.Answered!.Value, exchange.Reply.Json);
        var read = await shop.GetUntil($"/orders/{story.Id}", o => o.GetProperty("settled").GetBoolean());
        return (read.Answered!.Value, read.Reply.Json);
    }

    private bool MustBeAccepted(string what, OrderStory story, Exchange exchange)
    {
        if (!exchange.Reply.Accepted) recorder.Wrong.Enqueue($"{what} {story.Id}: {exchange.Reply.Status} {exchange.Reply.Body}");
        return exchange.Reply.Accepted;
    }
}
