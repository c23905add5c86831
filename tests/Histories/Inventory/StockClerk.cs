namespace Commerce.Histories;

/// <summary>Receives, counts and reads the stock by its own requests.</summary>
public sealed class StockClerk(string name, ShopClient shop, Recorder recorder, Random random)
{
    private int _requests;

    /// <summary>Does one thing with one SKU. When the answer is lost it retries with the same key, or gives up.</summary>
    public Task Work(string sku) => random.Next(4) switch
    {
        0 => Adjust(sku, random.Next(-4, 0), insist: random.Next(2) == 0),
        1 => Adjust(sku, random.Next(1, 3), insist: random.Next(2) == 0),
        _ => Receive(sku, random.Next(1, 5), insist: random.Next(2) == 0),
    };

    public async Task Receive(string sku, long units, bool insist = true) => Note(
        sku, new StockAsked.Receive(units), await shop.Post($"/stock/{sku}/receipts", Key(), new { quantity = units }, insist: insist));

    /// <summary>Corrects what is on hand.</summary>
    public async Task Adjust(string sku, long change, bool insist = true) => Note(
        sku, new StockAsked.Adjust(change),
        await shop.Post($"/stock/{sku}/adjustments", Key(), new { change, reason = "Counted" }, insist: insist));

    /// <summary>Reads the level; false when there was no answer.</summary>
    public async Task<bool> Read(string sku)
    {
        var read = await shop.Get($"/stock/{sku}");
        if (read.Answered is not null) Note(sku, new StockAsked.Get(), read);
        return read.Answered is not null;
    }

    private string Key() => $"{name}-{_requests++}";

    private void Note(string sku, StockAsked asked, Exchange exchange)
    {
        StockAnswer? answer = null;
        if (exchange.Reply is { Lost: false } reply)
        {
            var said = reply.Json;
            if (reply.Accepted)
                answer = new StockAnswer.Level(
                    said.GetProperty("onHand").GetInt64(), said.GetProperty("held").GetInt64(), said.GetProperty("version").GetInt64());
            else if (reply.Code == "not_enough_stock")
                answer = new StockAnswer.Refused(said.GetProperty("available").GetInt64());
            else recorder.Wrong.Enqueue($"{name}, {asked} of {sku}: {reply.Status} {reply.Body}");
        }

        recorder.Stock(sku, new(name, asked, exchange.Sent, exchange.Answered, answer));
    }
}
