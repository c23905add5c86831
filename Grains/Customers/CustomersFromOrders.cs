namespace Commerce.Grains;

/// <summary>Follows Orders for the customers' figures and timelines.</summary>
[ImplicitStreamSubscription("Orders")]
[OfCapability("Customers")]
[GrainType("customers-from-orders")]
public sealed class CustomersFromOrders(ReactionHost host) : ReactionGrain(host);
