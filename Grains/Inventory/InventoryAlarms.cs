namespace Commerce.Grains;

/// <summary>Rings the alarms of Inventory.</summary>
[GrainType("inventory-alarms")]
[OfCapability("Inventory")]
internal sealed class InventoryAlarms(IGrainContext context, AlarmHost host) : AlarmsGrain(context, host);
