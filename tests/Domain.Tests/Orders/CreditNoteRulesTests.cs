using Commerce.Catalogue;
using Commerce.Kernel;
using Commerce.Orders;
using Xunit;

namespace Commerce.Domain.Tests.Orders;

public sealed class CreditNoteRulesTests
{
    private const string Id = "crn_1";

    private static readonly IssueCreditNote Good = new(
        null, "GBP", [new("A", 3, 1.5m, Restock: true), new("SVC", 1, 100)], "Came back broken");

    public static TheoryData<string, string, IssueCreditNote> Bad => new()
    {
        { "invalid_currency", "/currency", Good with { Currency = "XXX" } },
        { "no_lines", "/lines", Good with { Lines = [] } },
        { "invalid_line", "/lines/0", Good with { Lines = [null!] } },
        { "invalid_quantity", "/lines/0/quantity", Good with { Lines = [new("A", 0, 1)] } },
        { "invalid_price", "/lines/0/unitPrice", Good with { Lines = [new("A", 1, -1)] } },
        { "unknown_sku", "/lines/0/sku", Good with { Lines = [new("", 1, 1)] } },
        { "unknown_customer", "/customerId", Good with { CustomerId = "x" } },
        { "invalid_reason", "/reason", Good with { Reason = "" } },
        { "invalid_reference", "/reference", Good with { Reference = new string('x', 101) } },
        { "invalid_time", "/issuedAt", Good with { IssuedAt = Given.Now.AddDays(1) } },
    };

    [Theory]
    [MemberData(nameof(Bad))]
    public void A_command_that_cannot_be_a_credit_note_is_refused_naming_the_field(string code, string field, IssueCreditNote command)
    {
        var refusal = CreditNoteRules.Check(Id, command, RuledOrder.Shop, Given.Now)!;
        Assert.Equal((code, field), (refusal.Code, refusal.Field));
    }

    [Fact]
    public void Only_who_may_import_dates_one_back()
    {
        var clerk = new Caller("clerk", [], Reach.Everything);
        var late = Good with { IssuedAt = Given.Now.AddDays(-1) };

        Assert.Equal("may_not_import", CreditNoteRules.Check(Id, late, clerk, Given.Now)!.Code);
        Assert.Null(CreditNoteRules.Check(Id, Good, clerk, Given.Now));
        Assert.Null(CreditNoteRules.Check(Id, late, RuledOrder.Shop, Given.Now));
    }

    [Fact]
    public void It_is_completed_once_its_goods_are_back()
    {
        Assert.Null(CreditNoteRules.Check(Id, Good, RuledOrder.Shop, Given.Now));
        var issued = (CreditNoteIssued)Issue(Good).Single();
        var state = CreditNoteRules.Evolve(CreditNoteState.Initial, issued);

        Assert.Equal((new Money(104, "GBP"), Given.Now), (issued.Total, issued.IssuedAt));
        Assert.Equal([1], state.ToRestock.Select(l => l.Line));
        Assert.NotNull(CreditNoteRules.Next(state));
        state = CreditNoteRules.Evolve(state, CreditNoteRules.Restocked(state).Single());
        Assert.Null(CreditNoteRules.Next(state));
        CreditNoteRules.Restocked(state).Accepts();
    }

    [Fact]
    public void Without_goods_to_put_back_it_is_completed_at_once() =>
        Assert.Equal(
            [typeof(CreditNoteIssued), typeof(CreditNoteCompleted)],
            Issue(Good with { Lines = [new("A", 1, 5)] }).Facts.Select(f => f.GetType()));

    [Fact]
    public void A_service_has_no_shelf_to_go_back_to() =>
        Issue(Good with { Lines = [new("SVC", 1, 5, Restock: true)] }).Refuses("invalid_restock", "/lines/0/restock");

    [Fact]
    public void What_is_off_sale_can_still_be_credited_but_not_what_was_never_sold()
    {
        Assert.Null(Issue(Good, sku => RuledOrder.Product(sku) with { Status = ProductStatus.Withdrawn }).Refusal);
        Issue(Good, _ => null).Refuses("unknown_sku", "/lines/0/sku");
        Issue(Good with { CustomerId = "cus_1" }, known: false).Refuses("unknown_customer", "/customerId");
        Issue(Good with { Lines = [new("A", 2, Money.Limit)] }).Refuses("total_too_large", "/lines/0");
    }

    [Fact]
    public void It_is_issued_once() =>
        CreditNoteRules.Issue(
                Id, CreditNoteRules.Evolve(CreditNoteState.Initial, Issue(Good).Single()), Good,
                new Dictionary<string, ProductView?>(), null, Given.Now)
            .Refuses("credit_note_exists");

    private static Decision<CreditNoteFact> Issue(IssueCreditNote command, Func<string, ProductView?>? product = null, bool known = true) =>
        CreditNoteRules.Issue(
            Id, CreditNoteState.Initial, command, command.Lines.ToDictionary(l => l.Sku, l => (product ?? RuledOrder.Product)(l.Sku)),
            known ? null : Refusals.Invalid("unknown_customer", "/customerId", "There is none.", "Register it."), Given.Now);
}
