namespace Commerce.Naive;

/// <summary>A grain whose state is one row, written whole.</summary>
/// <typeparam name="T">The state.</typeparam>
internal abstract class StoredGrain<T>(IPersistentState<T> kept) : Grain
{
    /// <summary>The state as it is in memory.</summary>
    protected T State => kept.State;

    /// <summary>Whether it was ever written.</summary>
    protected bool Exists => kept.RecordExists;

    /// <summary>Writes it. A write that failed may have been done, so the next call reads the row again.</summary>
    protected async Task Write()
    {
        try
        {
            await kept.WriteStateAsync();
        }
        catch
        {
            DeactivateOnIdle();
            throw;
        }
    }
}
