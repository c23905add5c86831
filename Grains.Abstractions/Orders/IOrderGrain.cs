using Commerce.Orders;
using Orleans.CodeGeneration;

namespace Commerce.Grains;

/// <summary>An order, with an address in the cluster.</summary>
[Alias("commerce.order")]
[Version(1)]
public interface IOrderGrain : IOrder, IGrainWithStringKey;
