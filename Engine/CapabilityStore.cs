using Commerce.Kernel;

namespace Commerce.Engine;

/// <summary>Everything a running engine needs of one capability's database.</summary>
/// <param name="Journal">For its entities.</param>
/// <param name="Log">For followers of its facts.</param>
/// <param name="Checkpoints">For its own subscriptions to others' facts.</param>
/// <param name="Alarms">For waking its entities.</param>
public sealed record CapabilityStore(
    Capability Capability, IJournal Journal, IFactLog Log, ICheckpoints Checkpoints, IAlarms Alarms)
{
    /// <summary>Seals and opens what the journal keeps of persons; without keys, nothing personal can be kept.</summary>
    public PersonalData Personal { get; init; } = PersonalData.Withheld;
}
