using System.Collections.Concurrent;
using System.Collections.Frozen;
using Commerce.Engine;
using Commerce.Kernel;

namespace Commerce.Grains;

/// <summary>Creates the entities of this silo's grains, and keeps track of those in memory.</summary>
internal sealed class EntityHost(
    HostedCapabilities hosted, PartitionOwners owners, PartitionHandover handover, EngineOptions options, IGrainFactory grains,
    IServiceProvider services)
{
    private readonly FrozenDictionary<string, (EntityKind Kind, CapabilityStore Store)> _kinds = hosted.Stores
        .SelectMany(s => s.Capability.Kinds.Select(k => (Kind: k, Store: s))).ToFrozenDictionary(k => k.Kind.Name);

    private readonly ConcurrentDictionary<GrainId, EntityGrain> _live = new();

    public EngineOptions Options => options;

    public PartitionHandover Handover => handover;

    public DateTimeOffset Now => options.Clock.GetUtcNow();

    /// <summary>An entity, with the ports of its capability.</summary>
    public HostedEntity Create(EntityId id, IEntities entities, Action<EntityId, DateTimeOffset?> wakeAtChanged)
    {
        var (kind, store) = _kinds[id.Kind];
        return new HostedEntity(id, kind, store, entities, services, options, wakeAtChanged);
    }

    public void Arrived(GrainId id, EntityGrain grain) => _live[id] = grain;

    public void Left(GrainId id, EntityGrain grain) => _live.TryRemove(new(id, grain));

    /// <summary>True while an entity is in this silo's memory.</summary>
    public bool Has(GrainId id) => _live.ContainsKey(id);

    /// <summary>True while there are entities that belong to another silo by now, and have not left this one yet.</summary>
    public bool HasMisplaced => _live.Keys.Any(owners.IsElsewhere);

    /// <summary>Rings the alarm of an entity, wherever it lives.</summary>
    public Task Wake(EntityId entity) => grains.GetGrain<IEntityGrain>(entity.ToGrain()).Wake();

    /// <summary>
    /// Lets each process in this silo finish the step it is in, while the silo still serves. Such a step calls other entities and may
    /// activate more, so this repeats until none is left.
    /// </summary>
    public async Task RetireAll(CancellationToken cancel)
    {
        var told = new HashSet<GrainId>();
        while (_live.Where(g => g.Value.IsBusy && told.Add(g.Key)).Select(Retire).ToArray() is { Length: > 0 } more)
            await Task.WhenAll(more).WaitAsync(cancel);
    }

    /// <summary>Entities that belong to another silo by now leave; they return there with their next call or alarm.</summary>
    public Task RetireMisplaced() => Task.WhenAll(_live.Where(g => owners.IsElsewhere(g.Key)).Select(Retire));

    private async Task Retire(KeyValuePair<GrainId, EntityGrain> live)
    {
        try
        {
            await live.Value.Retire();
        }
        catch (Exception problem)
        {
            options.Report(live.Key.ToEntity(), problem); // its alarm resumes it elsewhere
        }
    }
}
