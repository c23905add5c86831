using Commerce.Customers;
using Commerce.Engine;
using Commerce.Kernel;
using Commerce.Orders;

namespace Commerce.Simulation;

/// <summary>
/// Some customers, and some guests, want their data erased while they and others shop. Nothing personal is ever readable where it is kept;
/// once a person is erased, nothing opens what was, and the person holds up no books.
/// </summary>
internal sealed class ErasureScenario(SimulationContext world, RetryingClient requests) : Scenario(world, requests)
{
    private const string Rule = "who is erased is erased everywhere";

    // What people type: parts of names, addresses, reasons and payment methods; with a sign that no ciphertext has.
    private static readonly string[] Typed =
    [
        "Customer ", "@example.com", " Lane, as ", "changed my mind", "did not fit", "not as it was", "\"card\"", "another card",
        "the clerk says", "we are sorry",
    ];

    private static readonly TimeSpan Patience = TimeSpan.FromDays(1);

    private readonly SeededRandom _dice = new(world.Seed, "erasures");
    private readonly HashSet<string> _asked = [];
    private readonly Dictionary<string, int> _erased = []; // and how often

    public override async Task Run(SimulatedShop shop, TimeSpan open)
    {
        for (var n = 0; n < 6; n++)
        {
            await World.Delay(open / 7);
            if (World.Verdict.Violation is not null) return;
            if (n >= 4 && shop.Customers.Count > 0) await EraseCustomer(_dice.OneOf(shop.Customers), n); // late: they cannot order then
            else await EraseOrder($"ord_{_dice.Next(1, 200)}", n);
        }
    }

    public override void Committed(string key, object fact)
    {
        if (fact is CustomerErased or OrderErased or CreditNoteErased or InvoiceErased)
        {
            var thing = $"{fact.GetType().Name} of {key}";
            _erased[thing] = _erased.GetValueOrDefault(thing) + 1;
            if (_erased[thing] > 1) Verdict.Broken("a thing is erased once", thing);
        }
    }

    public override async Task Check()
    {
        var until = World.Clock.Now + Patience;
        while (Verdict.Violation is null && await Missing() is { } missing)
        {
            if (World.Clock.Now > until) Verdict.Broken(Rule, missing);
            await World.Delay(TimeSpan.FromSeconds(20));
        }

        foreach (var database in World.Databases) Scan(database);
    }

    private async Task EraseCustomer(string customer, int n)
    {
        var answer = await Requests.Insist($"customer/{customer}", $"erase-{n}", async (e, call) =>
            (await e.Get<ICustomer>(customer).Erase(call)) is { Accepted: true } done ? done.With(Plain(done.Value)) : Refused);
        if (answer is { Accepted: true }) _asked.Add(customer);
    }

    private async Task EraseOrder(string order, int n)
    {
        if (!World.Books.Has($"order/{order}")) return;
        var answer = await Requests.Read((e, _) => e.Get<IOrder>(order).Erase(
            new CallContext($"erase-{n}", new Caller("client", ["*"], Reach.Everything), World.Clock.Now + TimeSpan.FromSeconds(30))));
        if (answer is { Accepted: true }) _asked.Add(order);
    }

    // Of the answer only that it was accepted is the same each time.
    private static CustomerErasure Plain(CustomerErasure erasure) => erasure with
    {
        Status = ErasureStatus.Requested, WaitsFor = [], ErasedAt = null, CompletesAt = null, Version = 0,
    };

    private static readonly Result<CustomerErasure> Refused = Refusals.Unknown("customer", "nobody", "There was one.");

    /// <summary>An order waits until it has shipped or lapsed, and so have its returns; nothing else waits for ever.</summary>
    private async Task<string?> Missing()
    {
        foreach (var id in _asked.Order(StringComparer.Ordinal))
        {
            if (Ids.Has("ord", id))
            {
                var order = await Requests.Read((e, _) => e.Get<IOrder>(id).GetErasure());
                if (order?.Status != ErasureStatus.Erased && !Waits(World.Books.Orders.Sheets[id])) return $"{id}: {order}";
                continue;
            }

            var customer = await Requests.Read((e, _) => e.Get<ICustomer>(id).GetErasure());
            var open = World.Books.Orders.Sheets.Values.Where(s => s.CustomerId == id && Waits(s)).Select(s => s.Id)
                .Order(StringComparer.Ordinal).ToList();
            if (customer is null || (customer.Status == ErasureStatus.Erased) != (open.Count == 0)
                || !customer.WaitsFor.Order(StringComparer.Ordinal).SequenceEqual(open))
                return $"{id}: {customer}, waits for {string.Join(", ", customer?.WaitsFor ?? [])}, open are {string.Join(", ", open)}";
        }

        return null;
    }

    private static bool Waits(OrderInvariants.Sheet order) => order.IsOpen || order.AwaitsUnits;

    private void Scan(SimulationContext.Database database)
    {
        var kept = database.Journal.Everything().ToList();
        foreach (var (entity, version, json, keys) in kept)
        {
            if (Typed.FirstOrDefault(json.Contains) is { } readable)
                Verdict.Broken("nothing personal is readable where it is kept", $"{entity} at {version} has '{readable}': {json}");
            if (keys is not null && World.Books.IsErased(entity.ToString()) && OpenedOf(database, entity, json, keys) is { } opened)
                Verdict.Broken(Rule, $"{entity} at {version} can still be opened: {opened}");
        }

        foreach (var parked in database.Checkpoints.Parked())
            if (parked.Fact.Fact.Keys is not null) Verdict.Broken(Rule, $"a parked fact of {parked.Fact.Entity} has its keys");
    }

    // What the invoice shows has a key of its own, and lies in the fact that erased the rest.
    private static string? OpenedOf(SimulationContext.Database database, EntityId entity, string json, string keys)
    {
        var invoice = RowKeys.Without(keys, [Purpose.Statutory]) is null && entity.Kind == "order" && json.Contains("\"keptUntil\"");
        return invoice ? null : json;
    }
}
