using System.Runtime.CompilerServices;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using Commerce.Kernel;
using Xunit;

namespace Commerce.Domain.Tests.Facts;

/// <summary>
/// Facts that were written once must stay readable for ever (J6). <c>samples.json</c> keeps one of every shape that was ever released. With
/// <c>COMMERCE_WRITE=1</c> samples of new shapes are added; what is there already is never rewritten.
/// </summary>
[Trait("writes", "files")]
public sealed class StoredSamplesTests
{
    private static readonly JsonSerializerOptions Readable = new()
    {
        WriteIndented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    private static readonly JsonObject Samples = Load();

    public static TheoryData<string, string> Shapes =>
        [.. Capabilities.All.SelectMany(c => c.Facts.Types.Select(t => new TheoryDataRow<string, string>(c.Name, t)))];

    [Theory]
    [MemberData(nameof(Shapes))]
    public void A_sample_of_every_shape_is_kept_and_can_be_read(string capability, string type)
    {
        var kept = Samples[capability]?[type];
        Assert.True(kept is not null, $"samples.json has no '{type}' of {capability}: ./commerce test --write adds it.");

        var fact = Facts(capability).Decode(new EncodedFact(type, kept.ToJsonString()));

        if (Facts(capability).NameOf(fact.GetType()) == type)
            Assert.True(
                JsonNode.DeepEquals(kept, JsonNode.Parse(Facts(capability).Encode(fact).Json)),
                $"'{type}' is not written as it used to be. Give the new shape a new version, and an upcaster for this one.");
    }

    [Fact]
    public void Every_sample_belongs_to_a_shape_that_can_still_be_read()
    {
        var known = Capabilities.All.SelectMany(c => c.Facts.Types.Select(t => (c.Name, t))).ToHashSet();
        Assert.All(Samples.SelectMany(c => c.Value!.AsObject().Select(s => (c.Key, s.Key))), sample => Assert.Contains(sample, known));
    }

    private static FactCatalog Facts(string capability) => Capabilities.All.Single(c => c.Name == capability).Facts;

    private static JsonObject Load([CallerFilePath] string here = "")
    {
        var file = Path.Combine(Path.GetDirectoryName(here)!, "samples.json");
        var samples = File.Exists(file) ? JsonNode.Parse(File.ReadAllText(file))!.AsObject() : [];
        if (Environment.GetEnvironmentVariable("COMMERCE_WRITE") != "1") return samples;

        foreach (var capability in Capabilities.All)
        {
            var kept = (JsonObject)(samples[capability.Name] ??= new JsonObject());
            foreach (var type in capability.Facts.FactTypes.Where(t => !kept.ContainsKey(capability.Facts.NameOf(t))))
                kept[capability.Facts.NameOf(type)] = JsonNode.Parse(capability.Facts.Encode(Sample.Of(type)).Json);
        }

        File.WriteAllText(file, samples.ToJsonString(Readable) + "\n");
        return samples;
    }
}
