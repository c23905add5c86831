using Commerce.Kernel;
using Commerce.Orders;

namespace Commerce.ApiGateway;

/// <summary>Credit notes and the sales report over HTTP.</summary>
internal static class CreditNoteEndpoints
{
    private static readonly QueryParameter<string> Customer = Query.Words("customer", "Only this customer's.");
    private static readonly QueryParameter<DateTimeOffset?> From = Query.Instant("from", "Issued at or after this.");
    private static readonly QueryParameter<DateTimeOffset?> To = Query.Instant("to", "Issued before this.");
    private static readonly QueryParameter<DateOnly?> FirstDay = Query.Day(
        "from", "The first day, in UTC; all from the beginning when not given.");
    private static readonly QueryParameter<DateOnly?> LastDay = Query.Day("to", "The last day, included; all to the end when not given.");

    /// <summary>Adds the routes.</summary>
    public static void MapCreditNotes(this IEndpointRouteBuilder routes)
    {
        var area = routes.Area("Orders");
        area.MapPost("/credit-notes", Issue)
            .As("issueCreditNote", "Credits a customer without an order",
                "With 'Prefer: wait=N' it waits until its goods are back on the shelf.")
            .Reads<NewCreditNote>(Examples.CreditNote).Changes(versioned: false, waits: true)
            .Gives<CreditNoteView>(201, "Issued, and its goods are back on the shelf.")
            .Gives<CreditNoteView>(202, "Issued; its goods are being put back.");
        area.MapGet("/credit-notes", List)
            .As("listCreditNotes", "Lists credit notes, the latest first").Paged(Customer, From, To)
            .Gives<Page<CreditNoteView>>(200, "A page of credit notes.");
        area.MapGet("/credit-notes/{id}", Get).As("getCreditNote", "Gets a credit note").Gives<CreditNoteView>(200, "The credit note.");
        area.MapGet("/reports/sales", Sales)
            .As("reportSales", "Sales by UTC day",
                "Orders count on the day they were made, refunds and credits on the day they were given.")
            .Takes(FirstDay, LastDay)
            .Gives<SalesReport>(200, "The days that had trade.");
    }

    private static async Task<IResult> Issue(Request request, IEntities entities)
    {
        var body = await request.Read<NewCreditNote>();
        var id = request.NewId("crn", body.Id);
        var note = entities.Get<ICreditNote>(id);
        var issued = await request.Change(body, call => note.Issue(body.ToCommand(), call));
        return await request.Wait(note.WhenSettled) is { Status: CreditNoteStatus.Completed } settled
            ? Answers.Created(request, $"/credit-notes/{id}", settled, settled.Version)
            : Answers.Accepted(request, $"/credit-notes/{id}", issued, issued.Version);
    }

    private static async Task<IResult> List(Request request, IOrderQueries orders) => Answers.Page(request, await orders.CreditNotes(
        request.Get(Customer), request.Get(From), request.Get(To), request.Page, request.Cancel));

    private static async Task<IResult> Get(string id, Request request, IEntities entities)
    {
        if (!Ids.Has("crn", id)) throw Problems.Unknown("credit_note", id);
        var view = await request.InTime(entities.Get<ICreditNote>(id).Get()) ?? throw Problems.Unknown("credit_note", id);
        return Answers.Ok(request, view, view.Version);
    }

    private static async Task<IResult> Sales(Request request, IOrderQueries orders) => Answers.Ok(new SalesReport(await orders.SalesByDay(
        request.Get(FirstDay) ?? DateOnly.MinValue, request.Get(LastDay) ?? DateOnly.MaxValue, request.Cancel)));
}

/// <summary>Sales by day.</summary>
/// <param name="Days">Days with trade, in order; one row a currency.</param>
internal sealed record SalesReport(IReadOnlyList<SalesDay> Days);
