using System.Text.Json;

namespace Commerce.Histories;

/// <summary>Captures, refunds and reads payments by their own requests, as an operator does by hand.</summary>
public sealed class Cashier(string name, ShopClient shop, Recorder recorder, Random random)
{
    private int _requests;

    /// <summary>Moves some money of a payment, or all that is left, and waits for the provider.</summary>
    public async Task Move(string payment)
    {
        var kind = random.Next(3) == 0 ? "refund" : "capture";
        long? amount = random.Next(6) == 0 ? null : random.Next(2, 16) * 10;
        var id = $"{(kind == "capture" ? "cap" : "rfd")}_{name}-{_requests++}";
        object body = amount is { } units ? new { id, amount = units } : new { id };
        var exchange = await shop.Post($"/payments/{payment}/{kind}s", id, body, insist: random.Next(3) > 0);
        var asked = Note(payment, new PaymentAsked.Move(kind, id, amount), exchange);
        if (exchange.Answered is null)
        {
            recorder.Payment(payment, new(name, new PaymentAsked.Settle(id), exchange.Sent, null, null, asked));
            return;
        }

        if (!exchange.Reply.Accepted) return;
        while (true)
        {
            if (await Read(payment) is { Answered: { } seen } read && !IsPending(read.Reply.Json, id))
            {
                recorder.Payment(payment, new(name, new PaymentAsked.Settle(id), exchange.Sent, seen, new PaymentAnswer.Done(), asked));
                return;
            }

            await Task.Delay(20);
        }
    }

    public async Task<Exchange> Read(string payment)
    {
        var read = await shop.Get($"/payments/{payment}");
        if (read.Answered is not null) Note(payment, new PaymentAsked.Get(), read);
        return read;
    }

    private static bool IsPending(JsonElement payment, string id) => payment.GetProperty("movements").EnumerateArray()
        .Any(m => m.GetProperty("id").GetString() == id && m.GetProperty("status").GetString() == "pending");

    private Operation<PaymentAsked, PaymentAnswer> Note(string payment, PaymentAsked asked, Exchange exchange)
    {
        var answer = exchange.Answered is null ? null : Answer(exchange.Reply);
        if (answer is null && exchange.Answered is not null)
            recorder.Wrong.Enqueue($"{name}, {asked} of {payment}: {exchange.Reply.Status} {exchange.Reply.Body}");
        return recorder.Payment(payment, new(name, asked, exchange.Sent, exchange.Answered, answer));
    }

    private static PaymentAnswer? Answer(Reply reply)
    {
        var said = reply.Json;
        return (reply.Status, reply.Code) switch
        {
            (200 or 202, _) => View(said),
            (404, "unknown_payment") => new PaymentAnswer.Absent(),
            (409, "move_not_allowed" or "capture_exceeds_authorization" or "refund_exceeds_capture") => new PaymentAnswer.Refused(
                reply.Code!, said.TryGetProperty("available", out var left) ? left.GetInt64() : null),
            _ => null,
        };
    }

    private static PaymentAnswer.View View(JsonElement payment)
    {
        long Number(string member) => payment.GetProperty(member).GetInt64();
        var movements = payment.GetProperty("movements").EnumerateArray().Aggregate(
            default(Listed<Movement>), (list, m) => list.With(new Movement(
                m.GetProperty("id").GetString()!, m.GetProperty("kind").GetString()!, m.GetProperty("amount").GetInt64(),
                m.GetProperty("status").GetString()!)));
        return new(
            payment.GetProperty("status").GetString()!, payment.GetProperty("settled").GetBoolean(), Number("authorized"),
            Number("captured"), Number("refunded"), movements);
    }
}
