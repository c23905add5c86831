using System.Text.Json;

namespace Commerce.Histories;

/// <summary>One line of an order: units of a SKU.</summary>
public sealed record OrderedLine(string Sku, long Units);

/// <summary>
/// What an order did to stock and money, as operations on each. A step of an order takes effect on others between the sending of its
/// request and the moment in which the order was seen settled. What cannot be known from outside is left open.
/// </summary>
public sealed class OrderStory(string who, string id, IReadOnlyList<OrderedLine> lines, Recorder recorder)
{
    private static readonly StockAnswer StockDone = new StockAnswer.Done();
    private static readonly PaymentAnswer MoneyDone = new PaymentAnswer.Done();

    private readonly Dictionary<string, Operation<StockAsked, StockAnswer>> _lastOfStock = [];
    private Operation<PaymentAsked, PaymentAnswer>? _lastOfMoney;

    public string Id => id;

    public string PaymentId => $"pay_{id["ord_".Length..]}";

    /// <summary>True when its card lets money be authorized.</summary>
    public bool CardPays { get; init; } = true;

    public required long Total { get; init; }

    /// <summary>It was placed and has settled; or its client went away without an answer.</summary>
    public void Placed(long sent, long? settled, JsonElement order)
    {
        var status = settled is null ? null : Status(order);
        recorder.Order(id, status);
        var alone = lines.Count == 1;
        foreach (var line in lines)
        {
            // Rejected: alone and with money it was refused; otherwise another line was, or the card, and what was held is given back.
            StockAnswer? held = status switch
            {
                null => null,
                "confirmed" => StockDone,
                "rejected" when alone && CardPays => new StockAnswer.Refused(),
                "rejected" => new StockAnswer.Over(),
                _ => new StockAnswer.Perhaps(),
            };
            Stock(line.Sku, new StockAsked.Hold(id, line.Units), sent, settled, held);
            if (held is StockAnswer.Over or StockAnswer.Perhaps)
                Stock(line.Sku, new StockAsked.Free(id, line.Units), sent, settled, new StockAnswer.Over());
            if (held is null && (!alone || !CardPays))
                Stock(line.Sku, new StockAsked.Free(id, line.Units), sent, null, null);
        }

        if (status == "rejected" && CardPays) return; // no money was requested for it
        var sure = status == "confirmed" ? settled : null;
        Money(new PaymentAsked.Authorize(Total), sent, sure, MoneyDone);
        Money(new PaymentAsked.Settle(PaymentAsked.Authorization), sent, sure, MoneyDone);
        if (status != "cancelled") return;
        Money(new PaymentAsked.Void(), sent, null, null);
        Money(new PaymentAsked.Settle(PaymentAsked.Voiding), sent, null, null);
    }

    /// <summary>It was shipped whole; or its money could not be captured, so that it is held again and open as before.</summary>
    public void Shipped(string shipment, long sent, long settled, JsonElement order)
    {
        var isOut = Status(order) == "shipped";
        recorder.Order(id, Status(order));
        foreach (var line in lines)
        {
            Stock(line.Sku, new StockAsked.Ship(id, line.Units), sent, settled, StockDone);
            if (!isOut) Stock(line.Sku, new StockAsked.Unship(id, line.Units), sent, settled, StockDone);
        }

        Money(new PaymentAsked.Move("capture", shipment, Total), sent, settled, MoneyDone);
        Money(new PaymentAsked.Settle(shipment), sent, settled, isOut ? MoneyDone : new PaymentAnswer.Declined());
    }

    /// <summary>It was cancelled after it was confirmed.</summary>
    public void Cancelled(long sent, long settled)
    {
        recorder.Order(id, "cancelled");
        foreach (var line in lines) Stock(line.Sku, new StockAsked.Free(id, line.Units), sent, settled, StockDone);
        Voided(sent, settled);
    }

    /// <summary>All of it came back.</summary>
    public void Returned(string part, long sent, long settled)
    {
        foreach (var line in lines) Stock(line.Sku, new StockAsked.Return(id, line.Units), sent, settled, StockDone);
        Money(new PaymentAsked.Move("refund", part, Total), sent, settled, MoneyDone);
        Money(new PaymentAsked.Settle(part), sent, settled, MoneyDone);
    }

    private static string Status(JsonElement order) => order.GetProperty("status").GetString()!;

    private void Voided(long sent, long settled)
    {
        Money(new PaymentAsked.Void(), sent, settled, MoneyDone);
        Money(new PaymentAsked.Settle(PaymentAsked.Voiding), sent, settled, MoneyDone);
    }

    private void Stock(string sku, StockAsked asked, long sent, long? settled, StockAnswer? answer) =>
        _lastOfStock[sku] = recorder.Stock(sku, new(who, asked, sent, settled, answer, _lastOfStock.GetValueOrDefault(sku)));

    private void Money(PaymentAsked asked, long sent, long? settled, PaymentAnswer? answer) =>
        _lastOfMoney = recorder.Payment(
            PaymentId, new(who, asked, sent, settled, settled is null ? null : answer, _lastOfMoney));
}
