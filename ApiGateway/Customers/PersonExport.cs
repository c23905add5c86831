using System.Text.Json;
using Commerce.Customers;
using Commerce.Kernel;
using Commerce.Orders;
using Commerce.Payments;

namespace Commerce.ApiGateway;

/// <summary>All that is kept about a customer.</summary>
/// <param name="CustomerId">Who.</param>
/// <param name="Erasure">How far an erasure has come; null: none was asked for.</param>
/// <param name="Records">The customer, their orders and credit notes, and the payments.</param>
internal sealed record CustomerExport(string CustomerId, ErasureStatus? Erasure, IReadOnlyList<ExportedRecord> Records);

/// <summary>One thing with its history.</summary>
/// <param name="Kind">What it is.</param>
/// <param name="Id">Its id.</param>
/// <param name="Facts">All that has happened to it, in order.</param>
internal sealed record ExportedRecord(string Kind, string Id, IReadOnlyList<ExportedFact> Facts);

/// <summary>Something that happened.</summary>
/// <param name="Version">The version that it made.</param>
/// <param name="At">When it was recorded.</param>
/// <param name="Type">What kind of thing, for programs.</param>
/// <param name="Caller">Who did it; <c>system</c> when it followed by itself. For staff only.</param>
/// <param name="Cause">Whose call it followed from, where it followed by itself. For staff only.</param>
/// <param name="Data">The fact, opened.</param>
internal sealed record ExportedFact(long Version, DateTimeOffset At, string Type, string? Caller, string? Cause, JsonElement Data);

/// <summary>Gathers the facts of a person from the journals of all capabilities that have some.</summary>
internal sealed class PersonExport(TimelineReader timelines, IEntities entities, IOrderQueries orders)
{
    private const int Portion = 500;

    /// <summary>Everything about a customer; for staff, with who caused it.</summary>
    public async Task<CustomerExport> Of(CustomerView customer, bool staff, CancellationToken cancel)
    {
        var id = customer.Id;
        var (own, facts) = await Read(CustomersCapability.Definition, "customer", id, staff, cancel);
        var records = new List<ExportedRecord> { own };
        foreach (var document in await Documents(id, facts, cancel))
            if (Ids.Has("crn", document))
                records.Add((await Read(OrdersCapability.Definition, "credit_note", document, staff, cancel)).Record);
            else records.AddRange(await OfOrder(document, staff, cancel));
        return new CustomerExport(id, customer.Erasure, records);
    }

    private async Task<IReadOnlyList<ExportedRecord>> OfOrder(string id, bool staff, CancellationToken cancel)
    {
        var records = new List<ExportedRecord> { (await Read(OrdersCapability.Definition, "order", id, staff, cancel)).Record };
        var view = await entities.Get<IOrder>(id).Get();
        foreach (var payment in view?.Payments ?? [])
            records.Add((await Read(PaymentsCapability.Definition, "payment", payment.Id, staff, cancel)).Record);
        return records;
    }

    // What is under way has left no trace at the customer yet, and what has just happened is on no list.
    private async Task<IReadOnlyList<string>> Documents(string id, IReadOnlyList<object> facts, CancellationToken cancel)
    {
        var found = facts.OfType<ActivityRecorded>().Select(a => a.Document).ToList();
        for (string? cursor = null; ;)
        {
            var page = await orders.List(
                new OrderFilter(CustomerId: id), Reach.Everything, new PageRequest(PageRequest.MaxLimit, cursor), cancel);
            found.AddRange(page.Items.Select(o => o.Id));
            if (page.Next is null) return [.. found.Distinct()];
            cursor = page.Next;
        }
    }

    private async Task<(ExportedRecord Record, IReadOnlyList<object> Facts)> Read(
        Capability capability, string kind, string id, bool staff, CancellationToken cancel)
    {
        var (facts, opened) = (new List<ExportedFact>(), new List<object>());
        for (var after = 0L; ;)
        {
            var read = await timelines.LogOf(capability).History(new EntityId(kind, id), after, Portion, cancel);
            foreach (var recorded in read)
            {
                var fact = timelines.Open(capability, recorded);
                opened.Add(fact);
                facts.Add(new ExportedFact(
                    recorded.Version, recorded.At, TimelineReader.NameOf(recorded), staff ? recorded.Caller : null,
                    staff ? recorded.Cause : null,
                    JsonSerializer.SerializeToElement(fact, fact.GetType(), RequestBody.Json)));
            }

            if (read.Count < Portion) return (new ExportedRecord(kind, id, facts), opened);
            after = read[^1].Version;
        }
    }
}
