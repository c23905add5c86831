using System.Collections.Immutable;

namespace Commerce.Kernel;

/// <summary>A quantity set aside until it is posted (used), voided (given back) or expires.</summary>
/// <param name="Id">Named by the holder, unique within the entity.</param>
/// <param name="Quantity">What is still set aside: units of stock, minor units of money, seats.</param>
/// <param name="ExpiresAt">From this instant it may be expired; null: never.</param>
public sealed record Hold(string Id, long Quantity, DateTimeOffset? ExpiresAt);

/// <summary>
/// The one primitive for anything that is held and then posted, voided or expired: stock and money now, seats later. A value.
/// Rules (may this be held?) belong to the entity; arithmetic and bookkeeping belong here.
/// </summary>
/// <param name="Held">The sum of the open holds' quantities.</param>
/// <param name="Open">The open holds by id.</param>
/// <param name="WakeAt">No open hold expires before this instant. A lower bound: a hold that has gone may have set it.</param>
public sealed record Holds(long Held, ImmutableDictionary<string, Hold> Open, DateTimeOffset? WakeAt)
{
    public static readonly Holds None = new(0, ImmutableDictionary<string, Hold>.Empty, null);

    /// <summary>The open hold named <paramref name="id"/>, or null.</summary>
    public Hold? Find(string id) => Open.GetValueOrDefault(id);

    /// <summary>Sets a quantity aside. The id must not be open already.</summary>
    public Holds Place(Hold hold) => new(
        checked(Held + hold.Quantity),
        Open.Add(hold.Id, hold),
        WakeAt is null || hold.ExpiresAt < WakeAt ? hold.ExpiresAt ?? WakeAt : WakeAt);

    /// <summary>Uses up part or all of an open hold; what is left stays set aside.</summary>
    public Holds Post(string id, long quantity)
    {
        var hold = Open[id];
        if (quantity <= 0 || quantity > hold.Quantity)
            throw new ArgumentOutOfRangeException(nameof(quantity), quantity, $"Hold {id} has {hold.Quantity} left to post.");
        var left = hold with { Quantity = hold.Quantity - quantity };
        return this with { Held = Held - quantity, Open = left.Quantity == 0 ? Open.Remove(id) : Open.SetItem(id, left) };
    }

    /// <summary>Sets posted units aside again: with what is left of their hold, or as a hold of their own.</summary>
    public Holds Unpost(Hold posted) => Find(posted.Id) is { } open
        ? this with
        {
            Held = checked(Held + posted.Quantity),
            Open = Open.SetItem(open.Id, open with { Quantity = open.Quantity + posted.Quantity }),
        }
        : Place(posted);

    /// <summary>Gives back all that is left of a hold; an id that is not open changes nothing.</summary>
    public Holds Void(string id) => Find(id) is { } hold ? this with { Held = Held - hold.Quantity, Open = Open.Remove(id) } : this;

    /// <summary>The open holds whose time is up at <paramref name="now"/>, in the order of their expiry.</summary>
    public IReadOnlyList<Hold> DueAt(DateTimeOffset now) => WakeAt is null || WakeAt > now
        ? []
        : [.. Open.Values.Where(h => h.ExpiresAt <= now).OrderBy(h => h.ExpiresAt).ThenBy(h => h.Id, StringComparer.Ordinal)];

    /// <summary>When the next open hold expires; it may have passed. Exact once the bound of <see cref="WakeAt"/> has passed.</summary>
    public DateTimeOffset? NextExpiry(DateTimeOffset now) => WakeAt <= now ? Rewound().WakeAt : WakeAt;

    /// <summary>The same holds with <see cref="WakeAt"/> made exact.</summary>
    public Holds Rewound() => this with { WakeAt = Open.Values.Min(h => h.ExpiresAt) };
}
