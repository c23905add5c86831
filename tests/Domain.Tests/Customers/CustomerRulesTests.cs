using Commerce.Customers;
using Commerce.Kernel;
using Xunit;

namespace Commerce.Domain.Tests.Customers;

public sealed class CustomerRulesTests
{
    private static readonly DateTimeOffset Now = Given.Now;
    private static readonly Address Home = new(null, "1 High Street", null, "Leeds", null, "LS1 1AA", "GB");

    private static readonly CustomerRegistered Ada =
        new("Ada", "Ada@Example.com", null, new Dictionary<string, Address> { ["shipping"] = Home }, Now);

    private static CustomerState After(params CustomerFact[] facts) => Given.State(CustomerState.Initial, CustomerRules.Evolve, facts);

    private static RegisterCustomer Registration(string name = "Ada", string email = "ada@example.com", Address? address = null) =>
        new(name, email, null, address is null ? null : new Dictionary<string, Address> { ["shipping"] = address });

    [Fact]
    public void A_customer_registers_once()
    {
        var registered = Assert.IsType<CustomerRegistered>(
            CustomerRules.Register("cus_1", After(), Registration(" Ada ", " ada@example.com "), Caller.System, Now).Single());
        Assert.Equal(("Ada", "ada@example.com", Now), (registered.Name, registered.Email, registered.RegisteredAt));
        CustomerRules.Register("cus_1", After(Ada), Registration(), Caller.System, Now).Refuses("customer_exists");
    }

    [Fact]
    public void A_shopper_registers_as_itself_and_a_partners_customer_is_of_its_channel()
    {
        var shopper = new Caller("ada", [], new Reach(ReachKind.Customer, "cus_1"));
        CustomerRules.Register("cus_2", After(), Registration(), shopper, Now).Refuses("may_not_set", "/id");
        Assert.Null(((CustomerRegistered)CustomerRules.Register("cus_1", After(), Registration(), shopper, Now).Single()).Channel);
        var partner = new Caller("market", [], new Reach(ReachKind.Channel, "market"));
        var theirs = (CustomerRegistered)CustomerRules.Register("cus_3", After(), Registration(), partner, Now).Single();
        Assert.Equal("market", CustomerRules.View("cus_3", After(theirs), 1).Owner.Channel);
    }

    [Theory]
    [InlineData("")]
    [InlineData("ada")]
    [InlineData("ada@")]
    [InlineData("@example.com")]
    [InlineData("a da@example.com")]
    [InlineData("ada@exa mple.com")]
    [InlineData("ada@example.com.")]
    [InlineData("ada@a@b")]
    public void What_is_not_an_e_mail_address_is_refused(string email)
    {
        CustomerRules.Register("cus_1", After(), Registration(email: email), Caller.System, Now).Refuses("invalid_email", "/email");
        CustomerRules.ChangeContact("cus_1", After(Ada), new ChangeContact(null, email, null)).Refuses("invalid_email", "/email");
    }

    [Fact]
    public void E_mail_addresses_are_compared_without_regard_to_case() =>
        Assert.Equal(CustomerRules.EmailValue("ADA@example.COM"), CustomerRules.EmailValue("ada@Example.com"));

    [Theory]
    [InlineData("gb", "/addresses/shipping/country", "invalid_country")]
    [InlineData("GBR", "/addresses/shipping/country", "invalid_country")]
    public void A_country_is_a_two_letter_code(string country, string field, string code) =>
        CustomerRules.Register("cus_1", After(), Registration(address: Home with { Country = country }), Caller.System, Now)
            .Refuses(code, field);

    [Fact]
    public void An_address_needs_a_street_and_a_town()
    {
        CustomerRules.PutAddress("cus_1", After(Ada), new PutAddress("work", Home with { Line1 = "" })).Refuses("invalid_line1", "/line1");
        CustomerRules.PutAddress("cus_1", After(Ada), new PutAddress("work", Home with { City = " " })).Refuses("invalid_city", "/city");
        CustomerRules.PutAddress("cus_1", After(Ada), new PutAddress("a b", Home)).Refuses("invalid_label", "/label");
    }

    [Fact]
    public void Addresses_are_added_replaced_and_removed_by_label()
    {
        var moved = Home with { City = "York" };
        CustomerRules.PutAddress("cus_1", After(Ada), new PutAddress("shipping", Home)).Accepts();
        CustomerRules.PutAddress("cus_1", After(Ada), new PutAddress("shipping", moved)).Accepts(new AddressPut("shipping", moved));
        CustomerRules.RemoveAddress("cus_1", After(Ada), new RemoveAddress("shipping")).Accepts(new AddressRemoved("shipping"));
        CustomerRules.RemoveAddress("cus_1", After(Ada), new RemoveAddress("billing")).Accepts();
        Assert.Empty(After(Ada, new AddressRemoved("shipping")).Addresses);
    }

    [Fact]
    public void A_customer_keeps_a_bounded_number_of_addresses()
    {
        var full = After([Ada, .. Enumerable.Range(1, CustomerRules.MaxAddresses - 1).Select(i => new AddressPut($"a{i}", Home))]);
        CustomerRules.PutAddress("cus_1", full, new PutAddress("more", Home)).Refuses("too_many_addresses");
    }

    [Fact]
    public void Lifetime_figures_are_kept_per_currency()
    {
        ActivityRecorded Did(ActivityKind kind, long amount, string currency = "GBP") =>
            new(kind, "ord_1", new Money(amount, currency), Now);
        var figures = CustomerRules.View("cus_1", After(
            Ada,
            Did(ActivityKind.OrderConfirmed, 500), Did(ActivityKind.Shipped, 300), Did(ActivityKind.Shipped, 200),
            Did(ActivityKind.Refunded, 100), Did(ActivityKind.PrepaymentRefunded, 50), Did(ActivityKind.CreditPaidOut, 70),
            Did(ActivityKind.OrderClosed, 0), Did(ActivityKind.OrderConfirmed, 7, "EUR")), 7).Lifetime;
        Assert.Equal([new LifetimeFigures("EUR", 1, 0, 0), new LifetimeFigures("GBP", 1, 500, 100)], figures);
    }

    [Fact]
    public void Asking_for_what_is_so_already_changes_nothing() =>
        CustomerRules.ChangeContact("cus_1", After(Ada), new ChangeContact("Ada", null, null)).Accepts();

    [Fact]
    public void Who_never_registered_cannot_be_changed()
    {
        CustomerRules.ChangeContact("cus_1", After(), new ChangeContact("Bea", null, null)).Refuses("unknown_customer");
        CustomerRules.PutAddress("cus_1", After(), new PutAddress("work", Home)).Refuses("unknown_customer");
        CustomerRules.RemoveAddress("cus_1", After(), new RemoveAddress("work")).Refuses("unknown_customer");
        CustomerRules.RecordActivity("cus_1", After(), new OrderActivity(ActivityKind.Shipped, "ord_1", new Money(1, "GBP"), Now))
            .Refuses("unknown_customer");
    }
}
