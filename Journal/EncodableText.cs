using System.Text;
using Commerce.Engine;
using Commerce.Kernel;

namespace Commerce.Journal;

/// <summary>
/// Text that can be sent to PostgreSQL. Half of a surrogate pair cannot be encoded, and Npgsql detects that in the middle of a message,
/// after which its connection is unusable: so it is detected before.
/// </summary>
public static class EncodableText
{
    private static readonly UTF8Encoding Strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <exception cref="ArgumentException">Some text of the append cannot be sent.</exception>
    public static void Check(AppendRequest append)
    {
        Check(append.Entity, append.Entity.Kind);
        Check(append.Entity, append.Entity.Key);
        Check(append.Entity, append.OperationId);
        Check(append.Entity, append.Fingerprint);
        Check(append.Entity, append.Answer);
        Check(append.Entity, append.Caller);
        Check(append.Entity, append.Cause);
        Check(append.Entity, append.TraceParent);
        Check(append.Entity, append.Snapshot?.Shape);
        Check(append.Entity, append.Snapshot?.Json);
        foreach (var fact in append.Facts)
        {
            Check(append.Entity, fact.Type);
            Check(append.Entity, fact.Json);
        }

        if (append.Take is null && append.Release is null) return;
        foreach (var claim in (append.Take ?? []).Concat(append.Release ?? []))
        {
            Check(append.Entity, claim.Scope);
            Check(append.Entity, claim.Value);
        }
    }

    /// <exception cref="ArgumentException">It cannot be sent.</exception>
    public static void Check(EntityId entity, string? text)
    {
        if (text is null || !text.AsSpan().ContainsAnyInRange('\ud800', '\udfff')) return;
        try
        {
            Strict.GetByteCount(text);
        }
        catch (EncoderFallbackException problem)
        {
            throw new ArgumentException($"{entity}: this text holds half of a surrogate pair and cannot be kept: {Clean(text)}", problem);
        }
    }

    /// <summary>
    /// The text with a mark in the place of what cannot be kept, NUL and half of a surrogate pair; for text that is only for people.
    /// </summary>
    public static string Clean(string text) => text.Contains('\0') || text.AsSpan().ContainsAnyInRange('\ud800', '\udfff')
        ? Encoding.UTF8.GetString(Encoding.UTF8.GetBytes(text)).Replace('\0', '\ufffd') : text;
}
