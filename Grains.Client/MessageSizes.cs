namespace Commerce.Grains.Client;

/// <summary>How long a message between processes may be: more is refused before any of it is kept.</summary>
internal static class MessageSizes
{
    /// <summary>Ids, the trace, and how the call is addressed.</summary>
    public const int Header = 1024 * 1024;

    /// <summary>The longest answer is a page of a history.</summary>
    public const int Body = 32 * 1024 * 1024;

    /// <summary>One record in it.</summary>
    public const int Record = 8 * 1024 * 1024;
}
