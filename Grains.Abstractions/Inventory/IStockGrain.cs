using Commerce.Inventory;
using Orleans.CodeGeneration;

namespace Commerce.Grains;

/// <summary>The stock of one SKU, with an address in the cluster.</summary>
[Alias("commerce.stock")]
[Version(1)]
public interface IStockGrain : IStock, IGrainWithStringKey;
