namespace Commerce.Grains;

/// <summary>Rings the alarms of Payments.</summary>
[GrainType("payments-alarms")]
[OfCapability("Payments")]
internal sealed class PaymentsAlarms(IGrainContext context, AlarmHost host) : AlarmsGrain(context, host);
