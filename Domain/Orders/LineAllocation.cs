using Commerce.Kernel;

namespace Commerce.Orders;

/// <summary>Parts of an order's lines: which units a shipment or a return is about, and what they are worth.</summary>
public static class LineAllocation
{
    /// <summary>
    /// What the first <paramref name="units"/> of a line's <paramref name="quantity"/> are worth, rounded half to even. A part is worth the
    /// difference of two such sums, so that parts always add up to the line's total.
    /// </summary>
    public static long Share(long total, long units, long quantity) =>
        (long)decimal.Round((decimal)total * units / quantity, 0, MidpointRounding.ToEven);

    /// <summary>The worth of parts, where <paramref name="before"/> gives the units of a line that were allotted earlier.</summary>
    public static long Worth(OrderState state, IReadOnlyList<LineQuantity> parts, Func<int, long> before) => parts.Sum(part =>
    {
        var (line, earlier) = (state.Line(part.Line), before(part.Line));
        return Share(line.Total, earlier + part.Quantity, line.Quantity) - Share(line.Total, earlier, line.Quantity);
    });

    /// <summary>Units by line of shipments or returns.</summary>
    public static IReadOnlyDictionary<int, long> UnderWay(IEnumerable<IReadOnlyList<LineQuantity>> pending)
    {
        var units = new Dictionary<int, long>();
        foreach (var part in pending.SelectMany(parts => parts))
            units[part.Line] = units.GetValueOrDefault(part.Line) + part.Quantity;
        return units;
    }

    /// <summary>Units by line in pending shipments.</summary>
    public static IReadOnlyDictionary<int, long> BeingShipped(OrderState state) =>
        UnderWay(state.Shipments.Where(s => s.IsPending).Select(s => s.Lines));

    /// <summary>Units by line that are kept for returns: received or not, and not counted as returned yet.</summary>
    public static IReadOnlyDictionary<int, long> KeptForReturns(OrderState state) =>
        UnderWay(state.Returns.Where(r => r.KeepsUnits).Select(r => r.Lines));

    /// <summary>Units by line of returns that were received, and are not counted as returned yet.</summary>
    public static IReadOnlyDictionary<int, long> BeingReturned(OrderState state) =>
        UnderWay(state.Returns.Where(r => r.IsPending).Select(r => r.Lines));

    /// <summary>The requested lines, or all that is left when none are given; or the first thing wrong with them.</summary>
    /// <param name="state">The order.</param>
    /// <param name="asked">Null: all that is left.</param>
    /// <param name="left">How many units of a line there are to take.</param>
    /// <param name="exceeds">The refusal for more than that; the field, and what is wrong.</param>
    public static (IReadOnlyList<LineQuantity> Parts, Refusal? Refusal) Pick(
        OrderState state, IReadOnlyList<LineQuantity>? asked, Func<OrderLine, long> left, Func<string, string, Refusal> exceeds)
    {
        if (asked is { Count: 0 }) return ([], NoLines);
        if (asked is null)
        {
            LineQuantity[] all = [.. state.Lines.Where(l => left(l) > 0).Select(l => new LineQuantity(l.Line, left(l)))];
            return (all, all.Length == 0 ? exceeds("/lines", "Nothing is left of any line") : null);
        }

        var seen = new HashSet<int>();
        for (var i = 0; i < asked.Count; i++)
            if (Wrong(i, asked[i]) is { } refusal) return ([], refusal);
        return (asked, null);

        Refusal? Wrong(int i, LineQuantity? part)
        {
            if (part is null || part.Line < 1 || part.Line > state.Lines.Count)
                return Refusals.Invalid(
                    "unknown_line", $"/lines/{i}/line", $"The order has no line {part?.Line}.", $"Its lines are 1 to {state.Lines.Count}.");
            if (!seen.Add(part.Line))
                return Refusals.Invalid("duplicate_line", $"/lines/{i}/line", $"Line {part.Line} is named twice.", "Name each line once.");
            if (LineRules.Quantity($"/lines/{i}/quantity", part.Quantity) is { } quantity) return quantity;
            var line = state.Line(part.Line);
            return part.Quantity > left(line)
                ? exceeds($"/lines/{i}/quantity", $"{part.Quantity} asked for of line {line.Line} ({line.Sku}), {left(line)} left")
                : null;
        }
    }

    // A filter that left nothing must not move everything.
    private static readonly Refusal NoLines = Refusals.Invalid(
        "no_lines", "/lines", "The list of lines is empty.", "Name the lines, or leave the list out for all that is left.");

    /// <summary>The lines with the named ones changed by the units of their parts.</summary>
    public static IReadOnlyList<OrderLine> With(
        IReadOnlyList<OrderLine> lines, IReadOnlyList<LineQuantity> parts, Func<OrderLine, long, OrderLine> change)
    {
        OrderLine[] changed = [.. lines];
        foreach (var part in parts) changed[part.Line - 1] = change(changed[part.Line - 1], part.Quantity);
        return changed;
    }

    /// <summary>True when two lists name the same units, in any order; a request without lines matches all.</summary>
    public static bool Same(IReadOnlyList<LineQuantity>? asked, IReadOnlyList<LineQuantity> had) =>
        asked is null || (asked.Count == had.Count && asked.ToHashSet().SetEquals(had));
}
