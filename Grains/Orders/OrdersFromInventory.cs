namespace Commerce.Grains;

/// <summary>Follows Inventory for holds that have expired.</summary>
[ImplicitStreamSubscription("Inventory")]
[OfCapability("Orders")]
[GrainType("orders-from-inventory")]
public sealed class OrdersFromInventory(ReactionHost host) : ReactionGrain(host);
