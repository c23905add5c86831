using System.Reflection;
using System.Text;
using System.Text.Json;
using Commerce.Kernel;
using Commerce.Testing;
using Xunit;

namespace Commerce.Grains.Tests;

/// <summary>What silos and gateways of different versions agree on is written down, so that a change of it is seen.</summary>
public sealed class ContractFileTests
{
    private static readonly Type[] Interfaces =
        [.. typeof(IOrderGrain).Assembly.GetTypes().Where(t => t.IsInterface && t.IsAssignableTo(typeof(IAddressable)))];

    [Fact, Trait("writes", "files")]
    public Task The_contracts_are_as_the_file_says() => WrittenFile.Is(
        Contracts(),
        "what the grain interfaces and their records say (added optional members are fine while versions mix; anything else needs a new "
        + "version of the interface)",
        "docs", "contracts.txt");

    [Fact]
    public void Every_kind_has_one_grain_interface_and_one_grain_of_its_name()
    {
        var classes = typeof(CommerceSilo).Assembly.GetTypes().Where(t => t.IsClass && !t.IsAbstract).ToArray();
        foreach (var kind in Capabilities.All.SelectMany(c => c.Kinds))
        {
            var grain = Assert.Single(classes, c => CommerceSilo.ContractOf(c) == kind.Contract);
            Assert.Equal(kind.Name, grain.GetCustomAttribute<GrainTypeAttribute>()!.GetGrainType(null!, grain).ToString());
            var face = Assert.Single(Interfaces, i => i.IsAssignableTo(kind.Contract));
            Assert.True(grain.IsAssignableTo(face));
            Assert.Equal(face.Name[1..], grain.Name);
        }
    }

    [Fact]
    public void Every_capability_has_alarms()
    {
        foreach (var capability in Capabilities.All)
        {
            var alarms = Assert.Single(
                typeof(CommerceSilo).Assembly.GetTypes(),
                t => t.IsSubclassOf(typeof(AlarmsGrain)) && t.GetCustomAttribute<OfCapabilityAttribute>()!.Capability == capability.Name);
            var type = alarms.GetCustomAttribute<GrainTypeAttribute>()!.GetGrainType(null!, alarms);
            Assert.Equal(AlarmsGrain.Of(capability.Name).Type, type);
        }
    }

    private static string Contracts()
    {
        var text = new StringBuilder(
            "# What travels in the cluster: as JSON, but for SandboxAnswer, SiloCircuit and RebuiltModel, which are in Orleans' own\n"
            + "# encoding.\n"
            + "# tests/Grains.Tests writes and compares it.\n");
        var records = new SortedDictionary<string, Type>(StringComparer.Ordinal)
        {
            [nameof(RecordedFact)] = typeof(RecordedFact), // in streams
        };
        foreach (var face in Interfaces.OrderBy(i => i.Name, StringComparer.Ordinal))
        {
            text.Append($"\n{face.Name} \"{Data(face, "AliasAttribute")}\" version {Data(face, "VersionAttribute")}\n");
            var methods = face.GetInterfaces().Prepend(face).SelectMany(i => i.GetMethods());
            foreach (var method in methods.OrderBy(m => m.Name, StringComparer.Ordinal))
            {
                var parameters = method.GetParameters().Select(p => $"{Name(p.ParameterType, records)} {p.Name}");
                text.Append($"  {method.Name}({string.Join(", ", parameters)}): {Name(method.ReturnType, records)}\n");
            }
        }

        var seen = new HashSet<Type>(); // what is described may mention further ones
        while (records.Values.FirstOrDefault(seen.Add) is { } next) Describe(next, records);
        foreach (var record in records.Values.ToArray()) text.Append('\n').Append(Describe(record, records));
        return text.ToString();
    }

    private static string Describe(Type type, SortedDictionary<string, Type> records)
    {
        var name = Name(type, records);
        if (type.IsEnum)
        {
            var values = Enum.GetValues(type).Cast<object>().Select(v => JsonSerializer.Serialize(v, type, FactCatalog.Json).Trim('"'));
            return $"{name}: {string.Join(" | ", values)}\n";
        }

        var constructor = type.GetConstructors().OrderByDescending(c => c.GetParameters().Length).First();
        var members = constructor.GetParameters().Select(p =>
        {
            var nullable = new NullabilityInfoContext().Create(p).ReadState == NullabilityState.Nullable && !p.ParameterType.IsValueType;
            return $"  {JsonNamingPolicy.CamelCase.ConvertName(p.Name!)}: {Name(p.ParameterType, records)}{(nullable ? "?" : "")}\n";
        });
        return $"{name}\n{string.Concat(members)}";
    }

    private static string Name(Type type, SortedDictionary<string, Type> records)
    {
        if (Nullable.GetUnderlyingType(type) is { } inner) return $"{Name(inner, records)}?";
        var isOurs = type.Assembly == typeof(CallContext).Assembly || type.Assembly == typeof(IOrderGrain).Assembly;
        if (isOurs && !type.IsConstructedGenericType) records[type.Name] = type;
        if (!type.IsConstructedGenericType) return type.Name;
        var definition = type.GetGenericTypeDefinition();
        if (definition == typeof(Result<>)) records[nameof(Refusal)] = typeof(Refusal);
        return $"{type.Name[..type.Name.IndexOf('`')]}<{string.Join(", ", type.GenericTypeArguments.Select(a => Name(a, records)))}>";
    }

    private static object? Data(Type type, string attribute) => type.GetCustomAttributesData()
        .FirstOrDefault(a => a.AttributeType.Name == attribute)?.ConstructorArguments[0].Value;
}
