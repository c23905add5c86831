using System.Collections.Immutable;
using Commerce.Kernel;

namespace Commerce.Customers;

/// <summary>How far the erasure of a customer has come.</summary>
/// <param name="RequestedAt">When it was asked for.</param>
/// <param name="SearchedTo">Up to which version the customer's facts were searched for orders.</param>
/// <param name="Searched">True when all of them were.</param>
/// <param name="WaitsFor">The orders and credit notes that have to be erased first.</param>
/// <param name="ErasedAt">When nothing was left.</param>
public sealed record CustomerErasing(
    DateTimeOffset RequestedAt, long SearchedTo, bool Searched, ImmutableSortedSet<string> WaitsFor, DateTimeOffset? ErasedAt);

/// <summary>One thing that a customer does by itself to be erased.</summary>
public abstract record CustomerStep(string Name) : ProcessStep(Name)
{
    /// <summary>Find the customer's orders in what is recorded of them.</summary>
    public sealed record Search(long After) : CustomerStep($"search/{After}");

    /// <summary>Let go of what the customer itself has.</summary>
    public sealed record Erase() : CustomerStep("erase");
}

/// <summary>
/// The erasure of a customer (decision 24): orders first, each of which waits until it is at rest, as they need the name for the invoice;
/// then the customer. Orders report what was erased.
/// </summary>
public static class CustomerErasureRules
{
    /// <summary>The next step; null: nothing to do, or orders have to be erased first.</summary>
    public static CustomerStep? Next(CustomerState state) => state.Erasing switch
    {
        { Searched: false } searching => new CustomerStep.Search(searching.SearchedTo),
        { ErasedAt: null, WaitsFor.IsEmpty: true } => new CustomerStep.Erase(),
        _ => null,
    };

    /// <summary>The person wants their data erased.</summary>
    public static Decision<CustomerFact> Request(string id, CustomerState state, DateTimeOffset now)
    {
        if (state.Name is null) return CustomerRules.Unknown(id);
        return state.Erasing is null ? new ErasureRequested(now) : Decision<CustomerFact>.Nothing;
    }

    /// <summary>A part of what is recorded of the customer was searched.</summary>
    /// <param name="state">Its state.</param>
    /// <param name="recorded">The facts after <see cref="CustomerErasing.SearchedTo"/>, in order.</param>
    /// <param name="searchedTo">The version of the last one.</param>
    /// <param name="all">True when there are no more.</param>
    public static Decision<CustomerFact> Found(CustomerState state, IEnumerable<object> recorded, long searchedTo, bool all)
    {
        if (state.Erasing is not { Searched: false }) return Decision<CustomerFact>.Nothing;
        return new DocumentsToErase(
            [.. recorded.OfType<ActivityRecorded>().Select(a => a.Document).Distinct().Except(state.Erasing.WaitsFor)], searchedTo, all);
    }

    /// <summary>What turns up of an order once the erasure was asked for: it is to be erased, too, or has been.</summary>
    public static IEnumerable<CustomerFact> AlsoToErase(CustomerState state, string document)
    {
        if (state.Erasing is { } erasing && !erasing.WaitsFor.Contains(document))
            yield return new DocumentsToErase([document], erasing.SearchedTo, erasing.Searched);
    }

    /// <summary>An order or credit note is erased.</summary>
    public static Decision<CustomerFact> NoteErased(string id, CustomerState state, string document, DateTimeOffset now)
    {
        if (state.Name is null) return CustomerRules.Unknown(id);
        return state.Erasing?.WaitsFor.Contains(document) == true ? new DocumentErased(document, now) : Decision<CustomerFact>.Nothing;
    }

    /// <summary>All orders are erased: now the customer.</summary>
    public static Decision<CustomerFact> Erased(CustomerState state, DateTimeOffset now) =>
        Next(state) is CustomerStep.Erase ? new CustomerErased(now) : Decision<CustomerFact>.Nothing;

    public static CustomerState Evolve(CustomerState state, CustomerFact fact) => fact switch
    {
        ErasureRequested f => state with { Erasing = new CustomerErasing(f.RequestedAt, 0, false, [], null) },
        DocumentsToErase f => With(state, e => e with
        {
            WaitsFor = e.WaitsFor.Union(f.Documents), SearchedTo = f.SearchedTo, Searched = f.Searched,
        }),
        DocumentErased f => With(state, e => e with
        {
            WaitsFor = e.WaitsFor.Remove(f.Document), ErasedAt = e.ErasedAt is null ? null : f.ErasedAt, // it turned up afterwards
        }),
        CustomerErased f => With(state, e => e with { ErasedAt = f.ErasedAt }) with
        {
            Name = Marks.Erased, Email = "", Phone = null, Addresses = CustomerState.Initial.Addresses,
        },
        _ => throw new InvalidOperationException($"The erasure of customers does not know the fact {fact.GetType().Name}."),
    };

    /// <summary>The erasure as others see it.</summary>
    public static CustomerErasure View(string id, CustomerState state, long version)
    {
        var erasing = state.Erasing!;
        var erasedAt = erasing.WaitsFor.IsEmpty ? erasing.ErasedAt : null; // an order that was under way may turn up after all others
        return new CustomerErasure(
            id, erasedAt is null ? ErasureStatus.Requested : ErasureStatus.Erased, erasing.WaitsFor, erasing.RequestedAt, erasedAt,
            erasedAt + Erasure.KeysRetiredWithin, version);
    }

    private static CustomerState With(CustomerState state, Func<CustomerErasing, CustomerErasing> change) =>
        state with { Erasing = change(state.Erasing!) };
}
