namespace Commerce.Grains;

/// <summary>Rings the alarms of Customers.</summary>
[GrainType("customers-alarms")]
[OfCapability("Customers")]
internal sealed class CustomersAlarms(IGrainContext context, AlarmHost host) : AlarmsGrain(context, host);
