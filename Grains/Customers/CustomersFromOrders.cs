namespace Commerce.Grains;

/// <summary>Follows Orders for the customers' figures and timelines.</summary>
[ImplicitStreamSubscription("Orders")]
[GrainType("customers-from-orders")]
public sealed class CustomersFromOrders(ReactionHost host) : ReactionGrain(host);
