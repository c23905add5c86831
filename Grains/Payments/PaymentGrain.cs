using Commerce.Kernel;
using Commerce.Payments;

namespace Commerce.Grains;

/// <summary>A payment, with an address in the cluster.</summary>
[GrainType("payment")]
internal sealed class PaymentGrain(IGrainContext context, EntityHost host) : EntityGrain<IPayment>(context, host), IPaymentGrain
{
    public Task<Result<PaymentView>> Authorize(AuthorizePayment command, CallContext call) => Entity.Authorize(command, call);

    public Task<Result<PaymentView>> Capture(MoveMoney command, CallContext call) => Entity.Capture(command, call);

    public Task<Result<PaymentView>> Void(VoidPayment command, CallContext call) => Entity.Void(command, call);

    public Task<Result<PaymentView>> Refund(MoveMoney command, CallContext call) => Entity.Refund(command, call);

    public Task Continue(CallContext call) => Entity.Continue(call);

    public Task<PaymentView?> Get() => Entity.Get();

    public Task<PaymentView?> WhenSettled(DateTimeOffset deadline) => Entity.WhenSettled(deadline);
}
