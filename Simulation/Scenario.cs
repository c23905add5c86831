namespace Commerce.Simulation;

/// <summary>
/// What one capability brings to a run: clients that use it while everything goes wrong, and promises that are judged by the facts when
/// they are committed, and by the answers in the end. Every class that derives from this is found: it needs no registration.
/// </summary>
internal abstract class Scenario(World world, Requests requests)
{
    protected World World { get; } = world;

    protected Requests Requests { get; } = requests;

    protected Verdict Verdict => World.Verdict;

    /// <summary>Uses the capability while the shop is open, and ends when all requests are answered.</summary>
    public abstract Task Run(Shop shop, TimeSpan open);

    /// <summary>A fact of some capability was committed.</summary>
    /// <param name="key">Of which entity.</param>
    /// <param name="fact">What happened.</param>
    public abstract void Committed(string key, object fact);

    /// <summary>Nothing goes wrong any more, and everything has come to rest: asks the entities, and compares.</summary>
    public abstract Task Check();

    /// <summary>One of each, in the order of their names, so that a seed stays the same run.</summary>
    public static IReadOnlyList<Scenario> All(World world, Requests requests) =>
    [
        .. from type in typeof(Scenario).Assembly.GetTypes()
           where type.IsSubclassOf(typeof(Scenario)) && !type.IsAbstract
           orderby type.FullName
           select (Scenario)Activator.CreateInstance(type, world, requests)!,
    ];
}
