using System.Security.Cryptography;
using System.Text.Json;

namespace Commerce.Engine;

/// <summary>
/// The keys of all capabilities, as a file holds them. A process may be given a file with those of its own capabilities alone.
/// </summary>
/// <param name="Capabilities">By the capability's name.</param>
public sealed record KeyRing(SortedDictionary<string, KeyRing.Keys> Capabilities)
{
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web) { WriteIndented = true };

    /// <summary>The keys of one capability.</summary>
    /// <param name="Versions">Those that wrap data keys, 32 bytes in Base64, by version: the highest wraps.</param>
    /// <param name="Index">That of search tokens and unique values; it stays, as what was made with it is kept.</param>
    public sealed record Keys(SortedDictionary<int, string> Versions, string Index);

    /// <summary>New keys for capabilities.</summary>
    public static KeyRing New(IEnumerable<string> capabilities) =>
        Of(capabilities.ToDictionary(c => c, _ => new Keys(new() { [1] = Made() }, Made())));

    /// <summary>Reads what <see cref="Text"/> wrote.</summary>
    /// <exception cref="FormatException">It is no key ring; the message says why, and shows nothing of it.</exception>
    public static KeyRing Parse(string text)
    {
        try
        {
            var capabilities = JsonSerializer.Deserialize<SortedDictionary<string, Keys>>(text, Json) ?? [];
            if (capabilities.Count == 0) throw new FormatException("it has no keys");
            foreach (var (name, keys) in capabilities)
                if (keys is not { Versions.Count: > 0, Index: not null }
                    || keys.Versions.Values.Append(keys.Index).Any(k => Convert.FromBase64String(k).Length != CapabilityKeys.KeyBytes))
                    throw new FormatException($"the keys of {name} are not 32 bytes each in Base64");
            return new KeyRing(capabilities);
        }
        catch (JsonException)
        {
            throw new FormatException("it is not a key ring in JSON");
        }
    }

    /// <summary>The text of a file.</summary>
    public string Text() => JsonSerializer.Serialize(Capabilities, Json);

    /// <summary>The keys of a capability; null: the ring has none.</summary>
    public CapabilityKeys? Of(string capability) => Capabilities.GetValueOrDefault(capability) is not { } keys ? null : new CapabilityKeys(
        keys.Versions.ToDictionary(v => v.Key, v => Convert.FromBase64String(v.Value)), Convert.FromBase64String(keys.Index));

    /// <summary>The same with keys for those of the capabilities that it has none of; the ring itself where it has all.</summary>
    public KeyRing Completed(IEnumerable<string> capabilities)
    {
        var missing = capabilities.Where(c => !Capabilities.ContainsKey(c)).ToList();
        return missing is [] ? this : Of(Capabilities.Concat(New(missing).Capabilities).ToDictionary(c => c.Key, c => c.Value));
    }

    /// <summary>The same with a new key for each capability, which wraps from now on; the ones before still unwrap.</summary>
    public KeyRing Rotated() => With(k => k with { Versions = new(k.Versions) { [k.Versions.Keys.Max() + 1] = Made() } });

    /// <summary>The same without the keys that wrap no more. What they wrap, and the newest does not, is lost.</summary>
    public KeyRing Retired() => With(k => k with { Versions = new() { [k.Versions.Keys.Max()] = k.Versions[k.Versions.Keys.Max()] } });

    private KeyRing With(Func<Keys, Keys> change) =>
        Of(Capabilities.ToDictionary(c => c.Key, c => change(c.Value)));

    private static KeyRing Of(Dictionary<string, Keys> capabilities) =>
        new(new SortedDictionary<string, Keys>(capabilities, StringComparer.Ordinal));

    private static string Made() => Convert.ToBase64String(RandomNumberGenerator.GetBytes(CapabilityKeys.KeyBytes));
}
