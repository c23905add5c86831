using System.Reflection;
using Xunit;

namespace Commerce.Grains.Tests;

/// <summary>A reaction without a grain would never run, and nothing would show it.</summary>
public sealed class ReactionGrainsTests
{
    [Fact]
    public void Every_reaction_has_one_grain_class_of_its_name_that_follows_its_source()
    {
        var grains = typeof(ReactionGrain).Assembly.GetTypes().Where(t => !t.IsAbstract && t.IsAssignableTo(typeof(ReactionGrain)));
        Assert.Equal(
            Capabilities.All.SelectMany(c => c.Reactions.Select(r => (r.Name, r.Source, Capability: c.Name))).Order(),
            grains.Select(g => (Name(g), Source(g), g.GetCustomAttribute<OfCapabilityAttribute>()!.Capability)).Order());
    }

    private static string Name(Type grain) => Given(grain, typeof(GrainTypeAttribute));

    private static string Source(Type grain) => Given(grain, typeof(ImplicitStreamSubscriptionAttribute));

    private static string Given(Type grain, Type attribute) =>
        grain.GetCustomAttributesData().Single(a => a.AttributeType == attribute).ConstructorArguments[0].Value!.ToString()!;
}
