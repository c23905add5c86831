using System.Globalization;
using Commerce.Kernel;
using Commerce.Orders;

namespace Commerce.ApiGateway;

/// <summary>An order's facts as sentences.</summary>
internal static class OrderTimeline
{
    /// <summary>What happened, for a person.</summary>
    public static string Tell(object fact) => fact switch
    {
        OrderPlaced f => $"Placed by {Who(f)}: {Count(f.Lines.Count, "line")} over {f.Total}.",
        OrderHeld => "All stock is set aside; it waits for its money.",
        OrderWaiting f => $"Waiting: {f.Reason}",
        OrderConfirmed f => f.PaymentId is null
            ? "Confirmed; no payment is needed."
            : $"Confirmed; {f.Total} is authorized with payment {f.PaymentId}.",
        OrderFailed f => $"Could not be confirmed: {f.Reason}",
        CancellationRequested f => $"Cancellation of what has not shipped was asked for: {f.Reason}",
        OrderClosed { Credited: > 0 } f =>
            $"Closed as {EnumWord(f.Status)}: {f.Reason} {f.Total with { Minor = f.Credited }} is the customer's credit.",
        OrderClosed f => $"Closed as {EnumWord(f.Status)}: {f.Reason}",
        ShipmentRequested f => $"Shipment {f.Shipment.Id} of {Units(f.Shipment.Lines)} was asked for.",
        ShipmentPosted f => $"The units of shipment {f.ShipmentId} have left the shelf.",
        ShipmentCompleted f => $"Shipment {f.ShipmentId} is out; {Charged(f)}.",
        ShipmentGivenUp f => $"Shipment {f.ShipmentId} does not go out: {f.Reason}",
        ShipmentFailed f => $"Shipment {f.ShipmentId} was given up: {f.Reason}",
        ReturnRequested f => $"Return {f.Return.Id} of {Units(f.Return.Lines)} was asked for: {f.Return.Reason}",
        ReturnReceived f => $"The units of return {f.ReturnId} are here; they are worth {f.Amount}.",
        ReturnRejected f => $"Return {f.ReturnId} was not taken: {f.Reason}",
        ReturnRestocked f => $"The units of return {f.ReturnId} are back on the shelf.",
        ReturnCompleted f => $"Return {f.ReturnId} is done; {Refunded(f)}.",
        PaymentRequested f => $"What is left to be paid is to be authorized with payment {f.PaymentId}.",
        PaymentReplaced f => $"{f.Amount} is authorized with payment {f.PaymentId}; it takes the place of the one before.",
        RestReleased { Credited.Minor: > 0 } f => $"{f.Credited} was captured and not owed; it is the customer's credit.",
        RestReleased => "Its payments hold nothing for it any more.",
        PaymentFailed f => $"Payment {f.PaymentId} was not authorized: {f.Reason}",
        AuthorizationLost f =>
            $"{f.Amount} of payment {f.PaymentId} is not authorized any more: {f.Reason} Pay again before it ships.",
        CaptureNoted f => $"{f.Amount} was charged by hand{(f.Reason is null ? "." : $": {f.Reason}")}",
        OrderErasureRequested => "Its personal data is to be erased, once it is at rest.",
        OrderErased { Billed: not null } f => $"Its personal data was erased, but for the invoice, which is kept until {Day(f)}.",
        OrderErased => "Its personal data was erased.",
        OrderErasureCompleted => "That of its payments was erased.",
        InvoiceErased => "Its invoice need not be kept any longer: the address was erased.",
        RefundNoted f => $"{f.Amount} {GivenBack(f)}{(f.Reason is null ? "." : $": {f.Reason}")}",
        _ => throw new InvalidOperationException($"An order's timeline has no sentence for {fact.GetType().Name}."),
    };

    private static string Day(OrderErased fact) => fact.KeptUntil?.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture) ?? "";

    private static string Who(OrderPlaced fact) => fact.CustomerId ?? fact.Guest?.Name ?? fact.Guest?.Email ?? "a guest";

    private static string Units(IReadOnlyList<LineQuantity> lines) =>
        $"{Count(lines.Sum(l => l.Quantity), "unit")} on {Count(lines.Count, "line")}";

    private static string Count(long count, string what) => count == 1 ? $"1 {what}" : $"{count} {what}s";

    private static string Charged(ShipmentCompleted fact) => (fact.Captured, Before: fact.Amount.Minor - fact.Captured) switch
    {
        (0, 0) => "there was nothing to charge",
        (0, _) => $"its {fact.Amount} had been charged before",
        (_, 0) => $"{fact.Amount} was charged",
        var (now, before) =>
            $"{fact.Amount with { Minor = now }} was charged, {fact.Amount with { Minor = before }} had been charged before",
    };

    private static string Refunded(ReturnCompleted fact) => (Back: fact.Refunded.Minor - fact.Credited, fact.Credited) switch
    {
        (0, 0) => "there was no money left to give back",
        (_, 0) => $"{fact.Refunded} went back to the payment method",
        (0, _) => $"{fact.Refunded} went to the customer's credit",
        var (back, credited) =>
            $"{fact.Refunded with { Minor = back }} went back to the payment method, "
            + $"{fact.Refunded with { Minor = credited }} to the customer's credit",
    };

    private static string GivenBack(RefundNoted fact) => fact.Kind switch
    {
        RefundKind.Allowance => "of what has shipped was given back",
        RefundKind.Prepayment => "that had been paid ahead was given back",
        _ => "of the customer's credit was paid out",
    };

    private static string EnumWord(OrderStatus status) => EnumWords.Of(status).Replace('_', ' ');
}
