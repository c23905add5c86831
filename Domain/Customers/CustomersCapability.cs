using Commerce.Kernel;

namespace Commerce.Customers;

/// <summary>Customers: who buys, and what they have bought over time.</summary>
public static class CustomersCapability
{
    /// <summary>Its facts by their kept names.</summary>
    public static readonly FactCatalog Facts = new FactCatalog()
        .Add<CustomerRegistered>("customer-registered")
        .Add<ContactChanged>("contact-changed")
        .Add<AddressPut>("address-put")
        .Add<AddressRemoved>("address-removed")
        .Add<ActivityRecorded>("activity-recorded")
        .Add<ErasureRequested>("erasure-requested")
        .Add<DocumentsToErase>("documents-to-erase")
        .Add<DocumentErased>("document-erased")
        .Add<CustomerErased>("customer-erased");

    public static readonly Capability Definition = new(
        "Customers",
        [EntityKind.Of<ICustomer>("customer", context => new Customer(context))],
        Facts,
        []);
}
