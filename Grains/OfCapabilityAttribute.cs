namespace Commerce.Grains;

/// <summary>
/// Says to which capability a grain class belongs that hosts no entity, such as one that rings alarms or carries facts to reactions: a
/// silo has only those of the capabilities that it hosts. A class that hosts an entity belongs to the capability of its contract.
/// </summary>
[AttributeUsage(AttributeTargets.Class)]
public sealed class OfCapabilityAttribute(string capability) : Attribute
{
    public string Capability { get; } = capability;
}
