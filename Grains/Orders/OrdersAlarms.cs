namespace Commerce.Grains;

/// <summary>Rings the alarms of Orders.</summary>
[GrainType("orders-alarms")]
[OfCapability("Orders")]
internal sealed class OrdersAlarms(IGrainContext context, AlarmHost host) : AlarmsGrain(context, host);
