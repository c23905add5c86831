namespace Commerce.Kernel;

/// <summary>How far the erasure of a person's data has come.</summary>
public enum ErasureStatus
{
    /// <summary>It was asked for, and waits for what is still under way.</summary>
    Requested,

    /// <summary>Done: the keys are destroyed.</summary>
    Erased,
}

/// <summary>The times of erasure that hold for every capability.</summary>
public static class Erasure
{
    /// <summary>
    /// For how long the database's own copies, logs and backups of before may still hold wrapped keys: until the keys that wrap them are
    /// retired, which docs/security.md asks for within this time.
    /// </summary>
    public static readonly TimeSpan KeysRetiredWithin = TimeSpan.FromDays(30);

    /// <summary>
    /// For how many years after the end of the last one invoices are kept: the longest that European tax law asks for.
    /// </summary>
    public const int YearsOfInvoices = 10;

    /// <summary>Until when what an invoice shows is kept.</summary>
    public static DateTimeOffset InvoiceKeptUntil(DateTimeOffset last) =>
        new(last.UtcDateTime.Year + YearsOfInvoices + 1, 1, 1, 0, 0, 0, TimeSpan.Zero);
}
