using Commerce.Customers;
using Commerce.Kernel;
using Commerce.Orders;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Commerce.ApiGateway;

/// <summary>What a person may ask for: to have their data, and to have it erased (decision 24).</summary>
internal sealed class ErasureEndpoints : IEndpoints
{
    private static readonly Heading Heading =
        new("Personal data", "What a person may ask for: to have their data, and to have it erased.", "Operations");

    private const string Waits =
        "Answers 202: it waits for orders that are open and payments that are under way, and goes on by itself. "
        + "The same request again tells how far it is.";

    public static IReadOnlyDictionary<string, string> Codes { get; } = new Dictionary<string, string>
    {
        ["erased"] = "The personal data of this was erased, or is about to be, so that nothing can be done with it any more.",
        ["unknown_erasure"] = "There is no such thing, or nobody has asked for its erasure.",
    };

    public static void Map(IEndpointRouteBuilder routes)
    {
        var orders = routes.Area(OrderEndpoints.Heading, OrderEndpoints.Id);
        orders.MapPost("/orders/{id}/erasure", EraseOrder)
            .Needs("orders:erase")
            .As("eraseOrder", "Erases the personal data of one order, such as a guest's", Waits).Under(Heading).Changes(versioned: false)
            .Means(202, "How far it is, and what it waits for.");
        orders.MapGet("/orders/{id}/erasure", GetOfOrder)
            .Needs("orders:erase")
            .As("getOrderErasure", "How far the erasure of an order is").Under(Heading).Refuses(404, "unknown_erasure")
            .Means(200, "How far it is, and what it waits for.");
        var customers = routes.Area(CustomerEndpoints.Heading, CustomerEndpoints.Id);
        customers.MapGet("/customers/{id}/export", Export)
            .Needs("customers:export")
            .As("exportCustomer", "All that is kept about a customer: every fact of theirs, of their orders and payments")
            .Under(Heading).Refuses(410, "erased").Means(200, "The facts.");
        customers.MapPost("/customers/{id}/erasure", EraseCustomer)
            .Needs("customers:erase")
            .As("eraseCustomer", "Erases all personal data of a customer and of their orders", Waits).Under(Heading)
            .Changes(versioned: false)
            .Means(202, "How far it is, and what it waits for.");
        customers.MapGet("/customers/{id}/erasure", GetOfCustomer)
            .Needs("customers:erase")
            .As("getCustomerErasure", "How far the erasure of a customer is").Under(Heading).Refuses(404, "unknown_erasure")
            .Means(200, "How far it is, and what it waits for.");
    }

    private static async Task<Ok<CustomerExport>> Export(string id, ApiRequest request, IEntities entities, PersonExport export)
    {
        var customer = await request.Find(Customer(entities, id).Get(), "customer", id);
        if (customer.Erasure == ErasureStatus.Erased) throw new ProblemException(Problems.Of(Refusals.Erased("customer", id)));
        return TypedResults.Ok(await export.Of(customer, TimelineReader.IsStaff(request), request.Cancel));
    }

    private static async Task<Accepted<CustomerErasure>> EraseCustomer(string id, ApiRequest request, IEntities entities)
    {
        var erasure = await request.Change(new { id }, Customer(entities, id).Erase);
        return ApiResults.Accepted(request, $"/customers/{id}/erasure", erasure, erasure.Version);
    }

    private static async Task<Ok<CustomerErasure>> GetOfCustomer(string id, ApiRequest request, IEntities entities)
    {
        await request.Find(Customer(entities, id).Get(), "customer", id);
        return await request.InTime(Customer(entities, id).GetErasure()) is { } erasure
            ? ApiResults.Ok(request, erasure, erasure.Version)
            : throw Problems.Unknown("erasure", id);
    }

    private static async Task<Accepted<OrderErasure>> EraseOrder(string id, ApiRequest request, IEntities entities)
    {
        var erasure = await request.Change(new { id }, Order(entities, id).Erase);
        return ApiResults.Accepted(request, $"/orders/{id}/erasure", erasure, erasure.Version);
    }

    private static async Task<Ok<OrderErasure>> GetOfOrder(string id, ApiRequest request, IEntities entities)
    {
        await request.Find(Order(entities, id).Get(), "order", id);
        return await request.InTime(Order(entities, id).GetErasure()) is { } erasure
            ? ApiResults.Ok(request, erasure, erasure.Version)
            : throw Problems.Unknown("erasure", id);
    }

    private static ICustomer Customer(IEntities entities, string id) =>
        Ids.Has("cus", id) ? entities.Get<ICustomer>(id) : throw Problems.Unknown("customer", id);

    private static IOrder Order(IEntities entities, string id) =>
        Ids.Has("ord", id) ? entities.Get<IOrder>(id) : throw Problems.Unknown("order", id);
}
