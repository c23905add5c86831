using System.Collections;
using System.Text.Json;
using Commerce.Kernel;

namespace Commerce.Domain.Tests.Facts;

/// <summary>Makes a fact with something in every member, so that its sample shows the whole shape.</summary>
internal static class Sample
{
    public static object Of(Type type, string name = "sample")
    {
        if (Nullable.GetUnderlyingType(type) is { } inner) return Of(inner, name);
        if (type == typeof(string)) return name.Equals("currency", StringComparison.OrdinalIgnoreCase) ? "GBP" : $"a {name}";
        if (type == typeof(bool)) return true;
        if (type == typeof(int)) return 3;
        if (type == typeof(long)) return 1234L;
        if (type == typeof(decimal)) return 2.5m;
        if (type == typeof(DateTimeOffset)) return Given.Now;
        if (type == typeof(DateOnly)) return DateOnly.FromDateTime(Given.Now.UtcDateTime);
        if (type.IsEnum) return Enum.GetValues(type).GetValue(Enum.GetValues(type).Length - 1)!;
        if (type.IsGenericType && type.GetGenericTypeDefinition() == typeof(IReadOnlyList<>)) return List(type.GetGenericArguments()[0]);
        if (type.IsGenericType && type.GetGenericTypeDefinition() == typeof(IReadOnlyDictionary<,>)) return Map(type.GetGenericArguments());
        if (type.Namespace == "System.Collections.Immutable") return Immutable(type);
        var constructor = type.GetConstructors().OrderByDescending(c => c.GetParameters().Length).First();
        return constructor.Invoke([.. constructor.GetParameters().Select(p => Of(p.ParameterType, p.Name!))]);
    }

    private static object Immutable(Type type)
    {
        object plain = type.GetGenericArguments() is [var item] ? List(item) : Map(type.GetGenericArguments());
        return JsonSerializer.Deserialize(JsonSerializer.Serialize(plain, FactCatalog.Json), type, FactCatalog.Json)!;
    }

    private static IList List(Type item)
    {
        var list = (IList)Activator.CreateInstance(typeof(List<>).MakeGenericType(item))!;
        list.Add(Of(item));
        return list;
    }

    private static IDictionary Map(Type[] keyAndValue)
    {
        var map = (IDictionary)Activator.CreateInstance(typeof(Dictionary<,>).MakeGenericType(keyAndValue))!;
        map.Add(Of(keyAndValue[0], "key"), Of(keyAndValue[1]));
        return map;
    }
}
