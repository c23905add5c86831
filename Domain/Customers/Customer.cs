using Commerce.Kernel;

namespace Commerce.Customers;

internal sealed class Customer(EntityContext context) : ICustomer
{
    private readonly Decider<CustomerState, CustomerFact> _customer = context.Decider(CustomerRules.Definition);

    public Task<Result<CustomerView>> Register(RegisterCustomer command, CallContext call) =>
        _customer.Decide(call, s => CustomerRules.Register(context.Key, s, command, call.Caller, context.Now), View, makes: true);

    public Task<Result<CustomerView>> ChangeContact(ChangeContact command, CallContext call) =>
        _customer.Decide(call, s => CustomerRules.ChangeContact(context.Key, s, command), View);

    public Task<Result<CustomerView>> PutAddress(PutAddress command, CallContext call) =>
        _customer.Decide(call, s => CustomerRules.PutAddress(context.Key, s, command), View);

    public Task<Result<CustomerView>> RemoveAddress(RemoveAddress command, CallContext call) =>
        _customer.Decide(call, s => CustomerRules.RemoveAddress(context.Key, s, command), View);

    public Task<Result<CustomerView>> RecordActivity(OrderActivity command, CallContext call) =>
        _customer.Decide(call, s => CustomerRules.RecordActivity(context.Key, s, command), View);

    public Task<CustomerView?> Get() => _customer.Read(View);

    private CustomerView View(CustomerState state, long version) => CustomerRules.View(context.Key, state, version);
}
