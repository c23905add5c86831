using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;

namespace Commerce.Kernel;

/// <summary>
/// The one place where a capability's fact types are named, with the version of their shape. Names outlive class names; old shapes
/// are lifted to the present one by upcasters when they are read (J6).
/// </summary>
public sealed class FactCatalog
{
    /// <summary>How facts, states and stored answers are written: camel case, enums as words, nulls left out.</summary>
    public static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web)
    {
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.SnakeCaseLower) },
    };

    private readonly Dictionary<Type, string> _names = [];
    private readonly Dictionary<string, (Type Fact, Func<string, JsonSerializerOptions, object> Read)> _readers = [];

    /// <summary>The CLR types of the present shapes.</summary>
    public IReadOnlyCollection<Type> FactTypes => _names.Keys;

    /// <summary>All <c>NAME/VERSION</c> that can be read, old ones included.</summary>
    public IReadOnlyCollection<string> Types => _readers.Keys;

    /// <summary>Names the present shape of a fact.</summary>
    public FactCatalog Add<TFact>(string name, int version = 1) where TFact : class
    {
        _names.Add(typeof(TFact), $"{name}/{version}");
        _readers.Add($"{name}/{version}", (typeof(TFact), Read<TFact>));
        return this;
    }

    /// <summary>Makes an older shape readable by rewriting its JSON to the present shape of <typeparamref name="TFact"/>.</summary>
    public FactCatalog Upcast<TFact>(string name, int version, Func<JsonObject, JsonObject> lift) where TFact : class
    {
        _readers.Add($"{name}/{version}", (typeof(TFact), (json, how) => lift(JsonNode.Parse(json)!.AsObject()).Deserialize<TFact>(how)!));
        return this;
    }

    /// <summary>The name under which facts of this CLR type are written.</summary>
    public string NameOf(Type fact) => _names.TryGetValue(fact, out var name)
        ? name
        : throw new InvalidOperationException($"{fact.Name} has no name in its capability's FactCatalog; add it there.");

    /// <summary>
    /// Every <c>NAME/VERSION</c>, old ones included, that is read as one of <paramref name="facts"/> or a type derived from it.
    /// </summary>
    public IReadOnlyList<string> NamesOf(IReadOnlyCollection<Type> facts) => [.. facts.SelectMany(NamesOf).Distinct()];

    /// <summary>Writes a fact as <see cref="Json"/>, in which personal members are open.</summary>
    public EncodedFact Encode(object fact) => Encode(fact, Json);

    /// <summary>Writes a fact.</summary>
    public EncodedFact Encode(object fact, JsonSerializerOptions how) =>
        new(NameOf(fact.GetType()), JsonSerializer.Serialize(fact, fact.GetType(), how));

    /// <summary>Reads a fact whose personal members are open.</summary>
    public object Decode(EncodedFact fact) => Decode(fact, Json);

    /// <summary>Reads a fact of any version that was ever written.</summary>
    public object Decode(EncodedFact fact, JsonSerializerOptions how) => _readers.TryGetValue(fact.Type, out var reader)
        ? reader.Read(fact.Json, how)
        : throw new InvalidOperationException(
            $"The journal holds a fact '{fact.Type}' that this version of the software does not know. Was it written by a newer one?");

    private string[] NamesOf(Type fact) =>
        _readers.Where(r => r.Value.Fact.IsAssignableTo(fact)).Select(r => r.Key).ToArray() is { Length: > 0 } names
            ? names
            : throw new InvalidOperationException($"No fact of this FactCatalog is read as {fact.Name}.");

    private static object Read<TFact>(string json, JsonSerializerOptions how) where TFact : class =>
        JsonSerializer.Deserialize<TFact>(json, how)!;
}
