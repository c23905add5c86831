using Commerce.Payments;
using Orleans.CodeGeneration;

namespace Commerce.Grains;

/// <summary>A payment, with an address in the cluster.</summary>
[Alias("commerce.payment")]
[Version(1)]
public interface IPaymentGrain : IPayment, IGrainWithStringKey;
