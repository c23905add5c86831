using Commerce.Catalogue;
using Commerce.Customers;
using Commerce.Kernel;
using Commerce.Orders;
using Xunit;

namespace Commerce.Domain.Tests.Orders;

public sealed class OrderPlacingTests
{
    private static readonly PlaceOrder Good = RuledOrder.Command(new("A", 1), new("B", 2, 1.5m), new("SVC", 1)) with
    {
        ShippingAddress = new Address(null, "1 High Street", null, "York", null, null, "GB"),
    };

    public static TheoryData<string, string, PlaceOrder> Bad => new()
    {
        { "invalid_currency", "/currency", Good with { Currency = "gbp" } },
        { "invalid_currency", "/currency", Good with { Currency = null! } },
        { "no_lines", "/lines", Good with { Lines = [] } },
        { "no_lines", "/lines", Good with { Lines = null! } },
        { "too_many_lines", "/lines", Good with { Lines = [.. Enumerable.Repeat(new PlaceLine("A", 1), 2001)] } },
        { "invalid_line", "/lines/1", Good with { Lines = [new("A", 1), null!] } },
        { "unknown_sku", "/lines/0/sku", Good with { Lines = [new(null!, 1)] } },
        { "unknown_sku", "/lines/0/sku", Good with { Lines = [new("a/b", 1)] } },
        { "invalid_quantity", "/lines/1/quantity", Good with { Lines = [new("A", 1), new("B", 0)] } },
        { "invalid_quantity", "/lines/0/quantity", Good with { Lines = [new("A", -1)] } },
        { "invalid_quantity", "/lines/0/quantity", Good with { Lines = [new("A", 1_000_001)] } },
        { "invalid_quantity", "/lines/0/quantity", Good with { Lines = [new("A", long.MinValue)] } },
        { "invalid_price", "/lines/0/unitPrice", Good with { Lines = [new("A", 1, -0.01m)] } },
        { "invalid_price", "/lines/0/unitPrice", Good with { Lines = [new("A", 1, 0.0000001m)] } },
        { "invalid_price", "/lines/0/unitPrice", Good with { Lines = [new("A", 1, decimal.MaxValue)] } },
        { "invalid_guest", "/guest", Good with { CustomerId = "cus_1", Guest = new("Jo", null) } },
        { "unknown_customer", "/customerId", Good with { CustomerId = "../1" } },
        { "invalid_email", "/guest/email", Good with { Guest = new("Jo", "nowhere") } },
        { "invalid_name", "/guest/name", Good with { Guest = new(new string('x', 201), null) } },
        { "invalid_city", "/shippingAddress/city", Good with { ShippingAddress = Good.ShippingAddress! with { City = null! } } },
        { "invalid_country", "/billingAddress/country", Good with { BillingAddress = Good.ShippingAddress! with { Country = "gb" } } },
        { "invalid_payment_method", "/paymentMethod", Good with { PaymentMethod = " " } },
        { "invalid_time", "/orderedAt", Good with { OrderedAt = Given.Now.AddDays(1) } },
        { "invalid_reference", "/reference", Good with { Reference = new string('x', 101) } },
    };

    [Theory]
    [MemberData(nameof(Bad))]
    public void A_command_that_cannot_be_an_order_is_refused_naming_the_field(string code, string field, PlaceOrder command)
    {
        var refusal = OrderChecks.Place(RuledOrder.Id, command, RuledOrder.Shop, Given.Now);

        Assert.Equal((code, field), (refusal!.Code, refusal.Field));
        Assert.Equal(RefusalKind.Invalid, refusal.Kind);
        Assert.NotEmpty(refusal.Remedy);
    }

    [Fact]
    public void A_good_command_passes_with_customer_with_guest_and_with_neither()
    {
        Assert.Null(OrderChecks.Place(RuledOrder.Id, Good, RuledOrder.Shop, Given.Now));
        Assert.Null(OrderChecks.Place(RuledOrder.Id, Good with { CustomerId = "cus_1" }, RuledOrder.Shop, Given.Now));
        Assert.Null(OrderChecks.Place(RuledOrder.Id, Good with { Guest = new("Jo", "jo@example.com") }, RuledOrder.Shop, Given.Now));
    }

    [Fact]
    public void Only_who_may_negotiate_sets_a_price()
    {
        var anyone = new Caller("till", [], Reach.Everything);

        var refusal = OrderChecks.Place(RuledOrder.Id, Good, anyone, Given.Now);

        Assert.Equal(("may_not_negotiate", "/lines/1/unitPrice", RefusalKind.Forbidden), (refusal!.Code, refusal.Field, refusal.Kind));
        Assert.Null(OrderChecks.Place(RuledOrder.Id, Good with { Lines = [new("A", 1)] }, anyone, Given.Now));
    }

    [Fact]
    public void Only_who_may_import_dates_an_order_back()
    {
        var till = new Caller("till", ["orders:negotiate"], Reach.Everything);
        var late = Good with { OrderedAt = Given.Now.AddMinutes(-6) };

        var refusal = OrderChecks.Place(RuledOrder.Id, late, till, Given.Now);

        Assert.Equal(("may_not_import", "/orderedAt", RefusalKind.Forbidden), (refusal!.Code, refusal.Field, refusal.Kind));
        Assert.Null(OrderChecks.Place(RuledOrder.Id, Good with { OrderedAt = Given.Now.AddMinutes(-4) }, till, Given.Now));
        Assert.Null(OrderChecks.Place(RuledOrder.Id, late, RuledOrder.Shop, Given.Now));
    }

    [Fact]
    public void Lines_have_catalogue_or_negotiated_prices_rounded_once_half_to_even()
    {
        var placed = (OrderPlaced)RuledOrder.Decide(RuledOrder.Command(new("A", 2), new("A", 5, 0.5m), new("SVC", 3, 0.5m))).Single();

        Assert.Equal([500, 2, 2], placed.Lines.Select(l => l.Total));
        Assert.Equal(new Money(504, "GBP"), placed.Total);
        Assert.Equal([1, 2, 3], placed.Lines.Select(l => l.Line));
        Assert.Equal(ProductKind.Service, placed.Lines[2].Kind);
        Assert.Equal("Name of A", placed.Lines[0].Name);
    }

    [Fact]
    public void The_price_is_the_one_in_force_when_it_was_ordered()
    {
        var product = RuledOrder.Product("A") with
        {
            Prices = [new("GBP", 100), new("GBP", 120, Given.Now.AddDays(-1)), new("EUR", 90, Given.Now)],
        };
        var now = (OrderPlaced)RuledOrder.Decide(RuledOrder.Command(new PlaceLine("A", 1)), product: _ => product).Single();
        var earlier = RuledOrder.Command(new PlaceLine("A", 1)) with { OrderedAt = Given.Now.AddDays(-2) };

        Assert.Equal(120, now.Total.Minor);
        Assert.Equal(100, ((OrderPlaced)RuledOrder.Decide(earlier, product: _ => product).Single()).Total.Minor);
        RuledOrder.Decide(earlier with { Currency = "EUR" }, product: _ => product).Refuses("no_price", "/lines/0/unitPrice");
    }

    [Fact]
    public void Times_are_kept_in_UTC()
    {
        var ordered = new DateTimeOffset(2026, 2, 1, 1, 0, 0, TimeSpan.FromHours(2));

        var placed = (OrderPlaced)RuledOrder.Decide(Good with { OrderedAt = ordered }).Single();

        Assert.Equal((ordered, TimeSpan.Zero), (placed.OrderedAt, placed.OrderedAt.Offset));
    }

    [Fact]
    public void What_the_catalogue_does_not_sell_is_refused()
    {
        RuledOrder.Decide(Good, product: sku => sku == "B" ? null : RuledOrder.Product(sku)).Refuses("unknown_sku", "/lines/1/sku");
        RuledOrder.Decide(Good, product: sku => RuledOrder.Product(sku) with { Status = ProductStatus.Withdrawn })
            .Refuses("product_withdrawn", "/lines/0/sku");
    }

    [Fact]
    public void A_customer_that_is_not_registered_is_refused() =>
        OrderRules.Place(
                RuledOrder.Id, OrderState.Initial, RuledOrder.Command(new PlaceLine("A", 1)) with { CustomerId = "cus_9" },
                new Dictionary<string, ProductView?> { ["A"] = RuledOrder.Product("A") },
                Refusals.Invalid("unknown_customer", "/customerId", "There is none.", "Register it."), Given.Now)
            .Refuses("unknown_customer", "/customerId");

    [Fact]
    public void Sums_beyond_what_is_booked_are_refused_at_the_line_that_goes_beyond()
    {
        RuledOrder.Decide(RuledOrder.Command(new("A", 1), new("A", 1_000_000, Money.Limit))).Refuses("total_too_large", "/lines/1");
        RuledOrder.Decide(RuledOrder.Command(new("A", 1, Money.Limit), new("A", 1, 1))).Refuses("total_too_large", "/lines/1");
    }

    [Fact]
    public void Only_what_is_to_be_paid_needs_a_payment_method()
    {
        var free = RuledOrder.Command(new PlaceLine("A", 1, 0)) with { PaymentMethod = null };

        Assert.Equal(0, ((OrderPlaced)RuledOrder.Decide(free).Single()).Total.Minor);
        RuledOrder.Decide(free with { Lines = [new("A", 1)] }).Refuses("payment_method_required", "/paymentMethod");
    }

    [Fact]
    public void An_order_is_placed_once() =>
        RuledOrder.Decide(Good, RuledOrder.Placed().State).Refuses("order_exists");

    [Fact]
    public void An_order_can_have_two_thousand_lines_of_one_SKU()
    {
        var command = RuledOrder.Command([.. Enumerable.Repeat(new PlaceLine("A", 1), PlaceOrder.MaxLines)]);

        Assert.Null(OrderChecks.Place(RuledOrder.Id, command, RuledOrder.Shop, Given.Now));
        Assert.Equal(2000, ((OrderPlaced)RuledOrder.Decide(command).Single()).Lines.Count);
    }
}
