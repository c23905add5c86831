using System.Text.Json;
using Commerce.Client;
using Xunit;

namespace Commerce.Replay.Tests;

public sealed class PlanTests
{
    private static readonly ReplayPlan Sample = Planner.Of(Rows.Of(new SampleMonth().Csv));

    [Theory]
    [InlineData("Sale")]
    [InlineData("Cancellation")]
    [InlineData("Correction")]
    [InlineData("Other")]
    public void The_given_month_has_its_control_totals(string name)
    {
        var kind = Enum.Parse<InvoiceKind>(name);
        Assert.Equal(GivenMonth.Totals(kind), Planner.Of(RetailFile.Read(GivenMonth.File)).Totals(kind));
    }

    [Fact]
    public void The_sample_has_the_totals_that_it_was_made_with()
    {
        var month = new SampleMonth();
        var totals = month.Totals;
        Assert.Equal(4, totals.Count);
        Assert.InRange(totals[InvoiceKind.Sale].Invoices, 300, 400);
        Assert.Equal(month.Csv, new SampleMonth().Csv);
        Assert.Equal((3, 3), (Sample.From.Month, Sample.To.Month));
        Assert.All(totals, t => Assert.Equal(t.Value, Sample.Totals(t.Key)));
    }

    [Fact]
    public void Documents_carry_all_units_and_pence_of_the_file()
    {
        foreach (var plan in new[] { Sample, Planner.Of(RetailFile.Read(GivenMonth.File)) })
        {
            foreach (var kind in Enum.GetValues<InvoiceKind>())
            {
                var booked = plan.Bookings.Where(b => b.Kind == kind).ToList();
                Assert.Equal(plan.Totals(kind).Units, booked.Sum(b => b.Lines.Sum(l => l.Units)));
                Assert.Equal(plan.Totals(kind).Pence, booked.Sum(b => b.Pence));
                Assert.Equal(plan.Totals(kind).Invoices, booked.Select(b => b.Invoice).Distinct().Count());
            }
            Assert.Equal(plan.Totals(InvoiceKind.Cancellation).Lines, plan.Cancelled.Count);
        }
    }

    [Fact]
    public void Ids_and_keys_are_unique_and_the_same_for_a_copy_under_another_name()
    {
        var file = Rows.Of(new SampleMonth().Csv);
        var (first, second) = (Keys(Planner.Of(file)), Keys(Planner.Of(file with { Name = "copy.csv" })));
        Assert.Equal(first.Count, first.Distinct().Count());
        Assert.Equal(first, second);
        Assert.All(first, key => Assert.Matches("^[!-~]{1,200}$", key));
    }

    [Fact]
    public void Just_what_is_sold_and_lost_is_received()
    {
        var received = Sample.Receipts.ToDictionary(r => r.Sku, r => r.Units);
        Assert.Equal(8, received["21777"]); // four sold for nothing, four lost
        Assert.Equal(4, received["99999"]); // only ever corrected
        Assert.Equal(80_995, received["23843"]);
        Assert.NotEqual(received["85123a"], received["85123A"]); // case matters
        Assert.DoesNotContain("POST", received.Keys);
        Assert.DoesNotContain("90210", received.Keys); // came back, but never left in this file
        Assert.Equal(2, Sample.StockChange["90210"]);
        Assert.Equal(0, Sample.StockChange["21777"]);
    }

    [Fact]
    public void Codes_that_are_no_goods_are_services_and_names_are_never_empty()
    {
        var products = Sample.Products.Select(p => p.Request.Body).ToDictionary(p => p.Sku);
        Assert.All(
            ["POST", "DOT", "M", "m", "D", "B", "PADS", "BANK CHARGES", "gift_0001_40", "AMAZONFEE"],
            s => Assert.Equal(ProductKind.Service, products[s].Kind));
        Assert.All(
            ["85123A", "85123a", "DCGS0003", "DCGSSBOY", "10110b", "99999"], s => Assert.Equal(ProductKind.Goods, products[s].Kind));
        Assert.Equal("21778", products["21778"].Name);
        Assert.Equal("Bank Charges", products["BANK CHARGES"].Name);
        Assert.Null(products["21777"].Prices);
        Assert.Equal(0.1m, Assert.Single(products["PADS"].Prices!).UnitPrice);
    }

    [Fact]
    public void A_customer_who_orders_from_two_countries_has_two_addresses()
    {
        var customer = Sample.Customers.Single(c => c.Id == "cus_12370").Request.Body;
        Assert.Equal("customer-12370@online-retail.example", customer.Email);
        Assert.Equal(["CY", "AT"], customer.Addresses!.Values.Select(a => a.Country));
        Assert.Equal("CY", customer.Addresses["shipping"].Country);
    }

    [Fact]
    public void Orders_without_a_customer_are_a_guests_and_free_ones_need_no_payment()
    {
        var orders = Sample.Orders.Select(o => o.Place.Body).ToList();
        Assert.All(orders, o => Assert.True(o.CustomerId is null != o.Guest is null));
        Assert.Null(orders.Single(o => o.Lines is [{ Sku: "21777" }]).PaymentMethod);
        var nowhere = orders.Single(o => o.Lines is [{ Sku: "84406B", Quantity: 5, UnitPrice: 275 }] && o.CustomerId is null);
        Assert.Equal("ZZ", nowhere.ShippingAddress!.Country);
        var late = orders.Single(o => o.Lines is [{ Sku: "21730" }, { Sku: "71053" }] && o.CustomerId == "cus_17851");
        Assert.Contains($"\"orderedAt\":\"{late.OrderedAt:yyyy-MM-ddTHH:mm:ss}+00:00\"", JsonSerializer.Serialize(late, Wire.Json));
        Assert.Equal(Sample.Invoices.Single(i => i.No == late.Reference).Rows[0].At, late.OrderedAt);
    }

    [Fact]
    public void A_bad_debt_adjustment_is_a_charge_or_credit_and_neither_sale_nor_cancellation()
    {
        Assert.Contains(Sample.Bookings, b => b is { Id: ['o', 'r', 'd', '_', 'A', ..], Kind: InvoiceKind.Other, Pence: 1106206 });
        Assert.Contains(Sample.Bookings, b => b is { Id: ['c', 'r', 'n', '_', 'A', ..], Kind: InvoiceKind.Other, Pence: -1106206 });
    }

    private static List<string> Keys(ReplayPlan plan) =>
    [
        .. plan.Customers.Select(c => c.Request.Key), .. plan.Products.Select(p => p.Request.Key),
        .. plan.Receipts.Select(r => r.Request.Key), .. plan.Orders.SelectMany(o => new[] { o.Place.Key, o.Ship.Key }),
        .. plan.Corrections.Select(c => c.Request.Key),
        .. plan.Returns.Select(r => r.Request.Key), .. plan.CreditNotes.Select(c => c.Request.Key),
    ];
}
