namespace Commerce.Engine;

/// <summary>
/// When an entity keeps a snapshot: as soon as reading its facts would cost more than reading its state (J5). A large state is written less
/// often than a small one.
/// </summary>
internal sealed class SnapshotPolicy
{
    private const int MinBytes = 16 * 1024;
    private const int RowBytes = 200; // fixed cost of reading a row, expressed in bytes

    private int _sinceLast;
    private int _due = MinBytes;

    /// <summary>True when the next append with facts takes a snapshot along.</summary>
    public bool IsDue => _sinceLast >= _due;

    /// <summary>The entity has this fact more than its snapshot.</summary>
    public void Add(int factBytes) => _sinceLast += RowBytes + factBytes;

    /// <summary>The snapshot has this size; null: there is none.</summary>
    public void Restart(int? snapshotBytes) => (_sinceLast, _due) = (0, Math.Max(MinBytes, snapshotBytes ?? 0));

    /// <summary>A snapshot was not committed: it is still due.</summary>
    public void Retry() => _sinceLast = _due;
}
