using Commerce.Kernel;

namespace Commerce.Engine;

/// <summary>
/// Delivers facts of one capability to one reaction of another: in order per entity, entities beside each other, with retries; a fact
/// that fails for good is parked. What is read next, and when the checkpoint is kept, is up to the engine.
/// </summary>
/// <param name="reaction">What is delivered to.</param>
/// <param name="source">The fact types of the capability that is followed.</param>
/// <param name="keeper">Where the subscriber keeps checkpoints and parked facts.</param>
/// <param name="entities">The entities that the reaction calls.</param>
public sealed class ReactionDispatcher(
    Reaction reaction, FactCatalog source, ICheckpoints keeper, IEntities entities, EngineOptions options)
{
    public string Name => reaction.Name;

    /// <summary>The capability whose facts it follows.</summary>
    public string Source => reaction.Source;

    /// <summary>The <c>NAME/VERSION</c> of the facts it wants.</summary>
    public IReadOnlyList<string> Types { get; } = source.NamesOf(reaction.FactTypes);

    /// <summary>Where its checkpoints and parked facts are kept.</summary>
    public ICheckpoints Keeper => keeper;

    /// <summary>
    /// Delivers wanted facts of one partition; completes when each was handled or parked. Cancelled, it finishes those it is at.
    /// </summary>
    /// <param name="facts">In their order.</param>
    /// <param name="cancel">No further fact is begun.</param>
    /// <param name="done">Called for each fact that was handled or parked.</param>
    public async Task Handle(IReadOnlyList<RecordedFact> facts, CancellationToken cancel, Action<RecordedFact>? done = null)
    {
        using var room = new SemaphoreSlim(options.DeliveryParallelism);
        await Task.WhenAll(facts.GroupBy(f => f.Entity).Select(async ofOne =>
        {
            await room.WaitAsync(); // without a token, which would take it to the thread pool
            try
            {
                foreach (var fact in ofOne)
                {
                    await Deliver(fact, cancel);
                    done?.Invoke(fact);
                }
            }
            finally
            {
                room.Release();
            }
        }));
    }

    /// <summary>Tries a parked fact once more. It stays parked, with the new reason, when that fails again; then this fails too.</summary>
    public async Task Retry(ParkedFact parked, CancellationToken cancel)
    {
        try
        {
            await React(parked.Fact);
        }
        catch (Exception problem)
        {
            await keeper.StillFails(Name, parked.Fact.Partition, parked.Fact.Position, Reason(problem), cancel);
            throw;
        }

        await keeper.Unpark(Name, parked.Fact.Partition, parked.Fact.Position, cancel);
    }

    private async Task Deliver(RecordedFact fact, CancellationToken cancel)
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

            await Backoff.Until(options.RetryPause(tries), options.Clock, cancel);
        }
    }

    private Task React(RecordedFact fact)
    {
        var call = CallContext.Following(
            $"{Name}/{fact.Partition}/{fact.Position}", fact.Origin, options.Clock.GetUtcNow() + options.DeliveryTimeout, fact.TraceParent);
        var context = new FactContext(PersonalData.Withheld.Decode(source, fact), fact, entities, call);
        return reaction.React(context).WaitAsync(options.DeliveryTimeout, options.Clock);
    }

    private static string Reason(Exception problem) => $"{problem.GetType().Name}: {problem.Message}";
}
