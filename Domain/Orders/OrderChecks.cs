using Commerce.Catalogue;
using Commerce.Customers;
using Commerce.Kernel;

namespace Commerce.Orders;

/// <summary>What is wrong with the values of a command, in any state of the order, and the refusals of an order.</summary>
public static class OrderChecks
{
    private const int MaxIdLength = 64;

    /// <summary>The first thing wrong with an order that is to be placed, before another entity is called; null when nothing is.</summary>
    public static Refusal? Place(string id, PlaceOrder command, Caller caller, DateTimeOffset now)
    {
        if (!Ids.Has("ord", id)) return BadId(id);
        if (Validate.Currency("/currency", command.Currency) is { } currency) return currency;
        if (command is { CustomerId: not null, Guest: not null }) return TwoBuyers;
        if (command.CustomerId is { } customer && !Ids.Has("cus", customer)) return LineRules.UnknownCustomer(customer);
        if (command.Guest is { } guest && BadGuest(guest) is { } contact) return contact;
        if (LineRules.Count(command.Lines) is { } count) return count;
        for (var i = 0; i < command.Lines.Count; i++)
            if (BadLine(i, command.Lines[i], caller) is { } line) return line;
        if (command.ShippingAddress is { } to && Address.Fault("/shippingAddress", to) is { } shipping) return shipping;
        if (command.BillingAddress is { } payer && Address.Fault("/billingAddress", payer) is { } billing) return billing;
        if (Validate.Optional("/paymentMethod", command.PaymentMethod, 200) is { } method) return method;
        if (Refusals.Future("/orderedAt", command.OrderedAt, now) is { } future) return future;
        if (LineRules.Backdated("/orderedAt", command.OrderedAt, caller, now) is { } past) return past;
        return Validate.Optional("/reference", command.Reference, LineRules.MaxReference);
    }

    /// <summary>The first thing wrong with a shipment; null when nothing is.</summary>
    public static Refusal? Ship(OrderState state, ShipOrder command, DateTimeOffset now) =>
        BadPartId("/shipmentId", command.ShipmentId, state)
        ?? Validate.Optional("/carrier", command.Carrier, 100)
        ?? Validate.Optional("/trackingNumber", command.TrackingNumber, 100)
        ?? Refusals.Future("/shippedAt", command.ShippedAt, now)
        ?? Refusals.Before("/shippedAt", command.ShippedAt, "the order was made", state.OrderedAt);

    /// <summary>The first thing wrong with another payment; null when nothing is.</summary>
    public static Refusal? Pay(OrderState state, PayOrder command)
    {
        if (!Ids.Has("pay", command.PaymentId)) return BadPaymentId(command.PaymentId);
        if (Validate.Text("/paymentMethod", command.PaymentMethod, 200) is { } method) return method;
        return state.Sold < state.Total.Minor ? null : NothingToPay;
    }

    /// <summary>The refusal of a return that came before any of its lines had shipped; null when it did not.</summary>
    public static Refusal? ReturnedTooSoon(OrderState state, DateTimeOffset? returnedAt, IReadOnlyList<LineQuantity> parts)
    {
        var lines = parts.Select(p => p.Line).ToHashSet();
        var shipped = state.Shipments.Where(s => s.Status == ShipmentStatus.Completed && s.Lines.Any(l => lines.Contains(l.Line)));
        return Refusals.Before("/returnedAt", returnedAt, "any of it had shipped", shipped.Min(s => s.ShippedAt));
    }

    /// <summary>The first thing wrong with a return; null when nothing is.</summary>
    public static Refusal? Return(OrderState state, ReturnItems command, DateTimeOffset now) =>
        BadPartId("/returnId", command.ReturnId, state)
        ?? Validate.Text("/reason", command.Reason, LineRules.MaxReason)
        ?? Validate.Optional("/reference", command.Reference, LineRules.MaxReference)
        ?? (command is { Received: false, ReturnedAt: not null } ? NotReceived : null)
        ?? Refusals.Future("/returnedAt", command.ReturnedAt, now);

    private static readonly Refusal NotReceived = Refusals.Invalid(
        "invalid_time", "/returnedAt", "The units are not received, so they did not come back at any time.",
        "Leave returnedAt out; the receipt has it.");

    private static readonly Refusal TwoBuyers = Refusals.Invalid(
        "invalid_guest", "/guest", "There are both a customer and a guest.", "Give customerId or guest, not both.");

    private static readonly Refusal NobodyAsGuest = Refusals.Invalid(
        "invalid_guest", "/guest", "The guest has neither a name nor an e-mail address.", "Give one of them, or leave guest out.");

    private static Refusal? BadLine(int i, PlaceLine? line, Caller caller)
    {
        if (line is null) return LineRules.Missing(i);
        if (LineRules.Line(i, line.Sku, line.Quantity, line.UnitPrice) is { } bad) return bad;
        return line.UnitPrice is null ? null : OrderScopes.Negotiate.Check(
            caller, $"may not set a price, and line {i + 1} has {line.UnitPrice}",
            "Leave unitPrice out to order at the catalogue's price", $"/lines/{i}/unitPrice");
    }

    private static Refusal? BadGuest(GuestContact guest) =>
        (guest is { Name: null, Email: null } ? NobodyAsGuest : null)
        ?? Validate.Optional("/guest/name", guest.Name, 200)
        ?? (guest.Email is null ? null : EmailAddresses.Fault("/guest/email", guest.Email));

    private static Refusal BadId(string id) => Refusals.Invalid(
        "invalid_id", "/id", $"'{id}' cannot be an order's id.", "Give ord_ and 1 to 60 letters, digits, dots, dashes or underscores.");

    private static Refusal BadPaymentId(string? id) => Refusals.Invalid(
        "invalid_id", "/id", $"'{id}' cannot be a payment's id.", "Give pay_ and 1 to 60 letters, digits, dots, dashes or underscores.");

    private static readonly Refusal NothingToPay = new(
        "nothing_to_pay", RefusalKind.Conflict, "Nothing of this order is left to be paid.", "Get the order: amountDue says what is.");

    public static Refusal PaymentPending(string id) => new(
        "payment_pending", RefusalKind.Conflict, $"The payment '{id}' is still being authorized.", "Ask again when that is done.");

    public static Refusal PaymentRequired(string id, OrderState state, long missing) => new(
        "payment_required", RefusalKind.Conflict,
        $"{state.Total with { Minor = missing }} of this shipment is neither captured nor authorized: what paid for it is gone.",
        $"Pay again with POST /orders/{id}/payments, then ship.", "/lines",
        new RefusalValues(AmountDue: state.AmountDue));

    public static Refusal Withdrawn(int i, ProductView product) => Refusals.Invalid(
        "product_withdrawn", $"/lines/{i}/sku", $"'{product.Sku}' ({product.Name}) is off sale.",
        "Leave the line out, or reinstate the product.");

    public static Refusal NoPrice(int i, string sku, string currency, DateTimeOffset at) => Refusals.Invalid(
        "no_price", $"/lines/{i}/unitPrice", $"'{sku}' has no price in {currency} at {at.Text()}.",
        "Set one in the catalogue, or give a negotiated unitPrice.");

    public static Refusal PaymentMethodRequired(long total, string currency) => Refusals.Invalid(
        "payment_method_required", "/paymentMethod", $"{new Money(total, currency)} are to be paid, and no payment method is given.",
        "Give the payment provider's token of one.");

    // The id also names the movement of money, so a shipment and a return must not share one.
    private static Refusal? BadPartId(string field, string? id, OrderState state)
    {
        if (id is not { Length: >= 1 and <= MaxIdLength } || !id.All(c => char.IsAsciiLetterOrDigit(c) || c is '.' or '_' or '-'))
            return Refusals.Invalid(
                "invalid_id", field, $"'{id}' cannot be an id.", $"Give 1 to {MaxIdLength} letters, digits, dots, dashes or underscores.");
        if (id is RefundRules.NotShipped or RefundRules.Overpaid || id.StartsWith("cap_", StringComparison.Ordinal)
            || id.StartsWith("rfd_", StringComparison.Ordinal))
            return Refusals.Invalid(
                "invalid_id", field, $"'{id}' names a movement of money by hand, or one of the order itself.", "Choose another id.");
        return state.Shipments.Any(s => s.Id == id) || state.Returns.Any(r => r.Id == id)
            ? Refusals.Invalid("invalid_id", field, $"'{id}' names another part of this order.", "Choose an id that is not used yet.")
            : null;
    }

    public static Refusal Unknown(string id) => Refusals.Unknown("order", id, Refusals.CheckTheId);

    public static Refusal TooMuch(string code, string field, string wrong) =>
        new(code, RefusalKind.Conflict, $"{wrong}.", "Get the order and ask for no more than its lines have left.", field);

    public static Refusal NotAllowed(string id, OrderState state, OrderMove move) => Refusals.MoveNotAllowed(
        "order", id, EnumWords.Of(move), EnumWords.Of(state.Status),
        [.. OrderRules.AllowedMoves(state).Select(EnumWords.Of)]);
}
