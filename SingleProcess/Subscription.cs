using Commerce.Kernel;

namespace Commerce.SingleProcess;

/// <summary>How far a subscription is behind, in one partition of its source.</summary>
/// <param name="Subscription">The reaction's name.</param>
/// <param name="Source">The capability whose facts it follows.</param>
/// <param name="Partition">The partition of the source.</param>
/// <param name="Position">Up to where it has handled the facts.</param>
/// <param name="Head">The last committed position.</param>
public sealed record SubscriptionLag(string Subscription, string Source, int Partition, long Position, long Head)
{
    /// <summary>How many facts, wanted or not, are yet to be looked at.</summary>
    public long Facts => Math.Max(0, Head - Position);
}

/// <summary>
/// Carries the facts of one capability to one reaction of another (E4): in order per entity, entities beside each other, and at least
/// once, from the checkpoint kept after each batch.
/// </summary>
internal sealed class Subscription(
    Reaction reaction, CapabilityStore source, ICheckpoints keeper, IEntities entities, EngineOptions options)
{
    private const int UnsavedAtMost = 1000; // positions without a wanted fact; after a restart they are only looked at again

    private readonly long[] _handled = new long[source.Log.Partitions];
    private readonly IReadOnlyList<string> _types = source.Capability.Facts.NamesOf(reaction.FactTypes);

    public string Name => reaction.Name;

    /// <summary>Where its checkpoints and parked facts are kept.</summary>
    public ICheckpoints Keeper => keeper;

    /// <summary>Follows every partition until cancelled.</summary>
    public IEnumerable<Task> Run(CancellationToken cancel) =>
        Enumerable.Range(0, source.Log.Partitions).Select(p => Detached.Start(() => Follow(p, cancel), options.Target));

    /// <summary>How far each partition is behind.</summary>
    public async Task<IEnumerable<SubscriptionLag>> Lag(CancellationToken cancel)
    {
        var heads = await source.Log.Heads(cancel);
        return heads.Select((head, p) => new SubscriptionLag(Name, source.Capability.Name, p, Volatile.Read(ref _handled[p]), head));
    }

    /// <summary>Tries a parked fact once more.</summary>
    public async Task Retry(ParkedFact parked, CancellationToken cancel)
    {
        try
        {
            await React(parked.Fact);
        }
        catch (Exception problem)
        {
            await keeper.Park(Name, parked.Fact, Reason(problem), cancel);
            throw;
        }

        await keeper.Unpark(Name, parked.Fact.Partition, parked.Fact.Position, cancel);
    }

    private async Task Follow(int partition, CancellationToken cancel)
    {
        long? saved = null;
        for (var failures = 0; !cancel.IsCancellationRequested;)
        {
            try
            {
                saved ??= _handled[partition] = await keeper.Load(Name, partition, cancel);
                var changed = source.Log.Changed(cancel); // asked for before reading, so that no commit goes unnoticed
                var from = _handled[partition];
                var (facts, seenTo) = await source.Log.Read(partition, from, options.DeliveryBatch, _types, cancel);
                await Handle(facts, cancel);
                if (facts.Count > 0 || seenTo - saved > UnsavedAtMost)
                {
                    await keeper.Save(Name, partition, seenTo, cancel);
                    saved = seenTo;
                }

                Volatile.Write(ref _handled[partition], seenTo);
                failures = 0;
                if (seenTo == from) await changed;
            }
            catch (OperationCanceledException) when (cancel.IsCancellationRequested)
            {
                return;
            }
            catch (Exception problem)
            {
                options.ReportFlow(Name, problem);
                await Pauses.Until(options.RetryPause(++failures), options.Clock, cancel);
            }
        }
    }

    private async Task Handle(IReadOnlyList<Recorded> facts, CancellationToken cancel)
    {
        using var room = new SemaphoreSlim(options.DeliveryParallelism);
        await Task.WhenAll(facts.GroupBy(f => f.Entity).Select(async ofOne =>
        {
            await room.WaitAsync(); // without a token, which would take it to the thread pool
            try
            {
                foreach (var fact in ofOne) await Deliver(fact, cancel);
            }
            finally
            {
                room.Release();
            }
        }));
    }

    private async Task Deliver(Recorded fact, CancellationToken cancel)
    {
        for (int failures = 0, tries = 1; ; tries++)
        {
            cancel.ThrowIfCancellationRequested();
            try
            {
                await React(fact);
                return;
            }
            catch (Exception problem)
            {
                options.ReportFlow(Name, problem);
                if (problem is not UnavailableException && ++failures >= options.MaxDeliveryAttempts)
                {
                    await keeper.Park(Name, fact, Reason(problem), cancel);
                    return;
                }
            }

            await Pauses.Until(options.RetryPause(tries), options.Clock, cancel);
        }
    }

    private Task React(Recorded fact)
    {
        var call = new Call(
            $"{Name}/{fact.Partition}/{fact.Position}", Caller.System, options.Clock.GetUtcNow() + options.DeliveryTimeout,
            TraceParent: fact.TraceParent);
        return reaction.React(new Delivery(source.Capability.Facts.Decode(fact.Fact), fact, entities, call))
            .WaitAsync(options.DeliveryTimeout, options.Clock);
    }

    private static string Reason(Exception problem) => $"{problem.GetType().Name}: {problem.Message}";
}
