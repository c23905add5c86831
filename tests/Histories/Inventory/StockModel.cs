namespace Commerce.Histories;

/// <summary>The stock of one SKU as its clients can know it.</summary>
/// <param name="OnHand">Units on the shelf, held ones included.</param>
/// <param name="Held">Units set aside.</param>
/// <param name="Version">How many changes there were.</param>
/// <param name="Doubtful">The holds, by name, whose outcome no client knows: their release takes effect only if they are there.</param>
public readonly record struct StockState(long OnHand, long Held, long Version, string Doubtful = "")
{
    /// <summary>What can still be held.</summary>
    public long Available => OnHand - Held;

    public override string ToString() => new StockAnswer.Level(OnHand, Held, Version).ToString();
}

/// <summary>The requests to the stock of one SKU, its own or those of orders.</summary>
public abstract record StockAsked
{
    public sealed record Receive(long Units) : StockAsked
    {
        public override string ToString() => $"receive {Units}";
    }

    /// <summary>A count corrects what is on hand.</summary>
    public sealed record Adjust(long Change) : StockAsked
    {
        public override string ToString() => $"adjust by {Change:+0;-0}";
    }

    /// <summary>The level is read.</summary>
    public sealed record Get : StockAsked
    {
        public override string ToString() => "get";
    }

    /// <summary>An order is placed: units are set aside.</summary>
    public sealed record Hold(string Order, long Units) : StockAsked
    {
        public override string ToString() => $"hold {Units} for {Order}";
    }

    /// <summary>An order ships: held units leave the shelf.</summary>
    public sealed record Ship(string Order, long Units) : StockAsked
    {
        public override string ToString() => $"ship {Units} of {Order}";
    }

    /// <summary>A shipment has failed: its units are on the shelf, and held again.</summary>
    public sealed record Unship(string Order, long Units) : StockAsked
    {
        public override string ToString() => $"hold {Units} of {Order} again";
    }

    /// <summary>An order is closed: units that were set aside are free again.</summary>
    public sealed record Free(string Order, long Units) : StockAsked
    {
        public override string ToString() => $"free {Units} of {Order}";
    }

    /// <summary>Shipped units come back.</summary>
    public sealed record Return(string Order, long Units) : StockAsked
    {
        public override string ToString() => $"take back {Units} of {Order}";
    }
}

public abstract record StockAnswer
{
    /// <summary>The level, after the request.</summary>
    public sealed record Level(long OnHand, long Held, long Version) : StockAnswer
    {
        public override string ToString() => $"{OnHand} on hand, {Held} held, version {Version}";
    }

    /// <summary>It was done; the order does not show the level.</summary>
    public sealed record Done : StockAnswer
    {
        public override string ToString() => "done";
    }

    /// <summary>There was not enough.</summary>
    /// <param name="Available">What there was, where the answer says so.</param>
    public sealed record Refused(long? Available = null) : StockAnswer
    {
        public override string ToString() => $"refused, not enough{(Available is { } units ? $": {units} available" : "")}";
    }

    /// <summary>It is over: for a hold, done or refused, as there was enough or not; what frees it has if it was there.</summary>
    public sealed record Over : StockAnswer
    {
        public override string ToString() => "over, as there was enough or not";
    }

    /// <summary>It is over, and it may have been given up before its request to the stock.</summary>
    public sealed record Perhaps : StockAnswer
    {
        public override string ToString() => "over, perhaps without being done";
    }
}

/// <summary>
/// The rule of stock, written once more and apart from the product: what is held never exceeds what is on hand, under any concurrent
/// requests; each change makes one version. It is about SKUs without backorder.
/// </summary>
public sealed class StockModel : IModel<StockState, StockAsked, StockAnswer>
{
    public StockState Initial => new(0, 0, 0);

    public IEnumerable<StockState> Step(StockState state, StockAsked asked, StockAnswer? answer) => asked switch
    {
        StockAsked.Get => Says(state, answer),
        StockAsked.Receive receive => Says(state with { OnHand = state.OnHand + receive.Units, Version = state.Version + 1 }, answer),
        StockAsked.Adjust adjust => Adjusted(state, adjust.Change, answer),
        StockAsked.Hold hold => Held(state, hold, answer),
        StockAsked.Ship ship => state.Held < ship.Units
            ? []
            : [state with { OnHand = state.OnHand - ship.Units, Held = state.Held - ship.Units, Version = state.Version + 1 }],
        StockAsked.Unship unship =>
            [state with { OnHand = state.OnHand + unship.Units, Held = state.Held + unship.Units, Version = state.Version + 1 }],
        StockAsked.Free free => Freed(state, free, answer),
        StockAsked.Return back => [state with { OnHand = state.OnHand + back.Units, Version = state.Version + 1 }],
        _ => throw new InvalidOperationException($"The model of stock does not know {asked.GetType().Name}."),
    };

    private static IEnumerable<StockState> Says(StockState after, StockAnswer? answer) =>
        answer is null || answer == new StockAnswer.Level(after.OnHand, after.Held, after.Version) ? [after] : [];

    private static IEnumerable<StockState> Adjusted(StockState state, long change, StockAnswer? answer)
    {
        if (change >= 0 || state.Available + change >= 0)
            return Says(state with { OnHand = state.OnHand + change, Version = state.Version + 1 }, answer);
        return answer is null || (answer is StockAnswer.Refused no && (no.Available ?? state.Available) == state.Available) ? [state] : [];
    }

    private static IEnumerable<StockState> Held(StockState state, StockAsked.Hold hold, StockAnswer? answer)
    {
        var enough = state.Available >= hold.Units;
        var held = state with { Held = state.Held + hold.Units, Version = state.Version + 1 };
        var doubtful = held with { Doubtful = $"{state.Doubtful}{hold.Order};" };
        return answer switch
        {
            StockAnswer.Done => enough ? [held] : [],
            StockAnswer.Refused => enough ? [] : [state],
            StockAnswer.Perhaps => enough ? [doubtful, state] : [state],
            StockAnswer.Over => enough ? [doubtful] : [state],
            _ => enough ? [doubtful] : [], // no answer, so that a refusal is as if there was no request
        };
    }

    private static IEnumerable<StockState> Freed(StockState state, StockAsked.Free free, StockAnswer? answer)
    {
        var freed = state with { Held = state.Held - free.Units, Version = state.Version + 1 };
        if (freed.Held < 0) return answer is StockAnswer.Over ? [state] : [];
        if (state.Doubtful.Contains($"{free.Order};", StringComparison.Ordinal))
            return [freed with { Doubtful = state.Doubtful.Replace($"{free.Order};", "", StringComparison.Ordinal) }];
        return answer is StockAnswer.Over ? [state] : [freed];
    }
}
