using Commerce.Journal;
using Commerce.Kernel;
using Commerce.Ledger;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Commerce.ApiGateway;

/// <summary>What was posted to all accounts in a period.</summary>
/// <param name="TimeZone">Whose days the period has: <c>Europe/London</c>.</param>
/// <param name="Balanced">True when debits equal credits in every currency.</param>
/// <param name="Rows">Per currency and account, in minor units.</param>
internal sealed record TrialBalance(string TimeZone, bool Balanced, IReadOnlyList<AccountBalance> Rows);

/// <summary>The accounts of the ledger.</summary>
/// <param name="Accounts">Every account, whether or not anything was posted to it.</param>
internal sealed record LedgerAccounts(IReadOnlyList<LedgerAccount> Accounts);

/// <summary>One account of the ledger.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Type">Assets, expenses and contra income grow by debits; liabilities and income by credits.</param>
/// <param name="Description">What is booked on it.</param>
/// <param name="HasParties">True when it has a balance for each party.</param>
/// <param name="Balances">One for each currency that anything was posted in, in minor units; a balance is debit less credit.</param>
internal sealed record LedgerAccount(
    string Name, AccountType Type, string Description, bool HasParties, IReadOnlyList<AccountBalance> Balances);

/// <summary>Closes the books.</summary>
/// <param name="Through">The last day that is closed, in the shop's time zone; it must be over.</param>
internal sealed record Closing(DateOnly Through);

/// <summary>The double-entry ledger over HTTP.</summary>
internal sealed class LedgerEndpoints : IEndpoints
{
    /// <summary>Where books and reports stand.</summary>
    public static readonly Heading Heading = new("Ledger", "The double-entry books that follow from all of it, and sales by day.");

    private const string ClosingExample = """{ "through": "2025-12-31" }""";

    private static readonly QueryParameter<string> Account = Query.OneOf(
        "account", "Only entries that touch this account.", [.. ChartOfAccounts.All.Select(a => a.Name)]);
    private static readonly QueryParameter<string> Party = Query.Words("party", "Only what was posted for this party, such as a customer.");
    private static readonly QueryParameter<string> Reference = Query.Words("reference", "Only entries of this order or credit note.");
    private static readonly QueryParameter<DateOnly?> FirstDay = Query.Day("from", "The first day.");
    private static readonly QueryParameter<DateOnly?> LastDay = Query.Day("to", "The last day, included.");
    private static readonly QueryParameter<Moment?> From = Query.From("Booked");
    private static readonly QueryParameter<Moment?> To = Query.To("Booked");

    public static IReadOnlyDictionary<string, string> Codes { get; } = new Dictionary<string, string>
    {
        ["already_closed"] = "The books are closed up to this day, or a later one, already.",
        ["invalid_through"] = "The day is not over yet.",
    };

    public static void Map(IEndpointRouteBuilder routes)
    {
        var area = routes.Area(Heading);
        area.MapGet("/ledger/accounts", Accounts)
            .Needs("ledger:read").As("listLedgerAccounts", "The accounts of the ledger with their balances").Takes(Party)
            .Means(200, "Every account.");
        area.MapGet("/ledger/trial-balance", Balance)
            .Needs("ledger:read")
            .As("getTrialBalance", "The trial balance, per currency and account").Takes(FirstDay, LastDay, Query.TimeZone)
            .Means(200, "What was posted in the period.");
        area.MapGet("/ledger/entries", Entries)
            .Needs("ledger:read")
            .As("listLedgerEntries", "Lists ledger entries, oldest first").Paged(Account, Reference, From, To, Query.TimeZone)
            .Means(200, "A page of entries, by the time that they are booked at.");
        area.MapGet("/ledger/closing", GetClosing)
            .Needs("ledger:read").As("getClosing", "Gets up to which day the books are closed")
            .Means(200, "The last closing; without 'closedThrough' there was none.");
        area.MapPut("/ledger/closing", Close)
            .Needs("ledger:close").As("closeBooks", "Closes the books up to a day, for good",
                "Nothing can be dated into closed days any more. What happened there and is booked later is booked on the first open day, "
                + "with its own day as 'documentDate'. From 'finalAt' on the closed days stay as they are.")
            .Reads<Closing>(ClosingExample).Changes()
            .Refuses(409, "already_closed").Refuses(422, "invalid_through")
            .Means(200, "Closed.");
    }

    private static async Task<Results<Ok<BooksView>, NotModified>> GetClosing(ApiRequest request, IEntities entities)
    {
        var view = (await request.InTime(entities.Get<IBooks>(IBooks.Key).Get()))!;
        return ApiResults.Found(request, view, view.Version);
    }

    private static async Task<Ok<BooksView>> Close(ApiRequest request, IEntities entities)
    {
        var body = await request.Read<Closing>();
        var command = new CloseBooks(body.Through, request.Calendar.Start(body.Through.AddDays(1)));
        var view = await request.Change(command, call => entities.Get<IBooks>(IBooks.Key).Close(command, call));
        return ApiResults.Ok(request, view, view.Version);
    }

    private static async Task<Ok<LedgerAccounts>> Accounts(ApiRequest request, ILedgerQueries ledger)
    {
        var rows = request.Get(Party) is { } party
            ? await ledger.BalancesOf(party, request.Cancel)
            : await ledger.TrialBalance(null, null, request.Cancel);
        var balances = rows.ToLookup(r => r.Account);
        return TypedResults.Ok(new LedgerAccounts([.. ChartOfAccounts.All.Select(a => new LedgerAccount(
            a.Name, a.Type, a.Description, a.HasParties, [.. balances[a.Name]]))]));
    }

    private static async Task<Ok<TrialBalance>> Balance(ApiRequest request, ILedgerQueries ledger)
    {
        var ((first, last), calendar) = (request.Range(FirstDay, LastDay), request.Calendar);
        DateTimeOffset? from = first is { } begin ? calendar.Start(begin) : null;
        DateTimeOffset? to = last is { } end ? calendar.Start(end.AddDays(1)) : null;
        var rows = await ledger.TrialBalance(from, to, request.Cancel);
        var balanced = rows.GroupBy(r => r.Currency).All(c => c.Sum(r => (decimal)r.Debit) == c.Sum(r => (decimal)r.Credit));
        return TypedResults.Ok(new TrialBalance(calendar.TimeZone, balanced, rows));
    }

    private static async Task<Ok<Page<LedgerEntry>>> Entries(ApiRequest request, ILedgerQueries ledger)
    {
        var (from, to) = request.Range(From, To);
        return ApiResults.Page(request, await ledger.Entries(
            request.Get(Account), request.Get(Reference), from, to, request.Page, request.Cancel));
    }
}
