using System.Collections;
using System.Collections.Concurrent;
using System.Reflection;
using Commerce.Engine;
using Commerce.Kernel;

namespace Commerce.Grains.Client;

/// <summary>
/// The types that travel as JSON: the records of the capabilities' contracts and of the Kernel, all of them immutable, and the Kernel's
/// failures. Orleans serializes a bare list in a contract, of any implementation; its elements are serialized here.
/// </summary>
internal sealed class WireTypes(IEnumerable<Capability> all)
{
    private readonly ConcurrentDictionary<Type, bool> _known = new();

    private readonly HashSet<Assembly> _assemblies =
        [typeof(CallContext).Assembly, .. all.SelectMany(c => c.Kinds).Select(k => k.Contract.Assembly)];

    /// <summary>True when our codec writes and reads values of exactly this type.</summary>
    public bool Includes(Type type) => _known.GetOrAdd(type, t => IsFailure(t) || IsRecord(t));

    /// <summary>True for types of the contracts' assemblies, of any kind.</summary>
    public bool IsOurs(Type type) => _assemblies.Contains(type.Assembly);

    /// <summary>True for the Kernel's failures, and types derived from them, for when the machinery fails.</summary>
    public static bool IsFailure(Type type) => type.IsAssignableTo(typeof(UnavailableException));

    // Lists are left out because a compiler puts its own implementations of them into any assembly.
    private bool IsRecord(Type type) =>
        IsOurs(type) && !type.ContainsGenericParameters && !type.IsEnum && !type.IsInterface && !type.IsAbstract
        && !type.IsAssignableTo(typeof(Exception)) && !type.IsAssignableTo(typeof(Delegate)) && !type.IsAssignableTo(typeof(IEnumerable));
}
