using Commerce.Engine;
using Commerce.Kernel;

namespace Commerce.Grains;

/// <summary>Gives each grain of a reaction what it delivers with. One a silo.</summary>
public sealed class ReactionHost(HostedCapabilities hosted, IEntities entities, EngineOptions options)
{
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
}
