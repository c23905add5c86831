namespace Commerce.Ledger;

/// <summary>What happens to the books: days are closed.</summary>
/// <param name="Through">The last day that is closed.</param>
/// <param name="OpenFrom">The first instant of the day after.</param>
/// <param name="ClosedAt">When it was done.</param>
public sealed record BooksClosed(DateOnly Through, DateTimeOffset OpenFrom, DateTimeOffset ClosedAt);
