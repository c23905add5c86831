using System.Diagnostics;
using Commerce.Engine;
using Orleans.Runtime;
using Orleans.Runtime.Placement;

namespace Commerce.ApiGateway;

/// <summary>Calls of one silo after the other, and not of an entity.</summary>
internal sealed class SiloCalls(IClusterClient cluster)
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(15);

    /// <summary>The silos that are there now.</summary>
    public async Task<IReadOnlyList<SiloAddress>> All() =>
        [.. (await cluster.GetGrain<IManagementGrain>(0).GetHosts(onlyActive: true)).Keys];

    /// <summary>The grain of a silo: the hint is of the calls of the present method, and goes with its flow.</summary>
    public T On<T>(SiloAddress silo) where T : IGrainWithStringKey
    {
        RequestContext.Set(IPlacementDirector.PlacementHintKey, silo);
        return cluster.GetGrain<T>(silo.ToParsableString());
    }

    /// <summary>Asks one silo after the other until one says that it was meant; false when none is.</summary>
    public async Task<bool> Any<T>(Func<T, Task<bool>> ask) where T : IGrainWithStringKey
    {
        foreach (var silo in await Ask(All))
            if (await ask(On<T>(silo)))
                return true;
        return false;
    }

    /// <summary>That what was asked for belongs to a capability without a silo.</summary>
    public static UnavailableException NoHost(string what) => new($"No silo hosts {what} now.", TimeSpan.FromSeconds(2));

    /// <summary>Retries for a while, like calls of entities: for what is safe to repeat.</summary>
    public static async Task<T> Ask<T>(Func<Task<T>> question)
    {
        for (var since = Stopwatch.StartNew(); ; await Task.Delay(Pause))
        {
            try
            {
                return await question();
            }
            catch (Exception lost) when (Passes(lost))
            {
                if (since.Elapsed < Patience) continue;
                throw new UnavailableException("The cluster cannot answer now; it may be short of a silo.", TimeSpan.FromSeconds(2), lost);
            }
        }
    }

    /// <summary>True for what another try may not meet.</summary>
    public static bool Passes(Exception lost) => lost is OrleansException or TimeoutException;
}
