using System.Text.Json;
using Commerce.Engine;
using Commerce.Kernel;
using Commerce.Payments;
using Xunit;

namespace Commerce.Domain.Tests.Payments;

public sealed class PaymentRulesTests
{
    private static readonly ProviderResult Yes = new ProviderResult.Approved("id");
    private static readonly ProviderResult No = new ProviderResult.Refused("no", "The bank said no.");

    [Fact]
    public void What_is_authorized_is_held_and_captures_use_it_up()
    {
        var payment = RuledPayment.Authorized();
        Assert.Equal((100, PaymentStatus.Authorized), (payment.State.Holds.Held, payment.State.Status));

        payment.Accept(payment.Capture("a", 60));
        payment.Settle();
        Assert.Equal((40, 60, PaymentStatus.PartlyCaptured), (payment.State.Holds.Held, payment.State.Captured, payment.State.Status));

        payment.Accept(payment.Capture("b", null));
        payment.Settle();
        Assert.Equal((0, 100, PaymentStatus.Captured), (payment.State.Holds.Held, payment.State.Captured, payment.State.Status));
    }

    [Fact]
    public void Captures_under_way_count_as_taken()
    {
        var payment = RuledPayment.Authorized();
        payment.Accept(payment.Capture("a", 60));

        var refusal = payment.Capture("b", 41).Refusal!;

        Assert.Equal(("capture_exceeds_authorization", 40), (refusal.Code, refusal.Values!.Available));
        payment.Accept(payment.Capture("b", 40));
        Assert.Equal("capture_exceeds_authorization", payment.Capture("c", null).Refusal!.Code);
    }

    [Fact]
    public void A_refused_capture_leaves_the_money_held()
    {
        var payment = RuledPayment.Authorized();
        payment.Accept(payment.Capture("a", 60));
        payment.Answer(No);

        Assert.Equal((100, 100, PaymentStatus.Authorized), (payment.State.Holds.Held, payment.State.Capturable, payment.State.Status));
        Assert.Equal((PaymentOperationStatus.Refused, "The bank said no."), (payment.State.Movements[0].Status,
            payment.State.Movements[0].Reason));
    }

    [Fact]
    public void Refunds_under_way_count_as_given_back()
    {
        var payment = RuledPayment.Authorized();
        payment.Accept(payment.Capture("a", 60));
        Assert.Equal("refund_exceeds_capture", payment.Refund("r", 1).Refusal!.Code); // not captured yet
        payment.Settle();

        payment.Accept(payment.Refund("r", 50));
        Assert.Equal("refund_exceeds_capture", payment.Refund("s", 11).Refusal!.Code);
        payment.Accept(payment.Refund("s", null));
        payment.Settle();
        Assert.Equal((60, 60), (payment.State.Captured, payment.State.Refunded));
    }

    [Fact]
    public void A_retried_movement_changes_nothing_and_other_content_under_its_id_is_a_conflict()
    {
        var payment = RuledPayment.Authorized();
        payment.Accept(payment.Capture("a", 60));

        foreach (var retry in new[] { payment.Capture("a", 60), payment.Capture("a", null), payment.Capture("a", 60, RuledPayment.Noon) })
            Assert.Equal((null, 0), (retry.Refusal, retry.Facts.Count));
        var otherDay = payment.Capture("a", 60, RuledPayment.Noon.AddDays(-1));
        foreach (var other in new[] { payment.Capture("a", 61), payment.Refund("a", 60), otherDay })
            Assert.Equal(("movement_exists", RefusalKind.Conflict), (other.Refusal!.Code, other.Refusal.Kind));
    }

    [Fact]
    public void A_retried_authorization_changes_nothing_and_another_one_is_refused()
    {
        var payment = RuledPayment.Authorized();

        Assert.Empty(payment.Authorize(RuledPayment.Hundred with { ExpiresAt = RuledPayment.Noon.AddDays(8) }).Facts);
        Assert.Equal("payment_exists", payment.Authorize(RuledPayment.Hundred with { Amount = new Money(101, "GBP") }).Refusal!.Code);
    }

    [Theory]
    [InlineData(0, "GBP", "pm", 1, "invalid_amount", "/amount/minor")]
    [InlineData(-5, "GBP", "pm", 1, "invalid_amount", "/amount/minor")]
    [InlineData(long.MaxValue, "GBP", "pm", 1, "invalid_amount", "/amount/minor")]
    [InlineData(5, "gbp", "pm", 1, "invalid_currency", "/amount/currency")]
    [InlineData(5, null, "pm", 1, "invalid_currency", "/amount/currency")]
    [InlineData(5, "GBP", " ", 1, "invalid_method", "/method")]
    [InlineData(5, "GBP", "pm", 0, "invalid_time", "/expiresAt")]
    public void An_authorization_that_makes_no_sense_names_the_field(
        long minor, string? currency, string method, int days, string code, string field)
    {
        var refusal = new RuledPayment().Authorize(new("ord_1", new(minor, currency!), method, RuledPayment.Noon.AddDays(days))).Refusal!;

        Assert.Equal((code, field, RefusalKind.Invalid), (refusal.Code, refusal.Field, refusal.Kind));
    }

    [Theory]
    [InlineData("a", 0L, "invalid_amount")]
    [InlineData("a", -1L, "invalid_amount")]
    [InlineData("a", long.MaxValue, "invalid_amount")]
    [InlineData("", 1L, "invalid_id")]
    [InlineData("a b", 1L, "invalid_id")]
    [InlineData(null, 1L, "invalid_id")]
    public void A_movement_that_makes_no_sense_is_refused(string? id, long amount, string code)
    {
        var payment = RuledPayment.Authorized();

        Assert.Equal(code, payment.Capture(id!, amount).Refusal!.Code);
        Assert.Equal(code, payment.Refund(id!, amount).Refusal!.Code);
    }

    [Fact]
    public void Nothing_can_be_asked_of_a_payment_that_does_not_exist()
    {
        var payment = new RuledPayment();

        foreach (var decision in new[] { payment.Capture("a", 1), payment.Refund("a", 1), payment.Void() })
            Assert.Equal(("unknown_payment", RefusalKind.NotFound), (decision.Refusal!.Code, decision.Refusal.Kind));
    }

    [Fact]
    public void A_capture_is_refused_with_the_moves_that_are_allowed()
    {
        var payment = new RuledPayment();
        payment.Accept(payment.Authorize(RuledPayment.Hundred));
        var early = payment.Capture("a", 1).Refusal!;
        Assert.Equal(("move_not_allowed", "authorizing", "void"), (early.Code, early.Values!.State, early.Values.Allowed!.Single()));

        payment.Settle();
        payment.Accept(payment.Capture("a", 10));
        payment.Settle();
        payment.Accept(payment.Void());
        var late = payment.Capture("b", 1).Refusal!;
        Assert.Equal(("move_not_allowed", "being_voided", "refund"), (late.Code, late.Values!.State, late.Values.Allowed!.Single()));
    }

    [Fact]
    public void A_void_waits_for_the_captures_before_it_and_gives_back_the_rest()
    {
        var payment = RuledPayment.Authorized();
        payment.Accept(payment.Capture("a", 60));
        payment.Accept(payment.Void());
        Assert.Equal(ProviderOperation.Capture, payment.State.Current!.Kind);

        payment.Settle();

        Assert.Equal((0, 60, PaymentStatus.Captured), (payment.State.Holds.Held, payment.State.Captured, payment.State.Status));
        Assert.Equal(40, Assert.Single(payment.Facts.OfType<PaymentVoided>()).Amount.Minor);
    }

    [Fact]
    public void A_void_behind_a_full_capture_does_nothing_unless_the_capture_is_refused()
    {
        var captured = RuledPayment.Authorized();
        captured.Accept(captured.Capture("a", null));
        captured.Accept(captured.Void());
        captured.Settle();
        Assert.Empty(captured.Facts.OfType<PaymentVoided>());

        var refused = RuledPayment.Authorized();
        refused.Accept(refused.Capture("a", null));
        refused.Accept(refused.Void());
        refused.Answer(No);
        refused.Settle();
        Assert.Equal(100, Assert.Single(refused.Facts.OfType<PaymentVoided>()).Amount.Minor);
        Assert.Equal(PaymentStatus.Voided, refused.State.Status);
    }

    [Fact]
    public void A_void_of_an_authorization_in_question_is_kept_until_it_is_known()
    {
        var held = new RuledPayment();
        held.Accept(held.Authorize(RuledPayment.Hundred));
        held.Accept(held.Void());
        Assert.Equal(ProviderOperation.Authorize, held.State.Current!.Kind);
        held.Answer(Yes);
        Assert.Equal(ProviderOperation.Void, held.State.Current!.Kind);
        held.Answer(Yes);
        Assert.Equal((PaymentStatus.Voided, 0), (held.State.Status, held.State.Holds.Held));

        var declined = new RuledPayment();
        declined.Accept(declined.Authorize(RuledPayment.Hundred));
        declined.Accept(declined.Void());
        declined.Answer(No);
        Assert.Equal((PaymentStatus.Declined, null), (declined.State.Status, declined.State.Current));
    }

    [Fact]
    public void A_void_is_accepted_where_there_is_nothing_left_to_void()
    {
        var payment = RuledPayment.Authorized();
        payment.Accept(payment.Void());
        Assert.Empty(payment.Void().Facts);
        payment.Settle();

        Assert.Equal((null, 0), (payment.Void().Refusal, payment.Void().Facts.Count));
    }

    [Fact]
    public void A_refused_void_leaves_the_money_held_and_may_be_repeated_under_a_new_reference()
    {
        var payment = RuledPayment.Authorized();
        payment.Accept(payment.Void());
        var first = payment.State.Current!.Reference(RuledPayment.Id);
        payment.Answer(No);
        Assert.Equal((100, null), (payment.State.Holds.Held, payment.State.Current));

        payment.Accept(payment.Void());
        Assert.NotEqual(first, payment.State.Current!.Reference(RuledPayment.Id));
        payment.Settle();
        Assert.Equal(PaymentStatus.Voided, payment.State.Status);
    }

    [Fact]
    public void An_authorization_expires_only_when_its_time_is_up_and_the_provider_has_answered()
    {
        var payment = RuledPayment.Authorized();
        payment.Accept(payment.Capture("a", 10));
        Assert.Empty(PaymentRules.Expire(payment.State, RuledPayment.Hundred.ExpiresAt).Facts);
        payment.Settle();
        Assert.Empty(PaymentRules.Expire(payment.State, RuledPayment.Hundred.ExpiresAt.AddTicks(-1)).Facts);

        payment.Accept(PaymentRules.Expire(payment.State, RuledPayment.Hundred.ExpiresAt));

        Assert.Equal((0, 10, PaymentStatus.Captured), (payment.State.Holds.Held, payment.State.Captured, payment.State.Status));
        Assert.Empty(PaymentRules.Expire(payment.State, RuledPayment.Hundred.ExpiresAt).Facts);
    }

    [Fact]
    public void A_capture_after_the_expiry_is_refused_whether_or_not_the_expiry_is_recorded()
    {
        var payment = RuledPayment.Authorized();
        payment.Now = RuledPayment.Hundred.ExpiresAt;
        Assert.Equal("move_not_allowed", payment.Capture("a", 1).Refusal!.Code);

        payment.Accept(payment.Void()); // which is what an expiry comes to
        Assert.Equal(PaymentStatus.Expired, payment.State.Status);
        Assert.Equal("expired", payment.Capture("a", 1).Refusal!.Values!.State);
    }

    [Fact]
    public void A_request_without_an_answer_is_looked_up_and_retried_only_if_it_was_never_seen()
    {
        var payment = RuledPayment.Authorized();
        payment.Accept(payment.Capture("a", 10));
        var first = payment.State.Current!;
        Assert.IsType<PaymentStep.AskCapture>(PaymentProcess.Next(payment.State));

        payment.Accept(PaymentRules.TimedOut(payment.State, RuledPayment.Id, first));
        Assert.IsType<PaymentStep.LookUp>(PaymentProcess.Next(payment.State));

        payment.Accept(PaymentRules.NotFound(payment.State, RuledPayment.Id, first));
        Assert.IsType<PaymentStep.AskCapture>(PaymentProcess.Next(payment.State));
        Assert.Equal(("capture/a/2", "pay_1/capture/a"), (payment.State.Current!.Name, payment.State.Current.Reference(RuledPayment.Id)));
        Assert.Empty(PaymentRules.Outcome(payment.State, RuledPayment.Id, first, Yes, Given.Now).Facts); // of an attempt that is over
    }

    [Fact]
    public void Waiting_is_said_once_and_ends_with_the_providers_answer()
    {
        var payment = new RuledPayment();
        payment.Accept(payment.Authorize(RuledPayment.Hundred));
        payment.Accept(PaymentRules.Wait(payment.State, "The provider is away."));
        Assert.Empty(PaymentRules.Wait(payment.State, "The provider is still away.").Facts);
        Assert.Equal("The provider is away.", payment.State.Waiting);

        payment.Settle();
        Assert.Null(payment.State.Waiting);
    }

    [Fact]
    public void Money_is_booked_on_the_day_it_moved_for_the_order_it_belongs_to()
    {
        var payment = RuledPayment.Authorized();
        payment.Accept(payment.Capture("a", 60, RuledPayment.Noon.AddDays(-3)));
        payment.Settle();
        payment.Accept(payment.Refund("r", 20));
        payment.Settle();

        Assert.Equal(
            new PaymentCaptured("ord_1", "a", new Money(60, "GBP"), RuledPayment.Noon.AddDays(-3), "cus_1"),
            Assert.Single(payment.Facts.OfType<PaymentCaptured>()));
        Assert.Equal(
            new PaymentRefunded("ord_1", "r", new Money(20, "GBP"), RuledPayment.Noon, "cus_1"),
            Assert.Single(payment.Facts.OfType<PaymentRefunded>()));
    }

    [Fact]
    public void The_state_survives_its_snapshot()
    {
        var payment = RuledPayment.Authorized();
        payment.Accept(payment.Capture("a", 60));
        payment.Settle();
        payment.Accept(payment.Refund("r", 20));
        payment.Accept(payment.Void());

        var json = JsonSerializer.Serialize(payment.State, FactCatalog.Json);
        var read = JsonSerializer.Deserialize<PaymentState>(json, FactCatalog.Json)!;

        Assert.Equal(json, JsonSerializer.Serialize(read, FactCatalog.Json));
        Assert.Equal(payment.State.Pending, read.Pending);
        Assert.Equal(payment.State.Movements, read.Movements);
        Assert.Equal((payment.State.Capturable, payment.State.Refundable), (read.Capturable, read.Refundable));
    }
}
