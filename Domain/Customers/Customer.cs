using Commerce.Kernel;

namespace Commerce.Customers;

/// <summary>A customer, with an address.</summary>
public sealed class Customer(EntityContext context) : Entity<CustomerState, CustomerFact>(context), ICustomer
{
    /// <inheritdoc/>
    protected override CustomerState Initial => CustomerState.Initial;

    /// <inheritdoc/>
    protected override string Shape => "customer/1";

    /// <inheritdoc/>
    protected override TimeSpan Trusted => TimeSpan.FromMinutes(1); // every order reads it, and it seldom changes

    /// <inheritdoc/>
    public Task<Result<CustomerView>> Register(RegisterCustomer command, CallContext call) =>
        Execute(call, s => CustomerRules.Register(Key, s, command, Now), View);

    /// <inheritdoc/>
    public Task<Result<CustomerView>> ChangeContact(ChangeContact command, CallContext call) =>
        Execute(call, s => CustomerRules.ChangeContact(Key, s, command), View);

    /// <inheritdoc/>
    public Task<Result<CustomerView>> PutAddress(PutAddress command, CallContext call) =>
        Execute(call, s => CustomerRules.PutAddress(Key, s, command), View);

    /// <inheritdoc/>
    public Task<Result<CustomerView>> RemoveAddress(RemoveAddress command, CallContext call) =>
        Execute(call, s => CustomerRules.RemoveAddress(Key, s, command), View);

    /// <inheritdoc/>
    public Task<Result<CustomerView>> RecordActivity(OrderActivity command, CallContext call) =>
        Execute(call, s => CustomerRules.RecordActivity(Key, s, command), View);

    /// <inheritdoc/>
    public async Task<CustomerView?> Get()
    {
        var (state, version) = await Read();
        return version == 0 ? null : View(state, version);
    }

    /// <inheritdoc/>
    protected override CustomerState Evolve(CustomerState state, CustomerFact fact) => CustomerRules.Evolve(state, fact);

    /// <inheritdoc/>
    protected override IEnumerable<UniqueValue> Claims(CustomerState state) =>
        state.Name is null ? [] : [CustomerRules.EmailClaim(state.Email)];

    /// <inheritdoc/>
    protected override Refusal Taken(UniqueValue claim, EntityId owner) => CustomerRules.EmailTaken(claim.Value);

    private CustomerView View(CustomerState state, long version) => CustomerRules.View(Key, state, version);
}
