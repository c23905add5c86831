using Commerce.Kernel;

namespace Commerce.Ledger;

/// <summary>The books as their rules see them.</summary>
/// <param name="Closed">The last closing; null: none yet.</param>
public sealed record BooksState(BooksClosed? Closed)
{
    public static readonly BooksState Initial = new((BooksClosed?)null);
}

/// <summary>The rules of closing: days that have ended are closed in order, and never opened again.</summary>
public static class BooksRules
{
    /// <summary>
    /// How long an entry may be on its way that was dated before a closing: longer than a copy of the books may be old, and than a commit
    /// takes.
    /// </summary>
    public static readonly TimeSpan FinalAfter = TimeSpan.FromMinutes(5);

    public static readonly EntityDefinition<BooksState, BooksClosed> Definition = new("books/1", BooksState.Initial, Evolve);

    public static BooksState Evolve(BooksState state, BooksClosed fact) => new(fact);

    /// <summary>All days up to one are closed.</summary>
    public static Decision<BooksClosed> Close(BooksState state, CloseBooks command, DateTimeOffset now)
    {
        if (command.OpenFrom > now) return NotOver(command);
        if (state.Closed is not { } closed || command.OpenFrom > closed.OpenFrom)
            return new BooksClosed(command.Through, command.OpenFrom, now);
        return command.OpenFrom == closed.OpenFrom ? Decision<BooksClosed>.Nothing : AlreadyClosed(closed.Through);
    }

    public static BooksView View(BooksState state, long version) => new(
        state.Closed?.Through, state.Closed?.OpenFrom, state.Closed is { } closed ? closed.ClosedAt + FinalAfter : null, version);

    private static Refusal NotOver(CloseBooks command) => Refusals.Invalid(
        "invalid_through", "/through", $"{command.Through:yyyy-MM-dd} is not over yet: it ends at {command.OpenFrom.Text()}.",
        "Give a day that is over.");

    private static Refusal AlreadyClosed(DateOnly through) => new(
        "already_closed", RefusalKind.Conflict,
        $"The books are closed through {through:yyyy-MM-dd} already, and days are not opened again.",
        "Give a later day. What was wrong in a closed period is corrected in an open one.", "/through");
}
