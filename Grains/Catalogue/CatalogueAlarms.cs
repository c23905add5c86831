namespace Commerce.Grains;

/// <summary>Rings the alarms of Catalogue.</summary>
[GrainType("catalogue-alarms")]
[OfCapability("Catalogue")]
internal sealed class CatalogueAlarms(IGrainContext context, AlarmHost host) : AlarmsGrain(context, host);
