using Commerce.Kernel;
using Commerce.Catalogue;

namespace Commerce.Grains;

/// <summary>A product, with an address in the cluster.</summary>
[GrainType("product")]
internal sealed class ProductGrain(IGrainContext context, EntityHost host) : EntityGrain<IProduct>(context, host), IProductGrain
{
    public Task<Answer<ProductView>> Create(CreateProduct command, Call call) => Entity.Create(command, call);

    public Task<Answer<ProductView>> Revise(ReviseProduct command, Call call) => Entity.Revise(command, call);

    public Task<Answer<ProductView>> SetPrice(Price command, Call call) => Entity.SetPrice(command, call);

    public Task<Answer<ProductView>> Withdraw(Call call) => Entity.Withdraw(call);

    public Task<Answer<ProductView>> Reinstate(Call call) => Entity.Reinstate(call);

    public Task<ProductView?> Get() => Entity.Get();
}
