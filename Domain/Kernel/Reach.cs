using System.Text.Json.Serialization;

namespace Commerce.Kernel;

/// <summary>The kinds of <see cref="Reach"/>.</summary>
public enum ReachKind
{
    /// <summary>Nothing that has an owner.</summary>
    Nothing,

    /// <summary>All things: staff.</summary>
    Everything,

    /// <summary>Those of one customer.</summary>
    Customer,

    /// <summary>One order: a guest's.</summary>
    Order,

    /// <summary>Those that came by one channel: a partner's.</summary>
    Channel,
}

/// <summary>
/// Whose things a caller sees and changes. A thing outside of it is to that caller as if it did not exist. Things without an owner, such as
/// products, are seen by every caller with the scope.
/// </summary>
/// <param name="Kind">What kind.</param>
/// <param name="Id">The customer, the order or the channel.</param>
public sealed record Reach(ReachKind Kind, string? Id = null)
{
    public static readonly Reach Nothing = new(ReachKind.Nothing);

    public static readonly Reach Everything = new(ReachKind.Everything);

    /// <summary>The customer that all is about; null for other kinds.</summary>
    [JsonIgnore]
    public string? Customer => Kind == ReachKind.Customer ? Id : null;

    /// <summary>The channel that all comes by; null for other kinds.</summary>
    [JsonIgnore]
    public string? Channel => Kind == ReachKind.Channel ? Id : null;

    /// <summary>
    /// True for callers that may name new things. Those of a buyer get names from here, so that none takes a name of another.
    /// </summary>
    [JsonIgnore]
    public bool NamesThings => Kind is ReachKind.Everything or ReachKind.Channel;

    /// <summary>True when the things of this owner are within.</summary>
    public bool Includes(Owner owner) => Kind switch
    {
        ReachKind.Everything => true,
        ReachKind.Customer => owner.Customer is { } customer && customer == Id,
        ReachKind.Order => owner.Order is { } order && order == Id,
        ReachKind.Channel => owner.Channel is { } channel && channel == Id,
        _ => false,
    };
}

/// <summary>Whom a thing belongs to; null where it does not apply.</summary>
/// <param name="Customer">Whose it is.</param>
/// <param name="Order">The order that it is, or that it is part of.</param>
/// <param name="Channel">The channel that it came by.</param>
public sealed record Owner(string? Customer = null, string? Order = null, string? Channel = null);

/// <summary>What others see of a thing that has an owner.</summary>
public interface IOwned
{
    /// <summary>Whom it belongs to.</summary>
    Owner Owner { get; }
}
