using Commerce.Customers;
using Commerce.Journal;
using Commerce.Kernel;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Commerce.ApiGateway;

/// <summary>Registers a customer.</summary>
/// <param name="Id"><c>cus_…</c>; made from the idempotency key when not given.</param>
/// <param name="Name">1 to 200 characters.</param>
/// <param name="Email">Unique among customers, compared without regard to case.</param>
/// <param name="Phone">Free form, at most 40 characters.</param>
/// <param name="Addresses">By label: <c>shipping</c>, <c>billing</c>, <c>work</c>.</param>
internal sealed record NewCustomer(
    string? Id, string Name, string Email, string? Phone, IReadOnlyDictionary<string, Address>? Addresses);

/// <summary>Changes a customer's name, e-mail address or phone.</summary>
/// <param name="Name">1 to 200 characters.</param>
/// <param name="Email">Unique among customers, compared without regard to case.</param>
/// <param name="Phone">Free form, at most 40 characters; null removes it.</param>
internal sealed record ContactPatch(string? Name, string? Email, string? Phone) : IMergePatch;

/// <summary>Customers over HTTP.</summary>
internal sealed class CustomerEndpoints : IEndpoints
{
    private const string NewExample = """
        {
          "id": "cus_ada",
          "name": "Ada Lovelace",
          "email": "ada@example.com",
          "phone": "+44 20 7946 0000",
          "addresses": { "shipping": { "line1": "12 St James's Square", "city": "London", "postalCode": "SW1Y 4JH", "country": "GB" } }
        }
        """;

    private const string ContactExample = """{ "phone": "+44 20 7946 0001" }""";

    private const string AddressExample =
        """{ "name": "The Analytical Society", "line1": "1 Trinity Lane", "city": "Cambridge", "country": "GB" }""";

    public static readonly Heading Heading = new("Customers", "Who orders: contact, addresses and lifetime figures.");

    public static readonly PathParameter Id = new("id", "The customer's id.", "cus_ada", "unknown_customer");
    private static readonly PathParameter Label =
        new("label", "The address's label: 1 to 40 letters, digits, dashes or underscores.", "work");

    private static readonly QueryParameter<string> Name = Query.Words(
        "name", "Words of the name, or beginnings of them of three letters and more, in any case.");
    private static readonly QueryParameter<string> Email = Query.Words("email", "The whole e-mail address, in any case.");

    public static IReadOnlyDictionary<string, string> Codes { get; } = new Dictionary<string, string>
    {
        ["unknown_customer"] = "There is no customer with this id.",
        ["customer_exists"] = "There is a customer with this id already, and this request is not the one that registered it.",
        ["email_taken"] = "The e-mail address belongs to another customer; upper and lower case are the same.",
        ["invalid_email"] = "The e-mail address cannot be one.",
        ["invalid_phone"] = "The phone number is empty, too long, or has characters that cannot be kept.",
        ["invalid_label"] = "The label of an address has characters that labels do not have.",
        ["too_many_addresses"] = "The customer would have more addresses than one can have.",
        ["invalid_line1"] = "The first line of an address is empty, too long, or has characters that cannot be kept.",
        ["invalid_line2"] = "The second line of an address is empty, too long, or has characters that cannot be kept.",
        ["invalid_city"] = "The city of an address is empty, too long, or has characters that cannot be kept.",
        ["invalid_region"] = "The region of an address is empty, too long, or has characters that cannot be kept.",
        ["invalid_postal_code"] = "The postal code of an address is empty, too long, or has characters that cannot be kept.",
        ["invalid_country"] = "The country is not a two-letter code of ISO 3166 in upper case.",
        ["invalid_name"] = "A name is empty, too long, or has characters that cannot be kept.",
    };

    public static void Map(IEndpointRouteBuilder routes)
    {
        var area = routes.Area(Heading, Id, Label);
        area.MapPost("/customers", Register)
            .Needs("customers:register")
            .As("registerCustomer", "Registers a customer", "An e-mail address belongs to one customer, also when two register at once.")
            .Reads<NewCustomer>(NewExample).Changes(versioned: false)
            .Refuses(403, "may_not_set").Refuses(409, "customer_exists", "email_taken").Refuses(410, "erased")
            .Refuses(422, ["invalid_id", "invalid_email", "invalid_phone", "invalid_label", "too_many_addresses", .. RefusalCodes.Address])
            .Means(201, "Registered.");
        area.MapGet("/customers", Search)
            .Needs("customers:search").As("searchCustomers", "Finds customers by name or e-mail address").Paged(Name, Email)
            .Means(200, "A page of customers, by id.");
        area.MapGet("/customers/{id}", Get)
            .Needs("customers:read").As("getCustomer", "Gets a customer, with lifetime figures")
            .Refuses(410, "erased").Means(200, "The customer.");
        area.MapPatch("/customers/{id}", ChangeContact)
            .Needs("customers:write").As("changeCustomer", "Changes name, e-mail address or phone",
                "What is not given stays as it is; a phone given as null is removed.")
            .Reads<ContactPatch>(ContactExample).Changes()
            .Refuses(409, "email_taken").Refuses(410, "erased").Refuses(422, "invalid_name", "invalid_email", "invalid_phone")
            .Means(200, "Changed.");
        area.MapPut("/customers/{id}/addresses/{label}", PutAddress)
            .Needs("customers:write").As("putAddress", "Adds or replaces the address under a label")
            .Reads<Address>(AddressExample).Changes().Refuses(410, "erased")
            .Refuses(422, ["invalid_label", "too_many_addresses", .. RefusalCodes.Address])
            .Means(200, "The customer with the address.");
        area.MapDelete("/customers/{id}/addresses/{label}", RemoveAddress)
            .Needs("customers:write").As("removeAddress", "Removes the address under a label").Changes().Refuses(410, "erased")
            .Means(200, "The customer without the address.");
        area.MapGet("/customers/{id}/timeline", Timeline)
            .Needs("customers:history").As("getCustomerTimeline", "All that has happened to a customer, for a person, oldest first").Paged()
            .Means(200, "A page of the timeline.");
    }

    private static async Task<Created<CustomerView>> Register(ApiRequest request, IEntities entities)
    {
        var body = await request.Read<NewCustomer>();
        var id = request.Caller.Reach.Customer is { } own ? body.Id ?? own : request.NewId("cus", body.Id);
        var command = new RegisterCustomer(body.Name, body.Email, body.Phone, body.Addresses);
        var view = await request.Change(body, call => entities.Get<ICustomer>(id).Register(command, call));
        return ApiResults.Created(request, $"/customers/{view.Id}", view, view.Version);
    }

    private static async Task<Ok<Page<CustomerView>>> Search(ApiRequest request, ICustomerQueries customers) => ApiResults.Page(
        request, await customers.Search(request.Get(Name), request.Get(Email), request.Caller.Reach, request.Page, request.Cancel));

    private static async Task<Results<Ok<CustomerView>, NotModified>> Get(string id, ApiRequest request, IEntities entities)
    {
        var view = await request.Find(Find(entities, id).Get(), "customer", id);
        return view.Erasure == ErasureStatus.Erased
            ? throw new ProblemException(Problems.Of(Refusals.Erased("customer", id)))
            : ApiResults.Found(request, view, view.Version);
    }

    private static async Task<Ok<CustomerView>> ChangeContact(string id, ApiRequest request, IEntities entities)
    {
        var customer = Find(entities, id);
        var body = await request.Read<ContactPatch>();
        request.Keeps("name", "invalid_name");
        request.Keeps("email", "invalid_email");
        var command = new ChangeContact(body.Name, body.Email, body.Phone, request.Removes("phone"));
        return Changed(request, await request.Change(command, call => customer.ChangeContact(command, call)));
    }

    private static async Task<Ok<CustomerView>> PutAddress(string id, string label, ApiRequest request, IEntities entities)
    {
        var customer = Find(entities, id);
        var body = await request.Read<Address>();
        return Changed(request, await request.Change(body, call => customer.PutAddress(new PutAddress(label, body), call)));
    }

    private static async Task<Ok<CustomerView>> RemoveAddress(string id, string label, ApiRequest request, IEntities entities)
    {
        var customer = Find(entities, id);
        var command = new RemoveAddress(label);
        return Changed(request, await request.Change(command, call => customer.RemoveAddress(command, call)));
    }

    private static async Task<Ok<Page<TimelineEntry>>> Timeline(
        string id, ApiRequest request, IEntities entities, TimelineReader timelines)
    {
        await request.Find(Find(entities, id).Get(), "customer", id);
        return ApiResults.Page(request, await timelines.Read(
            CustomersCapability.Definition, "customer", id, request, CustomerTimeline.Tell));
    }

    private static Ok<CustomerView> Changed(ApiRequest request, CustomerView view) => ApiResults.Ok(request, view, view.Version);

    private static ICustomer Find(IEntities entities, string id) =>
        Ids.Has("cus", id) ? entities.Get<ICustomer>(id) : throw Problems.Unknown("customer", id);
}
