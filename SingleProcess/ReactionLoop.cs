using Commerce.Engine;
using Commerce.Kernel;

namespace Commerce.SingleProcess;

/// <summary>
/// Carries the facts of one capability to one reaction of another (E4): in order per entity, entities beside each other, and at least
/// once, from a checkpoint that is at most moments old.
/// </summary>
internal sealed class ReactionLoop(ReactionDispatcher delivery, CapabilityStore source, SingleProcessOptions options)
{
    private readonly long[] _handled = new long[source.Log.Partitions];

    /// <summary>By which facts come to the reaction.</summary>
    public ReactionDispatcher Delivery => delivery;

    private string Name => delivery.Name;

    /// <summary>Follows every partition until cancelled.</summary>
    public IEnumerable<Task> Run(CancellationToken cancel) =>
        Enumerable.Range(0, source.Log.Partitions).Select(p => FireAndForget.Start(() => Follow(p, cancel), options.Target));

    /// <summary>How far each partition is behind: by what was handled, of which the kept checkpoint may fall short.</summary>
    public async Task<IEnumerable<SubscriptionLag>> Lag(CancellationToken cancel)
    {
        var heads = await source.Log.Heads(cancel);
        return heads.Select((head, p) => new SubscriptionLag(Name, source.Capability.Name, p, Volatile.Read(ref _handled[p]), head));
    }

    private async Task Follow(int partition, CancellationToken cancel)
    {
        var (saved, saveAt) = ((long?)null, options.Clock.GetUtcNow());
        for (var failures = 0; !cancel.IsCancellationRequested;)
        {
            try
            {
                saved ??= _handled[partition] = await delivery.Keeper.Load(Name, partition, cancel);
                var changed = source.Log.Changed(partition, cancel); // before the read, so that no commit is missed
                var from = _handled[partition];
                var (facts, seenTo) = await source.Log.Read(partition, from, options.DeliveryBatch, delivery.Types, cancel);
                await delivery.Handle(facts, cancel);
                Volatile.Write(ref _handled[partition], seenTo);
                if (options.Clock.GetUtcNow() >= saveAt) await Save();
                failures = 0;
                if (seenTo > from) continue;
                await changed; // which comes now and then without a commit, too
                await Backoff.Until(Backoff.UntilNext(options.DeliverEvery, options.Clock.GetUtcNow()), options.Clock, cancel);
            }
            catch (OperationCanceledException) when (cancel.IsCancellationRequested)
            {
                break;
            }
            catch (Exception problem)
            {
                options.ReportFlow(Name, problem);
                await Backoff.Until(options.RetryPause(++failures), options.Clock, cancel);
            }
        }

        try
        {
            await Save();
        }
        catch (Exception problem)
        {
            options.ReportFlow(Name, problem); // then some are handled again
        }

        async Task Save()
        {
            var handled = _handled[partition];
            if (saved is null || handled == saved) return;
            await delivery.Keeper.Save(Name, partition, handled, default); // while stopping, too
            var now = options.Clock.GetUtcNow();
            (saved, saveAt) = (handled, now + Backoff.UntilNext(options.CheckpointEvery, now)); // so that all are saved together
        }
    }
}
