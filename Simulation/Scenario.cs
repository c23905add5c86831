namespace Commerce.Simulation;

/// <summary>
/// What one capability brings to a run: clients that use it while everything goes wrong, and promises that are judged by the facts when
/// they are committed, and by the answers in the end. Every class that derives from this is found: it needs no registration.
/// </summary>
internal abstract class Scenario(SimulationContext world, RetryingClient requests)
{
    protected SimulationContext World { get; } = world;

    protected RetryingClient Requests { get; } = requests;

    protected RunVerdict Verdict => World.Verdict;

    /// <summary>Uses the capability while the shop is open, and ends when all requests are answered.</summary>
    public abstract Task Run(SimulatedShop shop, TimeSpan open);

    /// <summary>A fact of some capability was committed.</summary>
    /// <param name="key">Of which entity.</param>
    /// <param name="fact">What happened.</param>
    public abstract void Committed(string key, object fact);

    /// <summary>Nothing goes wrong any more, and everything has come to rest: asks the entities, and compares.</summary>
    public abstract Task Check();

    /// <summary>One of each, in the order of their names, so that a seed stays the same run.</summary>
    public static IReadOnlyList<Scenario> All(SimulationContext world, RetryingClient requests) =>
    [
        .. from type in typeof(Scenario).Assembly.GetTypes()
           where type.IsSubclassOf(typeof(Scenario)) && !type.IsAbstract
           orderby type.FullName
           select (Scenario)Activator.CreateInstance(type, world, requests)!,
    ];
}
