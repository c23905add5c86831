using System.Text.Json;
using Commerce.Customers;
using Commerce.Domain.Tests.Facts;
using Commerce.Domain.Tests.Orders;
using Commerce.Engine;
using Commerce.Kernel;
using Commerce.Orders;
using Commerce.Payments;
using Xunit;

namespace Commerce.Domain.Tests.Personal;

/// <summary>Facts of which personal data was erased, and facts of before it was sealed.</summary>
public sealed class ErasedFactsTests
{
    private static readonly EntityId Entity = new("thing", "t_1");

    private readonly PersonalData _personal = new(CapabilityKeys.New());

    public static TheoryData<string, string> Shapes =>
        [.. Capabilities.All.SelectMany(c => c.Facts.FactTypes.Select(t => new TheoryDataRow<string, string>(c.Name, c.Facts.NameOf(t))))];

    [Theory]
    [MemberData(nameof(Shapes))]
    public void Facts_of_before_read_the_same(string capability, string name)
    {
        var catalog = Facts(capability);
        var fact = Sample.Of(TypeOf(catalog, name));
        var open = catalog.Encode(fact);
        var read = _personal.Decode(catalog, Entity, open);
        Assert.Equal(open.Json, catalog.Encode(read).Json);
    }

    [Theory]
    [MemberData(nameof(Shapes))]
    public void An_erased_fact_reads_as_the_same_with_marks(string capability, string name)
    {
        var catalog = Facts(capability);
        var fact = Sample.Of(TypeOf(catalog, name));
        var kept = _personal.Encode(catalog, Entity, fact)[0];
        var erased = kept with { Keys = RowKeys.Without(kept.Keys, Enum.GetValues<Purpose>()) };

        var read = _personal.Decode(catalog, Entity, erased);

        Assert.Null(erased.Keys);
        Assert.Equal(fact.GetType(), read.GetType());
        Assert.Equal(kept.Keys is not null, catalog.Encode(read).Json != catalog.Encode(fact).Json);
    }

    /// <summary>Whole lives, each fact of which is read without its keys: the state is the same but for what is personal.</summary>
    [Fact]
    public void Rules_never_need_what_was_erased()
    {
        var address = new Address("Ada", "1 Street", null, "Town", null, "AB1", "GB");
        var order = new RuledOrder();
        order.Do(RuledOrder.Decide(RuledOrder.Command(new("A", 3, 3.33m), new("B", 2)) with
        {
            Guest = new GuestContact("Ada", "ada@example.com"), ShippingAddress = address,
        }));
        order.Run().Ship("shp_1").Run().Ask("ret_0").Reject("ret_0").Return("ret_1").Run();
        var lives = new List<OrderFact>(order.Facts);
        foreach (var other in (RuledOrder[])[RuledOrder.PartlyShipped(), RuledOrder.Confirmed()])
        {
            other.Do(OrderRules.Cancel(RuledOrder.Id, other.State, new CancelOrder("Ada does not want it.")));
            Compare(other.Run().Facts);
        }

        Compare(lives);
        order.Do(OrderErasureRules.Request(RuledOrder.Id, order.State, Given.Now));
        order.Do(OrderErasureRules.Erased(order.State, null, Given.Now));
        order.Do(OrderErasureRules.Completed(order.State));
        Assert.Equal(Text(order.State), Text(Evolved(order.Facts, BeforeTheErasure(order.Facts))));
        Assert.DoesNotContain("ada@example.com", Text(order.State));
        Assert.Equal("Ada", order.State.Erasing!.Billed!.Name); // what the invoice shows
        foreach (var refused in (Decision<OrderFact>[])
        [
            OrderRules.Cancel(RuledOrder.Id, order.State, new CancelOrder("late")),
            OrderRules.Ship(RuledOrder.Id, order.State, new ShipOrder("shp_9"), Given.Now),
            ReturnRules.Request(RuledOrder.Id, order.State, new ReturnItems("ret_9", null, "late"), RuledOrder.Shop, Given.Now),
            ReturnRules.Receive(RuledOrder.Id, order.State, new ReceiveReturn("ret_0"), Given.Now),
            ReturnRules.Reject(RuledOrder.Id, order.State, new RejectReturn("ret_0", "late")),
            OrderPaymentRules.Pay(RuledOrder.Id, order.State, new PayOrder("pay_9", "pm")),
        ]) Assert.Equal(("erased", RefusalKind.Gone), (refused.Refusal!.Code, refused.Refusal.Kind));

        order.Do(OrderErasureRules.EraseInvoice(order.State, order.State.Erasing.KeptUntil!.Value));
        Assert.DoesNotContain("Ada", Text(order.State));
    }

    [Fact]
    public void An_erased_order_keeps_no_text_of_what_comes_later()
    {
        var order = RuledOrder.Shipped().Move(PaymentOperation.Refund, "rfd_1", 10).Note();
        Assert.Equal("by hand", Assert.IsType<RefundNoted>(order.Facts[^1]).Reason);
        order.Do(OrderErasureRules.Request(RuledOrder.Id, order.State, Given.Now));
        order.Do(OrderErasureRules.Erased(order.State, null, Given.Now));
        Assert.Equal("erase-payments", order.Next!.Name);
        Assert.Empty(order.Do(OrderRules.Waiting(order.State, "the provider is away")).Facts);
        order.Move(PaymentOperation.Refund, "rfd_2", 10).Move(PaymentOperation.Capture, "cap_1", 10).Note();
        Assert.Null(order.Facts.OfType<RefundNoted>().Last().Reason);
        Assert.Null(order.Facts.OfType<CaptureNoted>().Single().Reason);
        Assert.DoesNotContain("by hand", Text(order.State));
    }

    private static OrderState Compare(IReadOnlyList<OrderFact> facts)
    {
        var (whole, erased) = (facts.Aggregate(OrderState.Initial, OrderRules.Evolve), Evolved(facts, erase: _ => true));
        Assert.Equal(
            (whole.Status, whole.Earned, whole.Due, whole.Credited, OrderToCash.Next(whole)?.Name),
            (erased.Status, erased.Earned, erased.Due, erased.Credited, OrderToCash.Next(erased)?.Name));
        Assert.Equal(whole.Lines, erased.Lines);
        return erased;
    }

    // What was kept before the last erasure has no keys any more.
    private static Func<int, bool> BeforeTheErasure(IReadOnlyList<OrderFact> facts)
    {
        var last = facts.Index().Last(f => f.Item is OrderErased).Index;
        return n => n < last;
    }

    private static OrderState Evolved(IReadOnlyList<OrderFact> facts, Func<int, bool> erase)
    {
        var personal = new PersonalData(CapabilityKeys.New());
        return facts.Index().Select(f =>
        {
            var kept = personal.Encode(OrdersCapability.Facts, Entity, f.Item)[0];
            return (OrderFact)personal.Decode(OrdersCapability.Facts, Entity, erase(f.Index) ? kept with { Keys = null } : kept);
        }).Aggregate(OrderState.Initial, OrderRules.Evolve);
    }

    private static string Text(OrderState state) => JsonSerializer.Serialize(state, FactCatalog.Json);

    private static FactCatalog Facts(string capability) => Capabilities.All.Single(c => c.Name == capability).Facts;

    private static Type TypeOf(FactCatalog catalog, string name) => catalog.FactTypes.Single(t => catalog.NameOf(t) == name);
}
