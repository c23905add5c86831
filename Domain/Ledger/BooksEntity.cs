using Commerce.Kernel;

namespace Commerce.Ledger;

internal sealed class BooksEntity(EntityContext context) : IBooks
{
    private readonly Decider<BooksState, BooksClosed> _books = context.Decider(BooksRules.Definition);

    public Task<Result<BooksView>> Close(CloseBooks command, CallContext call) =>
        _books.Decide(call, s => BooksRules.Close(s, command, context.Now), BooksRules.View);

    // Books that were never closed are seen as well, so that they too are read from copies.
    public async Task<BooksView?> Get()
    {
        var (state, version) = await _books.Read();
        return BooksRules.View(state, version);
    }
}
