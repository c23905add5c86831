using Commerce.Catalogue;
using Commerce.Customers;
using Commerce.Kernel;

namespace Commerce.Orders;

/// <summary>How an order comes about: its checks and its prices.</summary>
public static class OrderPlacing
{
    /// <summary>What is wrong with the command itself, before anybody else is asked; null when nothing is.</summary>
    public static Refusal? Check(string id, PlaceOrder command, Caller caller, DateTimeOffset now)
    {
        if (!Ids.Has("ord", id)) return BadId(id);
        if (Validate.Currency("/currency", command.Currency) is { } currency) return currency;
        if (command is { CustomerId: not null, Guest: not null }) return TwoBuyers;
        if (command.CustomerId is { } customer && !Ids.Has("cus", customer)) return LineRules.UnknownCustomer(customer);
        if (command.Guest is { } guest && BadGuest(guest) is { } contact) return contact;
        if (LineRules.Count(command.Lines) is { } count) return count;
        for (var i = 0; i < command.Lines.Count; i++)
            if (BadLine(i, command.Lines[i], caller) is { } line) return line;
        if (command.ShippingAddress is { } to && AddressRules.Check("/shippingAddress", to) is { } shipping) return shipping;
        if (command.BillingAddress is { } payer && AddressRules.Check("/billingAddress", payer) is { } billing) return billing;
        if (Validate.Optional("/paymentMethod", command.PaymentMethod, 200) is { } method) return method;
        if (Refusals.Future("/orderedAt", command.OrderedAt, now) is { } future) return future;
        if (LineRules.Backdated("/orderedAt", command.OrderedAt, caller, now) is { } past) return past;
        return Validate.Optional("/reference", command.Reference, LineRules.MaxReference);
    }

    /// <summary>Places it, at the prices of the moment it was ordered or at negotiated ones.</summary>
    /// <param name="id">The order.</param>
    /// <param name="state">Its state: there must be none.</param>
    /// <param name="command">Already <see cref="Check">checked</see>.</param>
    /// <param name="products">What the catalogue says about each SKU; null: it has none.</param>
    /// <param name="customerKnown">False when the command's customer is not registered.</param>
    /// <param name="now">The time of recording.</param>
    public static Decision<OrderFact> Place(
        string id, OrderState state, PlaceOrder command, IReadOnlyDictionary<string, ProductView?> products, bool customerKnown,
        DateTimeOffset now)
    {
        if (!OrderStateMachine.Allows(state.Status, OrderMove.Place)) return Refusals.Exists("order", id);
        if (!customerKnown) return LineRules.UnknownCustomer(command.CustomerId!);
        var orderedAt = (command.OrderedAt ?? now).ToUniversalTime();
        var priced = new (ProductView Product, long Quantity, decimal UnitPrice)[command.Lines.Count];
        for (var i = 0; i < priced.Length; i++)
        {
            var line = command.Lines[i];
            var (product, unknown) = LineRules.Known(products, i, line.Sku);
            if (unknown is not null) return unknown;
            if (product.Status == ProductStatus.Withdrawn) return Withdrawn(i, product);
            if ((line.UnitPrice ?? product.PriceAt(command.Currency, orderedAt)) is not { } price)
                return NoPrice(i, line.Sku, command.Currency, orderedAt);
            priced[i] = (product, line.Quantity, price);
        }

        var (total, tooLarge) = LineRules.Sum(priced.Select(p => (p.UnitPrice, p.Quantity)));
        if (tooLarge is not null) return tooLarge;
        if (total > 0 && command.PaymentMethod is null) return PaymentMethodRequired(total, command.Currency);
        OrderLine[] lines =
        [
            .. priced.Select((p, i) => new OrderLine(
                i + 1, p.Product.Sku, p.Product.Name, p.Product.Kind, p.Quantity, p.UnitPrice,
                Money.LineTotal(p.UnitPrice, p.Quantity)!.Value)),
        ];
        return new OrderPlaced(
            command.CustomerId, command.Guest, new Money(total, command.Currency), lines, command.ShippingAddress, command.BillingAddress,
            command.PaymentMethod, command.Reference, orderedAt, now);
    }

    private static readonly Refusal TwoBuyers = Refusals.Invalid(
        "invalid_guest", "/guest", "There are both a customer and a guest.", "Give customerId or guest, not both.");

    private static Refusal? BadLine(int i, PlaceLine? line, Caller caller)
    {
        if (line is null) return LineRules.Missing(i);
        if (LineRules.Line(i, line.Sku, line.Quantity, line.UnitPrice) is { } bad) return bad;
        if (line.UnitPrice is null || caller.May("orders:negotiate")) return null;
        return new Refusal(
            "may_not_negotiate", RefusalKind.Forbidden, $"'{caller.Name}' may not set a price, and line {i + 1} has {line.UnitPrice}.",
            "Leave unitPrice out to order at the catalogue's price, or use a key with the permission orders:negotiate.",
            $"/lines/{i}/unitPrice");
    }

    private static Refusal? BadGuest(GuestContact guest) =>
        Validate.Optional("/guest/name", guest.Name, 200)
        ?? Validate.Optional("/guest/email", guest.Email, 254)
        ?? (guest.Email?.IndexOf('@') is { } at && (at < 1 || at == guest.Email.Length - 1)
            ? Refusals.Invalid(
                "invalid_email", "/guest/email", $"'{guest.Email}' is not an e-mail address.", "Give one such as name@example.com.")
            : null);

    private static Refusal BadId(string id) => Refusals.Invalid(
        "invalid_id", "/id", $"'{id}' cannot be an order's id.", "Give ord_ and 1 to 60 letters, digits, dots, dashes or underscores.");

    private static Refusal Withdrawn(int i, ProductView product) => Refusals.Invalid(
        "product_withdrawn", $"/lines/{i}/sku", $"'{product.Sku}' ({product.Name}) is off sale.",
        "Leave the line out, or reinstate the product.");

    private static Refusal NoPrice(int i, string sku, string currency, DateTimeOffset at) => Refusals.Invalid(
        "no_price", $"/lines/{i}/unitPrice", $"'{sku}' has no price in {currency} at {at:O}.",
        "Set one in the catalogue, or give a negotiated unitPrice.");

    private static Refusal PaymentMethodRequired(long total, string currency) => Refusals.Invalid(
        "payment_method_required", "/paymentMethod", $"{new Money(total, currency)} are to be paid, and no payment method is given.",
        "Give the payment provider's token of one.");
}
