using Commerce.Kernel;

namespace Commerce.Orders;

/// <summary>One thing that an order does by itself. Each is safe to repeat.</summary>
public abstract record OrderStep(string Name) : ProcessStep(Name)
{
    /// <summary>Hold the stock of every line of goods, then have the total authorized.</summary>
    public sealed record Secure() : OrderStep("secure");

    /// <summary>Let a shipment's units leave the shelf, and take its money.</summary>
    public sealed record Ship(Shipment Shipment) : OrderStep($"ship/{Shipment.Id}");

    /// <summary>Put back on the shelf what had left it for a shipment that was given up.</summary>
    public sealed record PutBack(Shipment Shipment) : OrderStep($"put-back/{Shipment.Id}");

    /// <summary>Have what is not captured yet authorized by another payment, and give back what was authorized before.</summary>
    public sealed record Pay(OrderPayment Payment) : OrderStep($"pay/{Payment.Id}");

    /// <summary>Release every hold and what is left of the authorization, then close.</summary>
    public sealed record Release() : OrderStep("release")
    {
        /// <summary>
        /// Each try at a void that the provider refuses is a fact of the payment. At the latest the authorization expires.
        /// </summary>
        public override TimeSpan MaxPause => TimeSpan.FromHours(2);
    }

    /// <summary>Give back what payments hold and is not needed, now that all has shipped.</summary>
    public sealed record ReleaseRest() : OrderStep("release-rest")
    {
        public override TimeSpan MaxPause => TimeSpan.FromHours(2);
    }

    /// <summary>Put a return's units back on the shelf.</summary>
    public sealed record Restock(Return Return) : OrderStep($"restock/{Return.Id}");

    /// <summary>Let go of what is personal.</summary>
    public sealed record Erase() : OrderStep("erase");

    /// <summary>Have the payments let go of it.</summary>
    public sealed record ErasePayments() : OrderStep("erase-payments");

    /// <summary>Give a return's money back.</summary>
    public sealed record Refund(Return Return) : OrderStep($"refund/{Return.Id}");
}

/// <summary>
/// The process from placed to cash: which step comes next, as a pure function of the state (decision 5). A cancellation only changes the
/// state; that is enough to turn the process around. What a step has achieved is recorded with its outcome, or when it has to wait: until
/// then, asking again is cheaper than a record (decision 16).
/// </summary>
public static class OrderToCash
{
    /// <summary>
    /// When holds and the authorization expire, counted from placing. An order that is neither shipped nor cancelled must not keep stock
    /// and money for ever; 30 days is the maximum of card schemes, and both expire together.
    /// </summary>
    public static readonly TimeSpan HeldFor = TimeSpan.FromDays(30);

    /// <summary>How long after placing an order waits for its authorization, through outages of the provider, until it gives up.</summary>
    public static readonly TimeSpan AuthorizedWithin = TimeSpan.FromHours(24);

    /// <summary>The next step; null: nothing to do until the next command.</summary>
    public static OrderStep? Next(OrderState state) => state switch
    {
        // Happy path
        { Status: OrderStatus.Placed or OrderStatus.Held } => new OrderStep.Secure(),
        { PendingShipment: { Status: ShipmentStatus.GivenUp } shipment } => new OrderStep.PutBack(shipment),
        { PendingShipment: { } shipment } => new OrderStep.Ship(shipment),
        { PendingPayment: { } payment } => new OrderStep.Pay(payment),

        // Compensation
        { Status: OrderStatus.Closing } => new OrderStep.Release(),
        { PendingReturn: { Status: ReturnStatus.Received } returned } => new OrderStep.Restock(returned),
        { PendingReturn: { } returned } => new OrderStep.Refund(returned),
        { Status: OrderStatus.Shipped, MayHoldTooMuch: true } => new OrderStep.ReleaseRest(),

        // The end
        _ => OrderErasureRules.Next(state),
    };
}
