using System.Text.Json;

namespace Commerce.Histories;

/// <summary>
/// What must agree once all clients have gone: every order is where its client saw it last, the list of orders says the same, and the
/// ledger has booked what shipments and payments say.
/// </summary>
internal sealed class ClosingBooks(ShopClient shop, Recorder recorder)
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(3);

    public async Task Check()
    {
        // Only what the list lacks can still come: waiting does not remove an order that no client placed.
        var orders = await Until(async () =>
        {
            var listed = await All("/orders");
            return (!Different(StatusById(listed)).Any(), listed);
        });
        var status = StatusById(orders);
        var wrong = string.Join("; ", Different(status).Concat(Unplaced(status)).Take(5));
        if (wrong != "") recorder.Wrong.Enqueue($"the list of orders: {wrong}");

        var expected = await Expected(orders);
        var booked = await Until(async () =>
        {
            var balance = (await shop.GetUntil("/ledger/trial-balance", _ => true)).Reply.Json;
            var accounts = Accounts(balance);
            var balanced = balance.GetProperty("balanced").GetBoolean();
            return (balanced && accounts.All(a => expected.GetValueOrDefault(a.Key) == a.Value), (Balanced: balanced, Accounts: accounts));
        });
        if (!booked.Balanced) recorder.Wrong.Enqueue("the trial balance is not balanced");
        foreach (var (account, amount) in booked.Accounts)
            if (expected.GetValueOrDefault(account) is var due && due != amount)
                recorder.Wrong.Enqueue($"the account {account} stands at {amount} and not at {due}");
    }

    private IEnumerable<string> Different(Dictionary<string, string?> status) =>
        from order in recorder.Orders
        where order.Value is not null && status.GetValueOrDefault(order.Key) != order.Value
        select $"{order.Key} is {status.GetValueOrDefault(order.Key) ?? "not there"}, and its client saw it {order.Value}";

    private IEnumerable<string> Unplaced(Dictionary<string, string?> status) =>
        from order in status
        where !recorder.Orders.ContainsKey(order.Key)
        select $"{order.Key} is {order.Value}, and no client placed it";

    private static Dictionary<string, string?> StatusById(IReadOnlyList<JsonElement> listed) =>
        listed.ToDictionary(o => o.GetProperty("id").GetString()!, o => o.GetProperty("status").GetString());

    /// <summary>What the accounts must stand at, debit less credit, by what orders and payments say of themselves.</summary>
    private async Task<Dictionary<string, long>> Expected(IReadOnlyList<JsonElement> orders)
    {
        long shipped = 0, captured = 0, refunded = 0, lost = 0;
        foreach (var id in orders.Select(o => o.GetProperty("id").GetString()!))
        {
            var order = (await shop.GetUntil($"/orders/{id}", o => o.GetProperty("settled").GetBoolean())).Reply.Json;
            shipped += Sum(order, "shipments", s => s.GetProperty("status").GetString() == "completed", "amount");
            if (!order.TryGetProperty("paymentId", out var payment) || payment.GetString() is not { } paymentId) continue;
            var paid = (await shop.GetUntil($"/payments/{paymentId}", p => p.GetProperty("settled").GetBoolean())).Reply.Json;
            captured += paid.GetProperty("captured").GetInt64();
            refunded += paid.GetProperty("refunded").GetInt64();

            // What is given back by hand becomes part of the order a moment later.
            order = (await shop.GetUntil($"/orders/{id}", o => Sum(o, "returns", _ => true, "refunded")
                + Sum(o, "refunds", _ => true, "amount") == paid.GetProperty("refunded").GetInt64())).Reply.Json;
            lost += Sum(order, "returns", _ => true, "refunded")
                + Sum(order, "refunds", r => r.GetProperty("kind").GetString() == "allowance", "amount");
        }

        return new Dictionary<string, long>
        {
            ["provider_clearing"] = captured - refunded, ["receivable"] = shipped - captured + refunded - lost, ["sales"] = -shipped,
            ["refunds"] = lost,
        };

        static long Sum(JsonElement order, string list, Func<JsonElement, bool> counts, string amount) =>
            order.GetProperty(list).EnumerateArray().Where(counts).Sum(part => part.GetProperty(amount).GetInt64());
    }

    private async Task<IReadOnlyList<JsonElement>> All(string path)
    {
        var all = new List<JsonElement>();
        for (string? cursor = null; ;)
        {
            var next = cursor is null ? "" : $"&cursor={Uri.EscapeDataString(cursor)}";
            var page = (await shop.GetUntil($"{path}?limit=500{next}", _ => true)).Reply.Json;
            all.AddRange(page.GetProperty("items").EnumerateArray());
            cursor = page.TryGetProperty("next", out var more) ? more.GetString() : null;
            if (cursor is null) return all;
        }
    }

    private static Dictionary<string, long> Accounts(JsonElement balance)
    {
        var accounts = new Dictionary<string, long> { ["provider_clearing"] = 0, ["receivable"] = 0, ["sales"] = 0, ["refunds"] = 0 };
        foreach (var row in balance.GetProperty("rows").EnumerateArray())
            accounts[row.GetProperty("account").GetString()!] = row.GetProperty("debit").GetInt64() - row.GetProperty("credit").GetInt64();
        return accounts;
    }

    /// <summary>Looks until it is so, or for a time that no read model needs; what was seen last.</summary>
    private static async Task<T> Until<T>(Func<Task<(bool IsSo, T Seen)>> look)
    {
        for (var end = DateTime.UtcNow + Patience; ; await Task.Delay(200))
            if (await look() is var (isSo, seen) && (isSo || DateTime.UtcNow > end)) return seen;
    }
}
