using System.Collections.Concurrent;
using System.Reflection;
using Commerce.Kernel;

namespace Commerce.Grains.Wire;

/// <summary>
/// What travels as JSON: the records of the capabilities' contracts and of the Kernel, what the Kernel says of failures, and lists and
/// dictionaries of such things where a contract takes or gives them bare. All of them are immutable.
/// </summary>
internal sealed class WireTypes(IEnumerable<Capability> all)
{
    private static readonly Type[] Collections = [typeof(IReadOnlyList<>), typeof(IReadOnlyCollection<>), typeof(IReadOnlyDictionary<,>)];

    private readonly ConcurrentDictionary<Type, bool> _known = new();

    private readonly HashSet<Assembly> _assemblies =
        [typeof(Call).Assembly, .. all.SelectMany(c => c.Kinds).Select(k => k.Contract.Assembly)];

    /// <summary>True when our codec writes and reads values of exactly this type.</summary>
    public bool Includes(Type type) => _known.GetOrAdd(type, Decide);

    /// <summary>True for the declared types of bare lists and dictionaries, whatever implements them.</summary>
    public static bool IsCollection(Type type) =>
        type.IsConstructedGenericType && Collections.Contains(type.GetGenericTypeDefinition());

    /// <summary>True for what the Kernel, or something derived from it, says when the machinery fails.</summary>
    public static bool IsFailure(Type type) => type.IsAssignableTo(typeof(UnavailableException));

    /// <summary>True for types of the contracts' assemblies, whatever their kind.</summary>
    public bool IsOurs(Type type) => _assemblies.Contains(type.Assembly);

    private bool Decide(Type type)
    {
        if (type.ContainsGenericParameters || type.IsPointer || type.IsByRef) return false;
        if (IsFailure(type)) return true;
        if (IsCollection(type)) return type.GenericTypeArguments.All(IsElement);
        return IsRecord(type);
    }

    private bool IsElement(Type type) => IsPlain(type) || type.IsEnum || IsRecord(type);

    private bool IsRecord(Type type) =>
        IsOurs(type) && !type.IsEnum && !type.IsInterface && !type.IsAbstract && !type.IsAssignableTo(typeof(Exception))
        && !type.IsAssignableTo(typeof(Delegate));

    private static bool IsPlain(Type type) =>
        type.IsPrimitive || type == typeof(string) || type == typeof(decimal) || type == typeof(DateTimeOffset) || type == typeof(DateOnly);
}
