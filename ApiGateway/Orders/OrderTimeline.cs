using Commerce.Kernel;
using Commerce.Orders;

namespace Commerce.ApiGateway;

/// <summary>An order's facts as sentences.</summary>
internal static class OrderTimeline
{
    /// <summary>What happened, for a person.</summary>
    public static string Tell(object fact) => fact switch
    {
        OrderPlaced f => $"Placed by {Who(f)}: {Count(f.Lines.Count, "line")} over {Amounts.Show(f.Total)}.",
        OrderHeld => "All stock is set aside; it waits for its money.",
        OrderWaiting f => $"Waiting: {f.Reason}",
        OrderConfirmed f => f.PaymentId is null
            ? "Confirmed; no payment is needed."
            : $"Confirmed; {Amounts.Show(f.Total)} is authorized with payment {f.PaymentId}.",
        OrderFailed f => $"Could not be confirmed: {f.Reason}",
        CancellationRequested f => $"Cancellation of what has not shipped was asked for: {f.Reason}",
        OrderClosed { Credited: > 0 } f =>
            $"Closed as {EnumWord(f.Status)}: {f.Reason} {Amounts.Show(f.Total with { Minor = f.Credited })} is the customer's credit.",
        OrderClosed f => $"Closed as {EnumWord(f.Status)}: {f.Reason}",
        ShipmentRequested f => $"Shipment {f.Shipment.Id} of {Units(f.Shipment.Lines)} was asked for.",
        ShipmentPosted f => $"The units of shipment {f.ShipmentId} have left the shelf.",
        ShipmentCompleted f => $"Shipment {f.ShipmentId} is out; {Amounts.Show(f.Amount)} was charged.",
        ShipmentFailed f => $"Shipment {f.ShipmentId} was given up: {f.Reason}",
        ReturnRequested f => $"Return {f.Return.Id} of {Units(f.Return.Lines)} was taken in: {f.Return.Reason}",
        ReturnRestocked f => $"The units of return {f.ReturnId} are back on the shelf.",
        ReturnCompleted f => $"Return {f.ReturnId} is done; {Refunded(f)}.",
        _ => throw new InvalidOperationException($"An order's timeline has no sentence for {fact.GetType().Name}."),
    };

    private static string Who(OrderPlaced fact) => fact.CustomerId ?? fact.Guest?.Name ?? fact.Guest?.Email ?? "a guest";

    private static string Units(IReadOnlyList<LineQuantity> lines) =>
        $"{Count(lines.Sum(l => l.Quantity), "unit")} on {Count(lines.Count, "line")}";

    private static string Count(long count, string what) => count == 1 ? $"1 {what}" : $"{count} {what}s";

    private static string Refunded(ReturnCompleted fact) => fact.RefundedTo switch
    {
        RefundedTo.PaymentMethod => $"{Amounts.Show(fact.Amount)} went back to the payment method",
        RefundedTo.CustomerCredit => $"{Amounts.Show(fact.Amount)} went to the customer's credit",
        _ => "there was no money to give back",
    };

    private static string EnumWord(OrderStatus status) => EnumWords.Of(status).Replace('_', ' ');
}
