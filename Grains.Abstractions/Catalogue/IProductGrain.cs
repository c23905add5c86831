using Commerce.Catalogue;
using Orleans.CodeGeneration;

namespace Commerce.Grains;

/// <summary>A product, with an address in the cluster.</summary>
[Alias("commerce.product")]
[Version(1)]
public interface IProductGrain : IProduct, IGrainWithStringKey;
