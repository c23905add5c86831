using Commerce.Catalogue;
using Commerce.Customers;
using Commerce.Inventory;
using Commerce.Kernel;
using Commerce.Ledger;
using Commerce.Orders;
using Commerce.Payments;

namespace Commerce.ReadModels.Tests;

/// <summary>Much that may happen to a shop, from a seed: facts that the rules could have decided, of many entities, all mixed up.</summary>
public sealed class RandomHistory(int seed)
{
    private readonly Random _random = new(seed);
    private readonly Dictionary<string, OrderState> _orders = [];
    private readonly Dictionary<string, Holds> _holds = [];
    private readonly HashSet<string> _existing = [];
    private int _documents;

    /// <summary>Every order as the Domain's own rules make it of the facts so far.</summary>
    public IReadOnlyDictionary<string, OrderState> Orders => _orders;

    /// <summary>Makes a number of appends, of one to four facts each.</summary>
    public async Task Happen(Shop shop, int appends)
    {
        for (var i = 0; i < appends; i++)
        {
            var (kind, key, facts) = _random.Next(6) switch
            {
                0 => Product($"SKU {_random.Next(20)}"),
                1 => Customer($"cus_{_random.Next(20)}"),
                2 => Stock($"SKU {_random.Next(10)}"),
                3 => Ledger(),
                4 when _random.Next(3) == 0 => CreditNote($"crn_{_random.Next(30)}"),
                _ => Order($"ord_{_random.Next(60)}"),
            };
            if (facts.Length > 0) await shop.Happened(kind, key, facts);
        }
    }

    private DateTimeOffset Time() => Shop.Day1.AddMinutes(_random.Next(5 * 24 * 60)).ToOffset(TimeSpan.FromHours(_random.Next(-5, 6)));

    private string Currency() => _random.Next(3) == 0 ? "EUR" : "GBP";

    private bool IsNew(string entity) => _existing.Add(entity);

    private (string, string, object[]) Product(string sku)
    {
        var price = new Price(Currency(), _random.Next(1000) / 10m, _random.Next(2) == 0 ? null : Time());
        return ("product", sku, IsNew($"product/{sku}")
            ? [new ProductCreated($"Red thing {_random.Next(9)}", ProductKind.Goods, "standard", [price])]
            : _random.Next(4) switch
            {
                0 => [new ProductRevised($"Blue thing {_random.Next(9)}", null)],
                1 => [new ProductWithdrawn(), new ProductReinstated()],
                2 => [new ProductWithdrawn()],
                _ => [new PriceSet(price)],
            });
    }

    private (string, string, object[]) Customer(string id)
    {
        var address = new Address(null, $"{_random.Next(99)} High Street", null, "Leeds", null, null, "GB");
        return ("customer", id, IsNew($"customer/{id}")
            ? [new CustomerRegistered(
                $"Ann {id}", $"{id}@example.com", null, new Dictionary<string, Address> { ["Work"] = address }, Time())]
            : _random.Next(4) switch
            {
                0 => [new ContactChanged(null, $"{id}.{_random.Next(9)}@example.com", null)],
                1 => [new AddressPut(_random.Next(2) == 0 ? "home" : "Billing", address), new AddressRemoved("Work")],
                _ => [new ActivityRecorded((ActivityKind)_random.Next(6), "ord_1", new Money(_random.Next(500), Currency()), Time())],
            });
    }

    private (string, string, object[]) Stock(string sku)
    {
        var holds = _holds.GetValueOrDefault(sku) ?? Holds.None;
        var open = holds.Open.Values.OrderBy(h => h.Id, StringComparer.Ordinal).FirstOrDefault();
        StockFact fact = (_random.Next(7), open) switch
        {
            (0, _) => new StockReceived(_random.Next(1, 50), null, Time()),
            (1, _) => new StockAdjusted(_random.Next(1, 9), "count", $"c{_random.Next(9)}", Time()),
            (2, _) => new BackorderAllowed(_random.Next(2) == 0),
            (3, _) => new StockReturned(_random.Next(1, 5), "ord_1", Time()),
            (4, { } hold) => new HoldVoided(hold.Id, hold.Quantity),
            (5, { } hold) => new HoldPosted(hold.Id, _random.Next(1, (int)hold.Quantity + 1), Time()),
            _ => new StockHeld($"h{++_documents}", _random.Next(1, 9), null),
        };
        _holds[sku] = StockRules.Evolve(StockState.Initial with { Holds = holds }, fact).Holds;
        return ("stock", sku, [fact]);
    }

    private (string, string, object[]) Ledger()
    {
        var (id, amount, at) = ($"doc_{++_documents}", new Money(_random.Next(1, 900), Currency()), Time());
        var (debit, credit) = _random.Next(2) == 0
            ? (OrderAccounts.Receivable, OrderAccounts.Sales)
            : (PaymentAccounts.ProviderClearing, OrderAccounts.Receivable);
        var party = _random.Next(3) == 0 ? null : $"cus_{_random.Next(20)}";
        return ("ledger_entry", id, [new EntryPosted(LedgerEntry.Of(id, at, "Moved", "ord_1", amount, debit, credit, party))]);
    }

    private (string, string, object[]) CreditNote(string id)
    {
        if (!IsNew(id)) return ("credit-note", id, IsNew($"{id}/completed") ? [new CreditNoteCompleted()] : []);
        var line = new CreditedLine(1, "SKU 1", "Red thing", ProductKind.Goods, 2, 10.5m, 21, Restock: true);
        var issued = new CreditNoteIssued(
            _random.Next(2) == 0 ? null : "cus_1", new Money(21, Currency()), [line], "Goodwill", null, Time());
        return ("credit-note", id, _random.Next(2) == 0 || !IsNew($"{id}/completed") ? [issued] : [issued, new CreditNoteCompleted()]);
    }

    private (string, string, object[]) Order(string id)
    {
        var state = _orders.GetValueOrDefault(id) ?? OrderState.Initial;
        var facts = new List<OrderFact>();
        for (var i = _random.Next(1, 4); i > 0 && Next(state) is { } fact; i--)
        {
            facts.Add(fact);
            state = OrderRules.Evolve(state, fact);
        }

        _orders[id] = state;
        return ("order", id, [.. facts]);
    }

    private OrderFact? Next(OrderState state) => state.Status switch
    {
        null => Placed(),
        OrderStatus.Placed => Either(
            new OrderHeld(OrderStatus.Held, "pay_1"), OrderRules.Failed(state, "out_of_stock", "None left").Facts.Single()),
        OrderStatus.Held => Either(
            OrderRules.Confirmed(state, "pay_1").Facts.Single(), new CancellationRequested(OrderStatus.Closing, "Changed their mind")),
        OrderStatus.Confirmed or OrderStatus.PartlyShipped => Shipping(state),
        OrderStatus.Closing when state.PendingShipment is { } pending => Completed(state, pending),
        OrderStatus.Closing => OrderRules.Closed(state, []).Facts.Single(),
        OrderStatus.Shipped => Returning(state),
        _ => null,
    };

    private OrderPlaced Placed()
    {
        OrderLine[] lines = [.. Enumerable.Range(1, _random.Next(1, 4)).Select(n =>
            new OrderLine(n, $"SKU {_random.Next(20)}", "Red thing", ProductKind.Goods, _random.Next(1, 4), 10m, 30, 1))];
        return new OrderPlaced(
            OrderStatus.Placed, _random.Next(3) == 0 ? null : $"cus_{_random.Next(5)}", null, new Money(30 * lines.Length, Currency()),
                lines, null, null, "pm",
            _random.Next(2) == 0 ? null : $"ref_{_random.Next(9)}", Time(), Time());
    }

    private OrderFact Shipping(OrderState state)
    {
        if (state.PendingShipment is { } pending)
            return _random.Next(6) switch
            {
                0 => new ShipmentFailed(state.Status!.Value, pending.Id, "Lost"),
                1 => new CancellationRequested(OrderStatus.Closing, "Too late"),
                _ => Completed(state, pending),
            };
        LineQuantity[] parts = [.. state.Lines.Where(l => l.Open > 0).Take(_random.Next(1, 4)).Select(l => new LineQuantity(l.Line, 1))];
        return new ShipmentRequested(
            state.Status!.Value, new Shipment($"shp_{++_documents}", ShipmentStatus.Requested, parts, 10, null, null, Time()));
    }

    private static OrderFact Completed(OrderState state, Shipment shipment) =>
        OrderRules.Shipped(state, shipment.Id, Shop.Paid).Facts.Single();

    private OrderFact? Returning(OrderState state)
    {
        if (state.PendingReturn is { ReturnedAt: { } returnedAt } pending)
            return new ReturnCompleted(
                OrderStatus.Shipped, pending.Id, state.CustomerId, state.Total with { Minor = pending.Amount ?? 0 },
                RefundedTo.PaymentMethod, returnedAt, 0);
        if (state.Returns.FirstOrDefault(r => r.Status == ReturnStatus.Requested) is { } asked)
            return Either(
                new ReturnReceived(OrderStatus.Shipped, asked.Id, state.Total with { Minor = 7 }, Time()),
                new ReturnRejected(OrderStatus.Shipped, asked.Id, "Worn"));
        if (_random.Next(4) == 0)
            return new RefundNoted(
                OrderStatus.Shipped, "pay_1", $"rfd_{++_documents}", (RefundKind)_random.Next(3), state.CustomerId,
                state.Total with { Minor = 1 }, Time(), null);
        return state.Lines.FirstOrDefault(l => l.Shipped > l.Returned) is { } line
            ? new ReturnRequested(OrderStatus.Shipped, new Return(
                $"ret_{++_documents}", ReturnStatus.Requested, [new LineQuantity(line.Line, 1)], null, "Broken", null, Time()))
            : null;
    }

    private OrderFact Either(OrderFact usual, OrderFact rare) => _random.Next(5) == 0 ? rare : usual;
}
