using System.Collections.Concurrent;
using Commerce.Engine;
using Commerce.Kernel;
using Orleans.Runtime;

namespace Commerce.Grains;

/// <summary>Gives each grain of a reaction what it delivers with, and keeps track of those in memory. One a silo.</summary>
public sealed class ReactionHost(HostedCapabilities hosted, IEntities entities, EngineOptions options)
{
    private readonly ConcurrentDictionary<GrainId, IGrainContext> _live = new();

    /// <summary>The delivery to the hosted reaction with that name.</summary>
    internal ReactionDispatcher Delivery(string reaction)
    {
        var (keeper, found) = hosted.Stores.SelectMany(s => s.Capability.Reactions.Select(r => (s.Checkpoints, Reaction: r)))
            .FirstOrDefault(r => r.Reaction.Name == reaction);
        if (found is null) throw SubscriptionMonitor.NoReaction(reaction);
        var source = hosted.All.FirstOrDefault(c => c.Name == found.Source) ?? throw new InvalidOperationException(
            $"The reaction '{reaction}' follows {found.Source}, which this silo does not know.");
        return new ReactionDispatcher(found, source.Facts, keeper, entities, options);
    }

    internal TimeSpan CheckpointEvery => options.CheckpointEvery;

    internal DateTimeOffset Now => options.Clock.GetUtcNow();

    /// <summary>Reports a failure that is retried.</summary>
    internal void Report(string reaction, Exception problem) => options.ReportFlow(reaction, problem);

    internal void Arrived(IGrainContext reaction) => _live[reaction.GrainId] = reaction;

    internal void Left(IGrainContext reaction) => _live.TryRemove(new(reaction.GrainId, reaction));

    /// <summary>
    /// Those leave that are not known to belong here by now; the next delivery finds each where it belongs. One that stayed would go on
    /// from an old position when the partition comes back.
    /// </summary>
    internal void RetireMisplaced(PartitionOwners owners)
    {
        foreach (var (reaction, context) in _live)
            if (!owners.IsHere(reaction))
                context.Deactivate(new(DeactivationReasonCode.ApplicationRequested, "Its partition is read elsewhere."));
    }
}
