using Commerce.Kernel;
using Commerce.Customers;

namespace Commerce.Grains;

/// <summary>A customer, with an address in the cluster.</summary>
[GrainType("customer")]
internal sealed class CustomerGrain(IGrainContext context, EntityHost host) : EntityGrain<ICustomer>(context, host), ICustomerGrain
{
    public Task<Result<CustomerView>> Register(RegisterCustomer command, CallContext call) => Entity.Register(command, call);

    public Task<Result<CustomerView>> ChangeContact(ChangeContact command, CallContext call) => Entity.ChangeContact(command, call);

    public Task<Result<CustomerView>> PutAddress(PutAddress command, CallContext call) => Entity.PutAddress(command, call);

    public Task<Result<CustomerView>> RemoveAddress(RemoveAddress command, CallContext call) => Entity.RemoveAddress(command, call);

    public Task<Result<CustomerView>> RecordActivity(OrderActivity command, CallContext call) => Entity.RecordActivity(command, call);

    public Task<CustomerView?> Get() => Entity.Get();
}
