using System.Collections;
using System.Collections.Concurrent;
using System.Reflection;
using Commerce.Engine;
using Commerce.Kernel;

namespace Commerce.Grains.Client;

/// <summary>
/// What travels as JSON: the records of the capabilities' contracts and of the Kernel, all of them immutable, and what the Kernel says of
/// failures. A list that a contract takes or gives bare is Orleans' to carry, whatever implements it; its elements are ours.
/// </summary>
internal sealed class WireTypes(IEnumerable<Capability> all)
{
    private readonly ConcurrentDictionary<Type, bool> _known = new();

    private readonly HashSet<Assembly> _assemblies =
        [typeof(CallContext).Assembly, .. all.SelectMany(c => c.Kinds).Select(k => k.Contract.Assembly)];

    /// <summary>True when our codec writes and reads values of exactly this type.</summary>
    public bool Includes(Type type) => _known.GetOrAdd(type, t => IsFailure(t) || IsRecord(t));

    /// <summary>True for types of the contracts' assemblies, whatever their kind.</summary>
    public bool IsOurs(Type type) => _assemblies.Contains(type.Assembly);

    /// <summary>True for what the Kernel, or something derived from it, says when the machinery fails.</summary>
    public static bool IsFailure(Type type) => type.IsAssignableTo(typeof(UnavailableException));

    // Lists are left out because a compiler puts its own implementations of them into any assembly.
    private bool IsRecord(Type type) =>
        IsOurs(type) && !type.ContainsGenericParameters && !type.IsEnum && !type.IsInterface && !type.IsAbstract
        && !type.IsAssignableTo(typeof(Exception)) && !type.IsAssignableTo(typeof(Delegate)) && !type.IsAssignableTo(typeof(IEnumerable));
}
