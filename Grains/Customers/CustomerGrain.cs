using Commerce.Kernel;
using Commerce.Customers;

namespace Commerce.Grains;

/// <summary>A customer, with an address in the cluster.</summary>
[GrainType("customer")]
internal sealed class CustomerGrain(IGrainContext context, EntityHost host) : EntityGrain<ICustomer>(context, host), ICustomerGrain
{
    public Task<Answer<CustomerView>> Register(RegisterCustomer command, Call call) => Entity.Register(command, call);

    public Task<Answer<CustomerView>> ChangeContact(ChangeContact command, Call call) => Entity.ChangeContact(command, call);

    public Task<Answer<CustomerView>> PutAddress(PutAddress command, Call call) => Entity.PutAddress(command, call);

    public Task<Answer<CustomerView>> RemoveAddress(RemoveAddress command, Call call) => Entity.RemoveAddress(command, call);

    public Task<Answer<CustomerView>> RecordActivity(OrderActivity command, Call call) => Entity.RecordActivity(command, call);

    public Task<CustomerView?> Get() => Entity.Get();
}
