using Commerce.Kernel;
using Commerce.Payments;

namespace Commerce.Grains;

/// <summary>A payment, with an address in the cluster.</summary>
[GrainType("payment")]
internal sealed class PaymentGrain(IGrainContext context, EntityHost host) : EntityGrain<IPayment>(context, host), IPaymentGrain
{
    public Task<Answer<PaymentView>> Authorize(AuthorizePayment command, Call call) => Entity.Authorize(command, call);

    public Task<Answer<PaymentView>> Capture(MoveMoney command, Call call) => Entity.Capture(command, call);

    public Task<Answer<PaymentView>> Void(VoidPayment command, Call call) => Entity.Void(command, call);

    public Task<Answer<PaymentView>> Refund(MoveMoney command, Call call) => Entity.Refund(command, call);

    public Task Continue(Call call) => Entity.Continue(call);

    public Task<PaymentView?> Get() => Entity.Get();

    public Task<PaymentView?> WhenSettled(DateTimeOffset deadline) => Entity.WhenSettled(deadline);
}
