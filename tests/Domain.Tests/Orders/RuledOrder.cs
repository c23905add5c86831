using Commerce.Catalogue;
using Commerce.Kernel;
using Commerce.Orders;

namespace Commerce.Domain.Tests.Orders;

/// <summary>
/// An order that only its rules move, without a host: commands are decided, facts are written and read again as the journal would, and
/// the steps of its process are given an outcome.
/// </summary>
internal sealed class RuledOrder
{
    public const string Id = "ord_1";

    public static readonly Caller Shop = new("shop", ["orders:negotiate", "orders:import", "orders:credit"]);

    public OrderState State { get; private set; } = OrderState.Initial;

    /// <summary>The state before the last decision.</summary>
    public OrderState Before { get; private set; } = OrderState.Initial;

    public List<OrderFact> Facts { get; } = [];

    public OrderStep? Next => OrderToCash.Next(State);

    /// <summary>The catalogue of these tests: SKU <c>SVC</c> is a service, every other one goods at 250.</summary>
    public static ProductView Product(string sku) => new(
        sku, $"Name of {sku}", sku == "SVC" ? ProductKind.Service : ProductKind.Goods, "standard", ProductStatus.Active,
        [new Price("GBP", 250)], 1);

    public static PlaceOrder Command(params PlaceLine[] lines) => new(null, null, "GBP", lines, PaymentMethod: "pm_1");

    public static Decision<OrderFact> Decide(PlaceOrder command, OrderState? state = null, Func<string, ProductView?>? product = null) =>
        OrderRules.Place(
            Id, state ?? OrderState.Initial, command,
            command.Lines.Select(l => l.Sku).Distinct().ToDictionary(sku => sku, product ?? Product), true, Given.Now);

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
        Do(OrderRules.Ship(Id, State, new ShipOrder(id, lines), Given.Now)).Single();
        return this;
    }

    public RuledOrder Return(string id, params LineQuantity[] lines)
    {
        Do(OrderRules.Return(Id, State, new ReturnItems(id, lines, "unwanted"), Given.Now)).Single();
        return this;
    }

    public RuledOrder Cancel()
    {
        Do(OrderRules.Cancel(Id, State, new CancelOrder("changed my mind"))).Single();
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
        OrderStep.Ship { Shipment.Id: var id } => works
            ? OrderRules.Shipped(State, id)
            : OrderRules.ShipmentFailed(State, id, "no"),
        OrderStep.Release => OrderRules.Closed(State, State.PaymentId),
        OrderStep.Restock s => OrderRules.Restocked(State, s.Return.Id),
        OrderStep.Refund s => OrderRules.Refunded(
            State, s.Return.Id,
            s.Return.Amount == 0 ? RefundedTo.Nowhere : works ? RefundedTo.PaymentMethod : RefundedTo.CustomerCredit,
            works ? 0 : s.Return.Amount),
        _ => throw new InvalidOperationException($"These tests do not know the step {step.Name}."),
    };
}
