using Commerce.Catalogue;
using Commerce.Kernel;
using Commerce.Orders;
using Commerce.Payments;
using Xunit;

namespace Commerce.Domain.Tests.Orders;

/// <summary>
/// An order that only its rules move, without a host: commands are decided, facts are written and read again as the journal would, and
/// the steps of its process are given an outcome.
/// </summary>
internal sealed class RuledOrder
{
    public const string Id = "ord_1";

    public static readonly Caller Shop = new(
        "shop", ["orders:negotiate", "orders:import", "orders:return-receive", "pricing:write"], Reach.Everything);

    public OrderState State { get; private set; } = OrderState.Initial;

    /// <summary>The state before the last decision.</summary>
    public OrderState Before { get; private set; } = OrderState.Initial;

    public List<OrderFact> Facts { get; } = [];

    /// <summary>Its payments, as its steps and <see cref="Move"/> move them; the last one counts.</summary>
    public List<PaymentView> Payments { get; } = [Authorized("pay_1", 510)];

    /// <summary>What is captured, and not given back.</summary>
    public long Kept => Payments.Sum(p => p.Captured - p.Refunded);

    public OrderStep? Next => OrderToCash.Next(State);

    /// <summary>The catalogue of these tests: SKU <c>SVC</c> is a service, every other one goods at 250.</summary>
    public static ProductView Product(string sku) => new(
        sku, $"Name of {sku}", sku == "SVC" ? ProductKind.Service : ProductKind.Goods, "standard", ProductStatus.Active,
        [new Price("GBP", 250)], 1);

    public static PlaceOrder Command(params PlaceLine[] lines) => new(null, null, "GBP", lines, PaymentMethod: "pm_1");

    public static Decision<OrderFact> Decide(PlaceOrder command, OrderState? state = null, Func<string, ProductView?>? product = null) =>
        OrderRules.Place(
            Id, state ?? OrderState.Initial, command,
            command.Lines.Select(l => l.Sku).Distinct().ToDictionary(sku => sku, product ?? Product), null, Given.Now);

    /// <summary>An order of 3 units at 3.33 (total 10) and 2 at 250 (total 500).</summary>
    public static RuledOrder Placed(params PlaceLine[] lines)
    {
        var order = new RuledOrder();
        order.Do(Decide(Command(lines.Length > 0 ? lines : [new("A", 3, 3.33m), new("B", 2)])));
        return order;
    }

    public static RuledOrder Confirmed(params PlaceLine[] lines) => Placed(lines).Run();

    /// <summary>The first line shipped, the second not.</summary>
    public static RuledOrder PartlyShipped() => Confirmed().Ship("shp_1", new LineQuantity(1, 3)).Run();

    public static RuledOrder Shipped(params PlaceLine[] lines) => Confirmed(lines).Ship("shp_1").Run();

    public Decision<OrderFact> Do(Decision<OrderFact> decision)
    {
        Before = State;
        foreach (var fact in decision.Facts)
        {
            var kept = (OrderFact)OrdersCapability.Facts.Decode(OrdersCapability.Facts.Encode(fact));
            State = OrderRules.Evolve(State, kept);
            Facts.Add(kept);
        }

        return decision;
    }

    public RuledOrder Ship(string id, params LineQuantity[] lines)
    {
        Do(OrderRules.Ship(Id, State, new ShipOrder(id, lines.Length > 0 ? lines : null), Given.Now)).Single();
        return this;
    }

    /// <summary>Asks for a return.</summary>
    public RuledOrder Ask(string id, params LineQuantity[] lines)
    {
        Do(ReturnRules.Request(Id, State, new ReturnItems(id, lines.Length > 0 ? lines : null, "unwanted"), Shop, Given.Now)).Single();
        return this;
    }

    public RuledOrder Receive(string id)
    {
        Do(ReturnRules.Receive(Id, State, new ReceiveReturn(id), Given.Now)).Single();
        return this;
    }

    public RuledOrder Reject(string id)
    {
        Do(ReturnRules.Reject(Id, State, new RejectReturn(id, "worn"))).Single();
        return this;
    }

    /// <summary>Asks for a return of units that are here.</summary>
    public RuledOrder Return(string id, params LineQuantity[] lines)
    {
        var command = new ReturnItems(id, lines.Length > 0 ? lines : null, "unwanted", Received: true);
        Assert.Equal(2, Do(ReturnRules.Request(Id, State, command, Shop, Given.Now)).Facts.Count);
        return this;
    }

    public RuledOrder Cancel()
    {
        Do(OrderRules.Cancel(Id, State, new CancelOrder("changed my mind"))).Single();
        return this;
    }

    /// <summary>Money is captured or refunded at its last payment.</summary>
    public RuledOrder Move(PaymentOperation kind, string id, long amount)
    {
        var (captured, refunded) = kind == PaymentOperation.Capture ? (amount, 0L) : (0L, amount);
        Payments[^1] = Payments[^1] with
        {
            Captured = Payments[^1].Captured + captured, Refunded = Payments[^1].Refunded + refunded,
            Authorized = Payments[^1].Authorized - captured,
            Movements = [.. Payments[^1].Movements, new(id, kind, amount, PaymentOperationStatus.Succeeded, Given.Now, "by hand")],
        };
        return this;
    }

    /// <summary>What its last payment has authorized and not captured is given back.</summary>
    public RuledOrder Void()
    {
        Payments[^1] = Payments[^1] with { Authorized = 0, Reason = "the hold lapsed" };
        return this;
    }

    public RuledOrder Pay(string id)
    {
        Do(OrderPaymentRules.Pay(Id, State, new PayOrder(id, "pm_2"))).Single();
        return this;
    }

    /// <summary>It learns of what was done to its payments by hand.</summary>
    public RuledOrder Note()
    {
        Do(OrderPaymentRules.Note(State, Payments, Given.Now));
        return this;
    }

    /// <summary>Takes the next step, with the outcome hoped for or the other one.</summary>
    public RuledOrder Step(bool works = true)
    {
        Do(Outcome(Next ?? throw new InvalidOperationException($"An order that is {State.Status} has no next step."), works));
        return this;
    }

    /// <summary>Takes the next step, and has to wait for the payment provider.</summary>
    public RuledOrder Wait()
    {
        Do(Next is OrderStep.Ship { Shipment.Id: var id }
            ? OrderRules.AwaitingCapture(State, id, "the provider is away")
            : OrderRules.AwaitingPayment(State, "pay_1", "the provider is away"));
        return this;
    }

    /// <summary>Takes all steps that follow by themselves, with the outcomes hoped for.</summary>
    public RuledOrder Run()
    {
        while (Next is not null) Step();
        return this;
    }

    private Decision<OrderFact> Outcome(OrderStep step, bool works) => step switch
    {
        OrderStep.Secure when works => OrderRules.Confirmed(State, State.Total.Minor == 0 ? null : "pay_1"),
        OrderStep.Secure => State.Status == OrderStatus.Held
            ? OrderRules.NotPaid(State, "pay_1", "payment_declined", "The payment was declined: no.")
            : OrderRules.Failed(State, "out_of_stock", "Line 1 (A): 3 wanted."),
        OrderStep.Ship s => works && s.Shipment.Amount + State.Due - Payments.Sum(p => p.Captured) <= Payments[^1].Authorized
            ? OrderRules.Shipped(State, s.Shipment.Id, Capture(s.Shipment))
            : OrderRules.GivenUp(State, s.Shipment.Id, s.Shipment.Lines, "no"),
        OrderStep.PutBack s => OrderRules.PutBack(State, s.Shipment.Id),
        OrderStep.Pay s => works ? Replace(s.Payment.Id) : OrderPaymentRules.Failed(State, s.Payment.Id, "payment_declined", "no"),
        OrderStep.ReleaseRest when works && RefundRules.Unearned(State, Payments) is > 0 and var unearned =>
            OrderPaymentRules.Note(Refund(RefundRules.Overpaid, unearned).State, Payments, Given.Now),
        OrderStep.ReleaseRest => OrderPaymentRules.NothingLeft(State, Payments),
        OrderStep.Release when State.PaymentId is null => OrderRules.Closed(State, []),
        OrderStep.Release when works && RefundRules.Unearned(State, Payments) is > 0 and var unearned =>
            OrderPaymentRules.Note(Refund(RefundRules.NotShipped, unearned).State, Payments, Given.Now),
        OrderStep.Release => OrderRules.Closed(State, Payments),
        OrderStep.Restock s => ReturnRules.Restocked(State, s.Return.Id),
        OrderStep.Refund { Return: var back } when works => ReturnRules.Refunded(
            Refund(back.Id, RefundRules.Due(State, back)).State, back.Id, RefundRules.Moved(Payments, PaymentOperation.Refund, back.Id)),
        OrderStep.Refund { Return: var back } => ReturnRules.Refunded(State, back.Id, 0, refused: true),
        _ => throw new InvalidOperationException($"These tests do not know the step {step.Name}."),
    };

    private IReadOnlyList<PaymentView> Capture(Shipment shipment)
    {
        var missing = State.Due + shipment.Amount - Payments.Sum(p => p.Captured);
        return (missing > 0 ? Move(PaymentOperation.Capture, shipment.Id, missing) : this).Payments;
    }

    private Decision<OrderFact> Replace(string id)
    {
        var left = State.Total.Minor + State.Given(RefundKind.Prepayment) - Payments.Sum(p => p.Captured);
        if (left <= 0) return OrderPaymentRules.Failed(State, id, "nothing_to_pay", "no");
        var before = Void().Payments.ToList();
        Payments.Add(Authorized(id, left));
        return OrderPaymentRules.Replaced(State, Payments[^1], before, Given.Now);
    }

    private RuledOrder Refund(string id, long amount)
    {
        for (var i = Payments.Count - 1; i >= 0 && amount > 0; i--)
        {
            var part = Math.Min(amount, Payments[i].Captured - Payments[i].Refunded);
            if (part == 0) continue;
            amount -= part;
            Payments[i] = Payments[i] with
            {
                Refunded = Payments[i].Refunded + part,
                Movements =
                [
                    .. Payments[i].Movements,
                    new(id, PaymentOperation.Refund, part, PaymentOperationStatus.Succeeded, Given.Now, null),
                ],
            };
        }

        return this;
    }

    private static PaymentView Authorized(string id, long amount) =>
        new(id, Id, "sandbox", PaymentStatus.Authorized, true, null, null, "GBP", amount, amount, 0, 0, [], 1);
}
