using System.Reflection;

namespace Commerce.Kernel;

/// <summary>What personal data is kept for, and so for how long (decision 23).</summary>
public enum Purpose
{
    /// <summary>To reach the person and to deal with their orders: names, addresses, free text, tracking numbers.</summary>
    Contact,

    /// <summary>To take money: the payment provider's token.</summary>
    Payment,

    /// <summary>What an invoice has to show, for as long as the law wants it kept.</summary>
    Statutory,
}

/// <summary>
/// A member that is about a person. It is sealed wherever it is kept: in facts, snapshots, answers and read models. Its type is a text, an
/// <see cref="IPersonal{T}"/> or a dictionary.
/// </summary>
[AttributeUsage(AttributeTargets.Property | AttributeTargets.Parameter)]
public sealed class PersonalAttribute(Purpose purpose) : Attribute
{
    public Purpose Purpose { get; } = purpose;

    /// <summary>What a property is marked with, itself or as the parameter of its record; null: it is not personal.</summary>
    public static PersonalAttribute? Of(PropertyInfo property) => property.GetCustomAttribute<PersonalAttribute>()
        ?? property.DeclaringType!.GetConstructors().SelectMany(c => c.GetParameters())
            .FirstOrDefault(p => p.Name == property.Name && p.ParameterType == property.PropertyType)
            ?.GetCustomAttribute<PersonalAttribute>();
}

/// <summary>A value of several members that is personal as a whole.</summary>
public interface IPersonal<out TSelf> where TSelf : IPersonal<TSelf>
{
    /// <summary>What stands in its place when it cannot be read: each text is <paramref name="mark"/>.</summary>
    static abstract TSelf Marked(string mark);
}

/// <summary>What stands in the place of personal data that cannot be read.</summary>
public static class Marks
{
    /// <summary>Its key was destroyed.</summary>
    public const string Erased = "erased";

    /// <summary>This process has no key for it, or needs none: reactions to another capability's facts do not.</summary>
    public const string Sealed = "sealed";
}

/// <summary>
/// A fact that takes personal data of its entity away: the commit that records it destroys the keys of all that the entity had kept until
/// then. What <c>evolve</c> makes of it holds none of that data.
/// </summary>
public interface IErasure
{
    /// <summary>Of which purposes.</summary>
    IReadOnlyList<Purpose> Erases { get; }
}
