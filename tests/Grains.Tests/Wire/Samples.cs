using System.Reflection;
using Commerce.Kernel;

namespace Commerce.Grains.Tests.Wire;

/// <summary>The types that contracts take and give, and a value of each with something in every member.</summary>
internal static class Samples
{
    public static readonly DateTimeOffset Noon = new(2010, 12, 1, 12, 0, 0, 123, 456, TimeSpan.FromHours(1));

    /// <summary>Every type that is an argument or a result of a contract of the business, answers included.</summary>
    public static IReadOnlyList<Type> Types { get; } =
    [
        .. Capabilities.All.SelectMany(c => c.Kinds).SelectMany(k => k.Contract.GetMethods())
            .SelectMany(m => m.GetParameters().Select(p => p.ParameterType).Concat(m.ReturnType.GenericTypeArguments))
            .Where(t => t.Assembly == typeof(CallContext).Assembly).Distinct(),
    ];

    public static object Of(Type type, string name = "sample")
    {
        if (Nullable.GetUnderlyingType(type) is { } inner) return Of(inner, name);
        if (type == typeof(string)) return $"{name} “ü” </&'";
        if (type == typeof(bool)) return true;
        if (type == typeof(int)) return 3;
        if (type == typeof(long)) return long.MaxValue;
        if (type == typeof(decimal)) return 2.500000m;
        if (type == typeof(DateTimeOffset)) return Noon;
        if (type == typeof(DateOnly)) return DateOnly.FromDateTime(Noon.UtcDateTime);
        if (type.IsEnum) return Enum.GetValues(type).GetValue(Enum.GetValues(type).Length - 1)!;
        if (type.IsGenericType && type.GetGenericTypeDefinition() == typeof(IReadOnlyList<>)) return Call(nameof(List), type, name);
        if (type.IsGenericType && type.GetGenericTypeDefinition() == typeof(IReadOnlyDictionary<,>)) return Call(nameof(Map), type, name);
        if (type.IsGenericType && type.GetGenericTypeDefinition() == typeof(Result<>)) return Call(nameof(Accepted), type, name);
        var constructor = type.GetConstructors().OrderByDescending(c => c.GetParameters().Length).First();
        return constructor.Invoke([.. constructor.GetParameters().Select(p => Of(p.ParameterType, p.Name!))]);
    }

    /// <summary>A refusal where a <paramref name="type"/> was hoped for.</summary>
    public static object Refused(Type type) =>
        Activator.CreateInstance(typeof(Result<>).MakeGenericType(type), null, Of(typeof(Refusal)))!;

    private static object Call(string maker, Type type, string name) => typeof(Samples)
        .GetMethod(maker, BindingFlags.NonPublic | BindingFlags.Static)!.MakeGenericMethod(type.GenericTypeArguments).Invoke(null, [name])!;

    private static IReadOnlyList<T> List<T>(string name) => [(T)Of(typeof(T), name), (T)Of(typeof(T), $"second {name}")];

    private static IReadOnlyDictionary<TKey, T> Map<TKey, T>(string name) where TKey : notnull =>
        new Dictionary<TKey, T> { [(TKey)Of(typeof(TKey), name)] = (T)Of(typeof(T), name) };

    private static Result<T> Accepted<T>(string name) => (T)Of(typeof(T), name);
}
