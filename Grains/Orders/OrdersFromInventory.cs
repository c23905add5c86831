namespace Commerce.Grains;

/// <summary>Follows Inventory for holds that have expired.</summary>
[ImplicitStreamSubscription("Inventory")]
[GrainType("orders-from-inventory")]
[OfCapability("Orders")]
public sealed class OrdersFromInventory(ReactionHost host) : ReactionGrain(host);
