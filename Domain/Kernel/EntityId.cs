namespace Commerce.Kernel;

/// <summary>The name of one entity: its kind and its key, written <c>order/ord_0197…</c>.</summary>
public readonly record struct EntityId(string Kind, string Key)
{
    public override string ToString() => $"{Kind}/{Key}";

    /// <summary>Reads what <see cref="ToString"/> wrote; a key may contain slashes, a kind may not.</summary>
    public static EntityId Parse(string text)
    {
        var slash = text.IndexOf('/');
        return slash > 0 ? new(text[..slash], text[(slash + 1)..]) : throw new FormatException($"'{text}' is not KIND/KEY.");
    }
}
