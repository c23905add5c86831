using System.Globalization;
using System.Text.Json;
using Commerce.Kernel;

namespace Commerce.Engine;

/// <summary>
/// The wrapped data keys of one row as they lie in it: a JSON object of purpose and <c>VERSION.KEY</c>, as PostgreSQL writes it. Null:
/// there are none, as nothing of the row is personal, or all of it was erased.
/// </summary>
public static class RowKeys
{
    /// <summary>Without those of these purposes.</summary>
    public static string? Without(string? keys, IEnumerable<Purpose> purposes)
    {
        if (keys is null) return null;
        var left = Parse(keys);
        foreach (var purpose in purposes) left.Remove(EnumWords.Of(purpose));
        return Text(left);
    }

    /// <summary>The same data keys, wrapped by the newest key; null when nothing has to change.</summary>
    /// <param name="keys">As they lie in the row.</param>
    /// <param name="entity">Whose row.</param>
    /// <param name="service">Has the keys that they are wrapped with.</param>
    public static string? Rewrapped(string keys, EntityId entity, IKeyService service)
    {
        var all = Parse(keys);
        var changed = false;
        foreach (var (purpose, wrapped) in all.ToList())
        {
            var (version, bytes) = Read(wrapped);
            if (version == service.Newest) continue;
            var context = Context(entity, purpose);
            all[purpose] = Wrapped(service.Newest, service.Wrap(service.Unwrap(version, bytes, context), context));
            changed = true;
        }

        return changed ? Text(all) : null;
    }

    internal static string? Text(IReadOnlyDictionary<string, string> keys) => keys.Count == 0 ? null
        : $"{{{string.Join(", ", keys.OrderBy(k => k.Key, StringComparer.Ordinal).Select(k => $"\"{k.Key}\": \"{k.Value}\""))}}}";

    internal static Dictionary<string, string> Parse(string keys) => JsonSerializer.Deserialize<Dictionary<string, string>>(keys)!;

    internal static string Wrapped(int version, byte[] wrapped) =>
        string.Create(CultureInfo.InvariantCulture, $"{version}.{Convert.ToBase64String(wrapped)}");

    internal static (int Version, byte[] Wrapped) Read(string wrapped)
    {
        var dot = wrapped.IndexOf('.');
        return (int.Parse(wrapped.AsSpan(0, dot), CultureInfo.InvariantCulture), Convert.FromBase64String(wrapped[(dot + 1)..]));
    }

    /// <summary>What a data key and all that it seals is bound to: neither can be moved to another entity or purpose.</summary>
    internal static byte[] Context(EntityId entity, string purpose) => System.Text.Encoding.UTF8.GetBytes($"{entity} {purpose}");
}
