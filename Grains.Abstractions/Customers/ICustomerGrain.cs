using Commerce.Customers;
using Orleans.CodeGeneration;

namespace Commerce.Grains;

/// <summary>A customer, with an address in the cluster.</summary>
[Alias("commerce.customer")]
[Version(1)]
public interface ICustomerGrain : ICustomer, IGrainWithStringKey;
