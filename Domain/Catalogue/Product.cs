using Commerce.Kernel;

namespace Commerce.Catalogue;

internal sealed class Product(EntityContext context) : IProduct
{
    private readonly Decider<ProductState, ProductFact> _product = context.Decider(ProductRules.Definition);

    public Task<Result<ProductView>> Create(CreateProduct command, CallContext call) =>
        _product.Decide(call, s => ProductRules.Create(context.Key, s, command, call.Caller), View);

    public Task<Result<ProductView>> Revise(ReviseProduct command, CallContext call) =>
        _product.Decide(call, s => ProductRules.Revise(context.Key, s, command), View);

    public Task<Result<ProductView>> SetPrice(Price command, CallContext call) =>
        _product.Decide(call, s => ProductRules.SetPrice(context.Key, s, command), View);

    public Task<Result<ProductView>> Withdraw(CallContext call) =>
        _product.Decide(call, s => ProductRules.Withdraw(context.Key, s), View);

    public Task<Result<ProductView>> Reinstate(CallContext call) =>
        _product.Decide(call, s => ProductRules.Reinstate(context.Key, s), View);

    public Task<ProductView?> Get() => _product.Read(View);

    private ProductView View(ProductState state, long version) => ProductRules.View(context.Key, state, version);
}
