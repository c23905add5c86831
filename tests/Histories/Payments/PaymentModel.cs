namespace Commerce.Histories;

/// <summary>A payment as its clients can know it.</summary>
/// <param name="Status">As the API names it; null: there is none yet.</param>
/// <param name="Amount">What its order wanted.</param>
/// <param name="Held">Authorized and not captured.</param>
/// <param name="Movements">Captures and refunds in the order they were asked for.</param>
/// <param name="Pending">What the provider has yet to answer, in order.</param>
public readonly record struct PaymentState(
    string? Status, long Amount, long Held, long Captured, long Refunded, Listed<Movement> Movements, Listed<string> Pending)
{
    /// <summary>What the API shows of it.</summary>
    public PaymentAnswer Shown => Status is null
        ? new PaymentAnswer.Absent()
        : new PaymentAnswer.View(Status, Pending.Items.Count == 0, Held, Captured, Refunded, Movements);

    /// <summary>What is spoken for by movements of a kind that the provider has yet to answer.</summary>
    public long Promised(string kind) => Movements.Items.Where(m => m.Kind == kind && m.Status == "pending").Sum(m => m.Amount);

    public override string ToString() => $"{Shown}; asked of the provider: {Pending}";
}

/// <summary>
/// The rule of a payment, written once more and apart from the product: captures never exceed what was authorized, nor refunds what was
/// captured, those under way included; and the provider gets one request at a time, in order.
/// </summary>
public sealed class PaymentModel : IModel<PaymentState, PaymentAsked, PaymentAnswer>
{
    private const string Capture = "capture";
    private const string Refund = "refund";

    public PaymentState Initial => default;

    public IEnumerable<PaymentState> Step(PaymentState state, PaymentAsked asked, PaymentAnswer? answer) => asked switch
    {
        PaymentAsked.Get => Says(state, answer),
        PaymentAsked.Authorize authorize => state.Status is not null ? [] : Says(
            state with
            {
                Status = "authorizing", Amount = authorize.Amount, Pending = state.Pending.With(PaymentAsked.Authorization),
            },
            answer),
        PaymentAsked.Move move => Moved(state, move, answer),
        PaymentAsked.Void => state.Status is "authorizing" or "authorized" or "partly_captured" && !Voiding(state)
            ? Says(state with { Pending = state.Pending.With(PaymentAsked.Voiding) }, answer)
            : [],
        PaymentAsked.Settle settle => state.Pending.Items.FirstOrDefault() == settle.Name ? Settled(state, settle.Name, answer) : [],
        _ => throw new InvalidOperationException($"The model of payments does not know {asked.GetType().Name}."),
    };

    private static bool Voiding(PaymentState state) => state.Pending.Items.Contains(PaymentAsked.Voiding);

    private static IEnumerable<PaymentState> Says(PaymentState after, PaymentAnswer? answer) =>
        answer is null or PaymentAnswer.Done || answer == after.Shown ? [after] : [];

    private static IEnumerable<PaymentState> Moved(PaymentState state, PaymentAsked.Move move, PaymentAnswer? answer)
    {
        if (state.Movements.Items.Any(m => m.Id == move.Id)) return [];
        var open = state.Status is "authorized" or "partly_captured" && !Voiding(state);
        if (move.Kind == Capture && !open) return Refuses(state, "move_not_allowed", null, answer);
        var left = (move.Kind == Capture ? state.Held : state.Captured - state.Refunded) - state.Promised(move.Kind);
        if (left < (move.Amount ?? 1))
            return Refuses(state, move.Kind == Capture ? "capture_exceeds_authorization" : "refund_exceeds_capture", left, answer);
        return Says(
            state with
            {
                Movements = state.Movements.With(new Movement(move.Id, move.Kind, move.Amount ?? left, "pending")),
                Pending = state.Pending.With(move.Id),
            },
            answer);
    }

    private static IEnumerable<PaymentState> Refuses(PaymentState state, string code, long? left, PaymentAnswer? answer) =>
        answer is PaymentAnswer.Refused no && no.Code == code && (no.Available ?? left) == left ? [state] : [];

    private static IEnumerable<PaymentState> Settled(PaymentState state, string name, PaymentAnswer? answer)
    {
        if (answer is null)
            return [.. Settled(state, name, new PaymentAnswer.Done()), .. Settled(state, name, new PaymentAnswer.Declined())];
        var approved = answer is not PaymentAnswer.Declined;
        var settled = state with { Pending = state.Pending.Select(p => p == name ? null : p) };
        return name switch
        {
            PaymentAsked.Authorization when approved => [settled with { Status = "authorized", Held = state.Amount }],
            PaymentAsked.Authorization => [settled with { Status = "declined", Pending = default }], // there is nothing to void
            PaymentAsked.Voiding when approved => [settled with { Status = state.Captured > 0 ? "captured" : "voided", Held = 0 }],
            PaymentAsked.Voiding => [settled],
            _ => [MovementSettled(settled, name, approved)],
        };
    }

    private static PaymentState MovementSettled(PaymentState state, string id, bool approved)
    {
        var movement = state.Movements.Items.Single(m => m.Id == id);
        var after = state with
        {
            Movements = state.Movements.Select(m => m.Id == id ? m with { Status = approved ? "succeeded" : "refused" } : m),
        };
        if (!approved) return after;
        if (movement.Kind == Refund) return after with { Refunded = state.Refunded + movement.Amount };
        var held = state.Held - movement.Amount;
        return after with
        {
            Held = held,
            Captured = state.Captured + movement.Amount,
            Status = held > 0 ? "partly_captured" : "captured",
            Pending = held > 0 ? after.Pending : after.Pending.Select(p => p == PaymentAsked.Voiding ? null : p), // nothing is left to void
        };
    }
}
