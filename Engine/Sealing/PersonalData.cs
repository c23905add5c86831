using System.Text;
using System.Text.Json;
using Commerce.Kernel;

namespace Commerce.Engine;

/// <summary>
/// Writes and reads what a capability keeps. Personal members are sealed on the way in and opened on the way out; what cannot be opened is
/// read as a mark (decision 23).
/// </summary>
/// <param name="keys">The capability's; null: nothing personal can be written, and all of it is read as <see cref="Marks.Sealed"/>.</param>
/// <param name="opens">The purposes that are opened; null: all. The others are read as <see cref="Marks.Sealed"/>.</param>
public sealed class PersonalData(IKeyService? keys, IReadOnlyCollection<Purpose>? opens = null)
{
    /// <summary>Of a process that has no keys, and for facts of another capability: a reaction needs nothing personal of them.</summary>
    public static readonly PersonalData Withheld = new(null);

    /// <summary>The capability's keys, where this process has them.</summary>
    public IKeyService? Keys => keys;

    /// <summary>The same for a reader that needs but some purposes.</summary>
    public PersonalData Only(params IReadOnlyCollection<Purpose> purposes) => new(keys, purposes);

    /// <summary>Writes what goes into one row: the encoded facts, other values, and the keys that open them.</summary>
    public (EncodedFact[] Facts, string? Value, string? Keys) Encode<T>(
        FactCatalog catalog, EntityId entity, IReadOnlyList<object> facts, T? value) where T : class
    {
        using var seal = RowSeal.ToWrite(keys, entity);
        var (encoded, json) = seal.Do(() => (
            facts.Select(f => catalog.Encode(f, SealedJson.Options)).ToArray(),
            value is null ? null : JsonSerializer.Serialize(value, SealedJson.Options)));
        var made = seal.Keys;
        if (made is not null)
            for (var i = 0; i < encoded.Length; i++) encoded[i] = encoded[i] with { Keys = made };
        return (encoded, json, made);
    }

    /// <summary>Writes facts that go into one row.</summary>
    public EncodedFact[] Encode(FactCatalog catalog, EntityId entity, params IReadOnlyList<object> facts) =>
        Encode<object>(catalog, entity, facts, null).Facts;

    /// <summary>Writes a value of an entity, and the keys that open it.</summary>
    public (string Json, string? Keys) Write<T>(EntityId entity, T value)
    {
        using var seal = RowSeal.ToWrite(keys, entity);
        return (seal.Do(() => JsonSerializer.Serialize(value, SealedJson.Options)), seal.Keys);
    }

    /// <summary>Reads a fact of any version that was ever written.</summary>
    public object Decode(FactCatalog catalog, EntityId entity, EncodedFact fact)
    {
        using var seal = RowSeal.ToRead(keys, entity, fact.Keys, opens);
        return seal.Do(() => catalog.Decode(fact, SealedJson.Options));
    }

    /// <summary>Reads a fact of any version that was ever written.</summary>
    public object Decode(FactCatalog catalog, RecordedFact recorded) => Decode(catalog, recorded.Entity, recorded.Fact);

    /// <summary>Reads a value of an entity.</summary>
    public T Read<T>(EntityId entity, string json, string? rowKeys)
    {
        using var seal = RowSeal.ToRead(keys, entity, rowKeys, opens);
        return seal.Do(() => JsonSerializer.Deserialize<T>(json, SealedJson.Options))!;
    }

    /// <summary>A token in the place of a text, for one use: the same text has the same token.</summary>
    public string Token(string use, string text) => Convert.ToBase64String(
        (keys ?? throw new InvalidOperationException("This process has no key to make tokens with. Give it the key ring."))
        .Token(Encoding.UTF8.GetBytes($"{use} {text}")));
}
