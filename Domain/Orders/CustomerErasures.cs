using Commerce.Customers;
using Commerce.Kernel;

namespace Commerce.Orders;

/// <summary>What orders do because a customer wants their data erased (decision 24).</summary>
public static class CustomerErasures
{
    /// <summary>Has the customer's orders and credit notes erased, and says so of those that are already.</summary>
    public static readonly Reaction FromCustomers = new("orders-from-customers", "Customers", [typeof(DocumentsToErase)], React);

    private static async Task React(FactContext delivery)
    {
        var wanted = (DocumentsToErase)delivery.Fact;
        var customer = delivery.Entities.Get<ICustomer>(delivery.Recorded.Entity.Key);
        await Batched.ForEach(wanted.Documents, async document =>
        {
            if (await Erased(delivery.Entities, document, For(document)))
                await customer.NoteErased(new ErasedDocument(document), For($"{document}/noted"));
            return true;
        });

        CallContext For(string part) => delivery.Call.For($"{delivery.Call.OperationId}/{part}");
    }

    private static async Task<bool> Erased(IEntities entities, string document, CallContext call)
    {
        if (Ids.Has("crn", document)) return (await entities.Get<ICreditNote>(document).Erase(call)).Accepted;
        var answer = await entities.Get<IOrder>(document).Erase(call);
        return answer.Accepted
            ? answer.Value.Status == ErasureStatus.Erased
            : throw new InvalidOperationException($"The order '{document}' cannot be erased: {answer.Refusal.Code}.");
    }
}
