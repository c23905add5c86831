using Commerce.Kernel;

namespace Commerce.Engine.Contract;

/// <summary>Two small capabilities for trying an engine: one counts, the other watches it count.</summary>
public static class TrialCapabilities
{
    /// <summary>What the watcher's subscription is called.</summary>
    public const string Subscription = "watching-counting";

    /// <summary>Counters, tallies and errands.</summary>
    public static readonly Capability Counting = new(
        "Counting",
        [
            EntityKind.Of<ICounter>("counter", context => new Counter(context)),
            EntityKind.Of<ITally>("tally", context => new Tally(context)),
            EntityKind.Of<IErrand>("errand", context => new Errand(context)),
        ],
        new FactCatalog()
            .Add<Added>("added").Add<AlarmSet>("alarm-set").Add<Rang>("rang")
            .Add<SetOut>("set-out").Add<Visited>("visited"),
        []);

    /// <summary>One watcher for each counter: it keeps what it has seen, in order.</summary>
    public static readonly Capability Watching = new(
        "Watching",
        [EntityKind.Of<IWatcher>("watcher", context => new Watcher(context))],
        new FactCatalog().Add<Seen>("seen"),
        [new Reaction(Subscription, "Counting", [typeof(Added)], Watch)]);

    public static readonly IReadOnlyList<Capability> All = [Counting, Watching];

    private static async Task Watch(FactContext delivery)
    {
        var answer = await delivery.Entities.Get<IWatcher>(delivery.Recorded.Entity.Key)
            .See(delivery.Recorded.Version, ((Added)delivery.Fact).By, delivery.Call);
        if (!answer.Accepted) throw new InvalidOperationException(answer.Refusal.Detail);
    }
}
