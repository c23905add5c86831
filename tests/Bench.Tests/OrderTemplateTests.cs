using Commerce.Kernel;
using Xunit;

namespace Commerce.Bench.Tests;

public sealed class OrderTemplateTests
{
    private const string Order = "ord_0123456789abcdef0123456789abcdef";
    private const string Customer = "cus_00000000000000000000000000000001";
    private const string Shipment = "shp_fedcba9876543210fedcba9876543210";

    private static readonly EntityFacts Original = new(
        "Payments",
        new EntityId("payment", "pay_0123456789abcdef0123456789abcdef"),
        [
            new EncodedFact(
                "a/1", $$"""{"orderId":"{{Order}}","customerId":"{{Customer}}","amount":7,"at":"2026-01-31T23:59:59.5+00:00"}"""),
            new EncodedFact("b/2", $$"""{"entry":"{{Order}}/{{Shipment}}","note":"on 2026-01-31"}"""),
        ]);

    private static readonly OrderTemplate Template = new([Original], Order, Customer);

    [Fact]
    public void A_copy_has_other_ids_and_times_and_is_the_same_otherwise()
    {
        const string Mine = "ord_11111111111111111111111111111111", Hers = "cus_22222222222222222222222222222222";
        var copy = Assert.Single(Template.Copy(Mine, Hers, TimeSpan.FromDays(-1)));
        Assert.Equal(("Payments", new EntityId("payment", "pay_11111111111111111111111111111111")), (copy.Capability, copy.Entity));
        Assert.Equal(["a/1", "b/2"], copy.Facts.Select(f => f.Type));
        Assert.Equal(
            $$"""{"orderId":"{{Mine}}","customerId":"{{Hers}}","amount":7,"at":"2026-01-30T23:59:59.500000+00:00"}""", copy.Facts[0].Json);
        Assert.StartsWith($$"""{"entry":"{{Mine}}/shp_""", copy.Facts[1].Json);
        Assert.EndsWith(",\"note\":\"on 2026-01-31\"}", copy.Facts[1].Json);
        Assert.DoesNotContain(Shipment, copy.Facts[1].Json);
    }

    [Fact]
    public void Each_copy_has_ids_of_its_own_and_the_same_each_time()
    {
        string[] texts = [.. Enumerable.Range(0, 50).Select(Text)];
        Assert.Equal(50, texts.Distinct().Count());
        Assert.Equal(texts, Enumerable.Range(0, 50).Select(Text));

        static string Text(int n) =>
            Template.Copy(PrefilledDatabase.OrderId(n), PrefilledDatabase.CustomerId(0), TimeSpan.Zero).Single().Facts[1].Json;
    }

    [Fact]
    public void Customers_order_again() => Assert.Equal(
        PrefilledDatabase.CustomerId(1), PrefilledDatabase.CustomerId(1 + PrefilledDatabase.Customers));
}
