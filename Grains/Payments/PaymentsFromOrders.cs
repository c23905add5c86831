namespace Commerce.Grains;

/// <summary>Follows Orders for what is to be booked in the ledger.</summary>
[ImplicitStreamSubscription("Orders")]
[OfCapability("Payments")]
[GrainType("payments-from-orders")]
public sealed class PaymentsFromOrders(ReactionHost host) : ReactionGrain(host);
