namespace Commerce.Grains;

/// <summary>Follows Payments for what orders wait for.</summary>
[ImplicitStreamSubscription("Payments")]
[OfCapability("Orders")]
[GrainType("orders-from-payments")]
public sealed class OrdersFromPayments(ReactionHost host) : ReactionGrain(host);
