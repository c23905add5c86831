namespace Commerce.Kernel;

/// <summary>
/// Which days of the shop's books are closed. The ledger keeps it; capabilities that date something ask here, so that none of them needs
/// the ledger, which follows them.
/// </summary>
public interface IBooks : IEntity
{
    /// <summary>The key of the only one.</summary>
    public const string Key = "shop";

    /// <summary>
    /// Closes all days up to one, for good. The same again: accepted. Refused: <c>may_not_close</c>, <c>invalid_through</c>,
    /// <c>already_closed</c>.
    /// </summary>
    Task<Result<BooksView>> Close(CloseBooks command, CallContext call);

    /// <summary>What is closed; never null.</summary>
    [Interleaved]
    Task<BooksView?> Get();
}

/// <summary>Closes the books.</summary>
/// <param name="Through">The last day that is closed.</param>
/// <param name="OpenFrom">The first instant of the day after, in the shop's time zone.</param>
public sealed record CloseBooks(DateOnly Through, DateTimeOffset OpenFrom);

/// <summary>Which days are closed.</summary>
/// <param name="ClosedThrough">The last day that is closed; null: none is.</param>
/// <param name="OpenFrom">The first instant that something can be dated at; null: any.</param>
/// <param name="FinalAt">
/// From then on the closed days stay as they are. Until then an entry may still be posted there that was on its way when they were closed.
/// </param>
/// <param name="Version">Of the books.</param>
public sealed record BooksView(DateOnly? ClosedThrough, DateTimeOffset? OpenFrom, DateTimeOffset? FinalAt, long Version) : IVersioned;

/// <summary>What the books mean for others.</summary>
public static class Books
{
    /// <summary>Which days are closed, or were a moment ago (decision 18); for what is booked all the time.</summary>
    public static async Task<BooksView> Seen(IEntities entities) =>
        (await entities.Replica<IBooks, BooksView>(IBooks.Key, b => b.Get()))!;

    /// <summary>
    /// The refusal of a time that a caller gives and that lies in closed days; null when it does not. What the system itself dates is the
    /// outcome of something older, and is booked on the first open day.
    /// </summary>
    public static async Task<Refusal?> RefusalIfClosed(IEntities entities, string field, DateTimeOffset? time, CallContext call)
    {
        if (time is null || call.Caller.IsSystem) return null;
        var books = await entities.Get<IBooks>(IBooks.Key).Get();
        return books is not { OpenFrom: { } from, ClosedThrough: { } last } || time >= from
            ? null
            : Refusals.Invalid(
                "period_closed", field, $"{time?.Text()} lies in a closed period: the books are closed through {last:yyyy-MM-dd}.",
                $"Give a time from {from.Text()} on, or leave it out for now.");
    }
}
