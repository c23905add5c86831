namespace Commerce.Kernel;

/// <summary>Texts from outside as they are shown back to a caller, logged or recorded.</summary>
public static class Text
{
    private const int Shown = 80;

    /// <summary>The value, cut where it is long, without control characters.</summary>
    public static string Shorten(string? value)
    {
        if (string.IsNullOrEmpty(value)) return "";
        var shown = value.Length > Shown ? string.Concat(value.AsSpan(0, Shown), "…") : value;
        return string.Concat(shown.Select(c => char.IsControl(c) || char.IsSurrogate(c) ? '\uFFFD' : c));
    }
}
