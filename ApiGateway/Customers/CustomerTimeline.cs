using Commerce.Customers;

namespace Commerce.ApiGateway;

/// <summary>A customer's facts as sentences.</summary>
internal static class CustomerTimeline
{
    /// <summary>What happened, for a person.</summary>
    public static string Tell(object fact) => fact switch
    {
        CustomerRegistered f => $"Registered as {f.Name} <{f.Email}>.",
        ContactChanged f => $"Changed {Changes(f)}.",
        AddressPut f => $"Set the address '{f.Label}' to {f.Address.Line1}, {f.Address.City}, {f.Address.Country}.",
        AddressRemoved f => $"Removed the address '{f.Label}'.",
        ErasureRequested => "Asked for their data to be erased.",
        DocumentsToErase f => $"To be erased first: {(f.Documents.Count == 0 ? "nothing" : string.Join(", ", f.Documents))}.",
        DocumentErased f => $"{f.Document} is erased.",
        CustomerErased => "All personal data was erased.",
        ActivityRecorded { Kind: ActivityKind.OrderConfirmed } f => $"Order {f.Document} over {f.Amount} was confirmed.",
        ActivityRecorded { Kind: ActivityKind.Shipped } f => $"What shipped of {f.Document} is worth {f.Amount}.",
        ActivityRecorded { Kind: ActivityKind.Refunded } f => $"{f.Amount} was given back for {f.Document}.",
        ActivityRecorded { Kind: ActivityKind.PrepaymentRefunded } f =>
            $"{f.Amount} that had been paid ahead for {f.Document} was given back.",
        ActivityRecorded { Kind: ActivityKind.CreditPaidOut } f =>
            $"{f.Amount} of the credit from {f.Document} was paid out.",
        ActivityRecorded { Kind: ActivityKind.OrderClosed } f => $"Order {f.Document} was closed before all of it had shipped.",
        _ => throw new InvalidOperationException($"A customer's timeline has no sentence for {fact.GetType().Name}."),
    };

    private static string Changes(ContactChanged fact) => string.Join(", ", ((string[])
    [
        fact.Name is null ? "" : $"the name to {fact.Name}",
        fact.Email is null ? "" : $"the e-mail address to {fact.Email}",
        fact.PhoneRemoved ? "the phone to none" : fact.Phone is null ? "" : $"the phone to {fact.Phone}",
    ]).Where(change => change.Length > 0));
}
