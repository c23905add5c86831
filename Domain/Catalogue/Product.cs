using Commerce.Kernel;

namespace Commerce.Catalogue;

/// <summary>A product, with an address.</summary>
public sealed class Product(EntityContext context) : Entity<ProductState, ProductFact>(context), IProduct
{
    /// <inheritdoc/>
    protected override ProductState Initial => ProductState.Initial;

    /// <inheritdoc/>
    protected override string Shape => "product/1";

    /// <inheritdoc/>
    protected override TimeSpan Trusted => TimeSpan.FromMinutes(1); // every order reads it, and it seldom changes

    /// <inheritdoc/>
    public Task<Result<ProductView>> Create(CreateProduct command, CallContext call) =>
        Execute(call, s => ProductRules.Create(Key, s, command), View);

    /// <inheritdoc/>
    public Task<Result<ProductView>> Revise(ReviseProduct command, CallContext call) =>
        Execute(call, s => ProductRules.Revise(Key, s, command), View);

    /// <inheritdoc/>
    public Task<Result<ProductView>> SetPrice(Price command, CallContext call) =>
        Execute(call, s => ProductRules.SetPrice(Key, s, command), View);

    /// <inheritdoc/>
    public Task<Result<ProductView>> Withdraw(CallContext call) => Execute(call, s => ProductRules.Withdraw(Key, s), View);

    /// <inheritdoc/>
    public Task<Result<ProductView>> Reinstate(CallContext call) => Execute(call, s => ProductRules.Reinstate(Key, s), View);

    /// <inheritdoc/>
    public async Task<ProductView?> Get()
    {
        var (state, version) = await Read();
        return version == 0 ? null : View(state, version);
    }

    /// <inheritdoc/>
    protected override ProductState Evolve(ProductState state, ProductFact fact) => ProductRules.Evolve(state, fact);

    private ProductView View(ProductState state, long version) => ProductRules.View(Key, state, version);
}
