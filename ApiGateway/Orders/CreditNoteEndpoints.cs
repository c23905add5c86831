using Commerce.Kernel;
using Commerce.Orders;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Commerce.ApiGateway;

/// <summary>Credit notes and the sales report over HTTP.</summary>
internal sealed class CreditNoteEndpoints : IEndpoints
{
    private const string NewExample = """
        {
          "id": "crn_1",
          "customerId": "cus_ada",
          "currency": "GBP",
          "lines": [ { "sku": "MUG-WHITE", "quantity": 1, "unitPrice": 255, "restock": true } ],
          "reason": "bought in the shop, brought back by post",
          "reference": "till 7"
        }
        """;

    private static readonly Heading Heading = new("Credit notes", "What is credited without an order.", "Returns");

    private static readonly PathParameter Id = new("id", "The credit note's id.", "crn_1", "unknown_credit_note");

    private static readonly QueryParameter<string> Customer = Query.Words("customer", "Only this customer's.");
    private static readonly QueryParameter<Moment?> From = Query.From("Issued");
    private static readonly QueryParameter<Moment?> To = Query.To("Issued");
    private static readonly QueryParameter<DateOnly?> FirstDay = Query.Day(
        "from", "The first day; all from the beginning when not given.");
    private static readonly QueryParameter<DateOnly?> LastDay = Query.Day("to", "The last day, included; all to the end when not given.");

    public static IReadOnlyDictionary<string, string> Codes { get; } = new Dictionary<string, string>
    {
        ["unknown_credit_note"] = "There is no credit note with this id.",
        ["credit_note_exists"] = "There is a credit note with this id already, and this request is not the one that issued it.",
        ["invalid_restock"] = "A service is to be put back on the shelf, and has no stock.",
    };

    public static void Map(IEndpointRouteBuilder routes)
    {
        var area = routes.Area(OrderEndpoints.Heading, Id);
        area.MapPost("/credit-notes", Issue)
            .Needs("orders:credit").As("issueCreditNote", "Credits a customer without an order",
                "With 'Prefer: wait=N' it waits until its goods are back on the shelf.")
            .Reads<NewCreditNote>(NewExample).Changes(versioned: false, waits: true)
            .Refuses(403, "may_not_import").Refuses(409, "credit_note_exists").Refuses(410, "erased")
            .Refuses(
                422, "invalid_id", "invalid_currency", "unknown_customer", "no_lines", "too_many_lines", "unknown_sku",
                "invalid_quantity", "invalid_price", "invalid_reason", "invalid_reference", "invalid_time", "period_closed",
                "total_too_large", "invalid_restock")
            .Means(201, "Issued, and its goods are back on the shelf.")
            .Means(202, "Issued; its goods are being put back.")
            .Under(Heading);
        area.MapGet("/credit-notes", List)
            .Needs("orders:list").As("listCreditNotes", "Lists credit notes, the latest first").Paged(Customer, From, To)
            .Means(200, "A page of credit notes.")
            .Under(Heading);
        area.MapGet("/credit-notes/{id}", Get).Needs("orders:read").As("getCreditNote", "Gets a credit note").Means(200, "The credit note.")
            .Under(Heading);
        area.MapGet("/reports/sales", Sales)
            .Needs("reports:read").As("reportSales", "Sales by day",
                "Orders count on the day they were made, refunds and credits on the day they were given. What is cancelled later is taken "
                + "off the order's day, also when the books of that day are closed: this is trade by order, and the ledger has the books.")
            .Takes(FirstDay, LastDay, Query.TimeZone)
            .Means(200, "The days that had trade.")
            .Under(LedgerEndpoints.Heading);
    }

    private static async Task<Results<Created<CreditNoteView>, Accepted<CreditNoteView>>> Issue(ApiRequest request, IEntities entities)
    {
        var body = await request.Read<NewCreditNote>();
        var id = request.NewId("crn", body.Id);
        var note = entities.Get<ICreditNote>(id);
        var issued = await request.Change(body, call => note.Issue(body.ToCommand(), call));
        return await request.Wait(null, note.WhenSettled) is { Status: CreditNoteStatus.Completed } settled
            ? ApiResults.Created(request, $"/credit-notes/{id}", settled, settled.Version)
            : ApiResults.Accepted(request, $"/credit-notes/{id}", issued, issued.Version);
    }

    private static async Task<Ok<Page<CreditNoteView>>> List(ApiRequest request, IOrderQueries orders)
    {
        var (from, to) = request.Range(From, To);
        return ApiResults.Page(
            request, await orders.CreditNotes(request.Get(Customer), from, to, request.Caller.Reach, request.Page, request.Cancel));
    }

    private static async Task<Results<Ok<CreditNoteView>, NotModified>> Get(string id, ApiRequest request, IEntities entities)
    {
        if (!Ids.Has("crn", id)) throw Problems.Unknown("credit_note", id);
        var view = await request.Find(entities.Get<ICreditNote>(id).Get(), "credit_note", id);
        return ApiResults.Found(request, view, view.Version);
    }

    private static async Task<Ok<SalesReport>> Sales(ApiRequest request, IOrderQueries orders)
    {
        var (first, last) = request.Range(FirstDay, LastDay);
        var calendar = request.Calendar;
        return TypedResults.Ok(new SalesReport(
            calendar.TimeZone, await orders.SalesByDay(calendar, first, last, request.Cancel)));
    }
}

/// <summary>Sales by day.</summary>
/// <param name="TimeZone">Whose days these are: <c>Europe/London</c>.</param>
/// <param name="Days">Days with trade, in order; one row a currency.</param>
internal sealed record SalesReport(string TimeZone, IReadOnlyList<SalesDay> Days);
