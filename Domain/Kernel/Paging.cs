namespace Commerce.Kernel;

/// <summary>
/// Marks a contract of lists and reports. Read models answer them, so they may lag behind by moments; the class that does is found by this.
/// </summary>
public interface IQueries;

/// <summary>A page of a list, and the cursor of the next; no cursor: this was the last.</summary>
/// <param name="Items">In the list's order.</param>
/// <param name="Next">Opaque; give it back to get what follows. Null at the end.</param>
public sealed record Page<T>(IReadOnlyList<T> Items, string? Next);

/// <summary>The requested page.</summary>
/// <param name="Limit">Maximum number of items, 1 to <see cref="MaxLimit"/>.</param>
/// <param name="Cursor">From the page before; null: the first.</param>
public sealed record PageRequest(int Limit = PageRequest.DefaultLimit, string? Cursor = null)
{
    /// <summary>When the caller does not say.</summary>
    public const int DefaultLimit = 50;

    /// <summary>The most that one page holds.</summary>
    public const int MaxLimit = 500;
}

/// <summary>A cursor that this list never gave out, or that belongs to another list.</summary>
public sealed class BadCursorException(string cursor) : Exception($"'{cursor}' is not a cursor of this list.")
{
    /// <summary>What the caller sent.</summary>
    public string Cursor { get; } = cursor;
}
