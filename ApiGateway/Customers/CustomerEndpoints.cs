using Commerce.Customers;
using Commerce.Kernel;

namespace Commerce.ApiGateway;

/// <summary>Registers a customer.</summary>
/// <param name="Id"><c>cus_…</c>; made from the idempotency key when not given.</param>
/// <param name="Name">1 to 200 characters.</param>
/// <param name="Email">Unique among customers, compared without regard to case.</param>
/// <param name="Phone">Free form, at most 40 characters.</param>
/// <param name="Addresses">By label: <c>shipping</c>, <c>billing</c>, <c>work</c>.</param>
internal sealed record NewCustomer(
    string? Id, string Name, string Email, string? Phone, IReadOnlyDictionary<string, Address>? Addresses);

/// <summary>Customers over HTTP.</summary>
internal static class CustomerEndpoints
{
    private static readonly QueryParameter<string> Name = Query.Words("name", "The beginning of any word of the name, in any case.");
    private static readonly QueryParameter<string> Email = Query.Words("email", "The beginning of the e-mail address, in any case.");

    /// <summary>Adds the routes.</summary>
    public static void MapCustomers(this IEndpointRouteBuilder routes)
    {
        var area = routes.Area("Customers");
        area.MapPost("/customers", Register)
            .As("registerCustomer", "Registers a customer", "An e-mail address belongs to one customer, also when two register at once.")
            .Reads<NewCustomer>(Examples.Customer).Changes(versioned: false)
            .Gives<CustomerView>(201, "Registered.");
        area.MapGet("/customers", Search)
            .As("searchCustomers", "Finds customers by name or e-mail address").Paged(Name, Email)
            .Gives<Page<CustomerView>>(200, "A page of customers, by id.");
        area.MapGet("/customers/{id}", Get)
            .As("getCustomer", "Gets a customer, with lifetime figures")
            .Gives<CustomerView>(200, "The customer.");
        area.MapPatch("/customers/{id}", ChangeContact)
            .As("changeCustomer", "Changes name, e-mail address or phone", "What is not given stays as it is.")
            .Reads<ChangeContact>(Examples.Contact).Changes()
            .Gives<CustomerView>(200, "Changed.");
        area.MapPut("/customers/{id}/addresses/{label}", PutAddress)
            .As("putAddress", "Adds or replaces the address under a label")
            .Reads<Address>(Examples.Address).Changes()
            .Gives<CustomerView>(200, "The customer with the address.");
        area.MapDelete("/customers/{id}/addresses/{label}", RemoveAddress)
            .As("removeAddress", "Removes the address under a label").Changes()
            .Gives<CustomerView>(200, "The customer without the address.");
        area.MapGet("/customers/{id}/timeline", Timeline)
            .As("getCustomerTimeline", "All that has happened to a customer, for a person, oldest first").Paged()
            .Gives<Page<TimelineEntry>>(200, "A page of the timeline.");
    }

    private static async Task<IResult> Register(Request request, IEntities entities)
    {
        var body = await request.Read<NewCustomer>();
        var id = request.NewId("cus", body.Id);
        var command = new RegisterCustomer(body.Name, body.Email, body.Phone, body.Addresses);
        var view = await request.Change(body, call => entities.Get<ICustomer>(id).Register(command, call));
        return Answers.Created(request, $"/customers/{view.Id}", view, view.Version);
    }

    private static async Task<IResult> Search(Request request, ICustomerQueries customers) => Answers.Page(
        request, await customers.Search(request.Get(Name), request.Get(Email), request.Page, request.Cancel));

    private static async Task<IResult> Get(string id, Request request, IEntities entities)
    {
        var view = await request.InTime(Find(entities, id).Get()) ?? throw Problems.Unknown("customer", id);
        return Answers.Ok(request, view, view.Version);
    }

    private static async Task<IResult> ChangeContact(string id, Request request, IEntities entities)
    {
        var customer = Find(entities, id);
        var body = await request.Read<ChangeContact>();
        return Changed(request, await request.Change(body, call => customer.ChangeContact(body, call)));
    }

    private static async Task<IResult> PutAddress(string id, string label, Request request, IEntities entities)
    {
        var customer = Find(entities, id);
        var body = await request.Read<Address>();
        return Changed(request, await request.Change(body, call => customer.PutAddress(new PutAddress(label, body), call)));
    }

    private static async Task<IResult> RemoveAddress(string id, string label, Request request, IEntities entities)
    {
        var customer = Find(entities, id);
        var command = new RemoveAddress(label);
        return Changed(request, await request.Change(command, call => customer.RemoveAddress(command, call)));
    }

    private static async Task<IResult> Timeline(string id, Request request, Timelines timelines)
    {
        if (!Ids.Has("cus", id)) throw Problems.Unknown("customer", id);
        return Answers.Page(request, await timelines.Read(
            CustomersCapability.Definition, "customer", id, request, CustomerTimeline.Tell));
    }

    private static IResult Changed(Request request, CustomerView view) => Answers.Ok(request, view, view.Version);

    private static ICustomer Find(IEntities entities, string id) =>
        Ids.Has("cus", id) ? entities.Get<ICustomer>(id) : throw Problems.Unknown("customer", id);
}
