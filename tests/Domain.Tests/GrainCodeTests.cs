using System.Runtime.CompilerServices;
using System.Text;
using Commerce.Kernel;
using Xunit;

namespace Commerce.Domain.Tests;

/// <summary>
/// In the cluster each kind of entity has a grain that forwards its calls, each capability a grain for its alarms, and each reaction a
/// grain that follows facts. All of it follows from the contracts, so it is written by this test and checked in.
/// </summary>
[Trait("writes", "files")]
public sealed class GrainCodeTests
{
    private const string Header =
        "// Written from the contracts by tests/Domain.Tests/GrainCodeTests; run ./commerce test --write "
        + "after a contract has changed.\n";

    [Fact]
    public void The_grain_interfaces_are_written_from_the_contracts() =>
        Compare("Grains.Abstractions/Capabilities.g.cs", Interfaces(Capabilities.All));

    [Fact]
    public void The_grains_are_written_from_the_contracts() => Compare("Grains/Capabilities.g.cs", Grains(Capabilities.All));

    private static string Interfaces(IReadOnlyList<Capability> capabilities)
    {
        var kinds = capabilities.SelectMany(c => c.Kinds).ToArray();
        var text = Begin(kinds.Select(k => k.Contract.Namespace!).Append("Orleans.CodeGeneration"));
        foreach (var kind in kinds)
            text.Append(
                $"""

                [Alias("commerce.{kind.Name}")]
                [Version({kind.ContractVersion})]
                public interface I{NameOf(kind)}Grain : {kind.Contract.Name}, IGrainWithStringKey;

                """);
        return text.ToString();
    }

    private static string Grains(IReadOnlyList<Capability> capabilities)
    {
        var text = Begin(capabilities.SelectMany(c => c.Kinds).Select(k => k.Contract.Namespace!).Append("Commerce.Kernel"));
        foreach (var capability in capabilities)
        {
            foreach (var kind in capability.Kinds) AppendGrain(text, kind);
            text.Append(
                $"""

                [GrainType("{capability.Name.ToLowerInvariant()}-alarms")]
                [OfCapability("{capability.Name}")]
                internal sealed class {capability.Name}Alarms(IGrainContext context, AlarmHost host) : AlarmsGrain(context, host);

                """);
            foreach (var reaction in capability.Reactions)
                text.Append(
                    $"""

                    [ImplicitStreamSubscription("{reaction.Source}")]
                    [OfCapability("{capability.Name}")]
                    [GrainType("{reaction.Name}")]
                    public sealed class {NameOf(reaction)}(ReactionHost host) : ReactionGrain(host);

                    """);
        }

        return text.ToString();
    }

    private static void AppendGrain(StringBuilder text, EntityKind kind)
    {
        var name = NameOf(kind);
        text.Append(
            $$"""

            [GrainType("{{kind.Name}}")]
            internal sealed class {{name}}Grain(IGrainContext context, EntityHost host)
                : EntityGrain<{{kind.Contract.Name}}>(context, host), I{{name}}Grain
            {

            """);
        foreach (var method in kind.Contract.GetInterfaces().Prepend(kind.Contract).SelectMany(i => i.GetMethods()))
        {
            var parameters = method.GetParameters();
            text.Append(
                $"    public {TypeName(method.ReturnType)} {method.Name}("
                + $"{string.Join(", ", parameters.Select(p => $"{TypeName(p.ParameterType)} {p.Name}"))}) =>\n"
                + $"        Entity.{method.Name}({string.Join(", ", parameters.Select(p => p.Name))});\n\n");
        }

        text.Length--;
        text.Append("}\n");
    }

    private static StringBuilder Begin(IEnumerable<string> namespaces)
    {
        var text = new StringBuilder(Header).Append("#nullable disable\n\n");
        foreach (var used in namespaces.Distinct().Order(StringComparer.Ordinal)) text.Append($"using {used};\n");
        return text.Append("\nnamespace Commerce.Grains;\n");
    }

    private static string NameOf(EntityKind kind) => kind.Contract.Name[1..];

    private static string NameOf(Reaction reaction) => string.Concat(reaction.Name.Split('-').Select(Capitalized));

    private static string Capitalized(string word) => char.ToUpperInvariant(word[0]) + word[1..];

    private static string TypeName(Type type)
    {
        if (Nullable.GetUnderlyingType(type) is { } inner) return $"{TypeName(inner)}?";
        if (type == typeof(long)) return "long";
        if (type == typeof(int)) return "int";
        if (type == typeof(bool)) return "bool";
        if (type == typeof(string)) return "string";
        if (type == typeof(decimal)) return "decimal";
        return type.IsConstructedGenericType
            ? $"{type.Name[..type.Name.IndexOf('`')]}<{string.Join(", ", type.GenericTypeArguments.Select(TypeName))}>"
            : type.Name;
    }

    private static void Compare(string file, string expected, [CallerFilePath] string here = "")
    {
        var path = Path.Combine(Path.GetDirectoryName(here)!, "..", "..", file);
        if (Environment.GetEnvironmentVariable("COMMERCE_WRITE") == "1") File.WriteAllText(path, expected);
        Assert.True(
            File.Exists(path) && File.ReadAllText(path) == expected,
            $"{file} is not what the contracts of {string.Join(", ", Capabilities.All.Select(c => c.Name))} say. "
            + "./commerce test --write writes it anew.");
    }
}
