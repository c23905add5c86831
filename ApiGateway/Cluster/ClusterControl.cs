using Commerce.Grains;
using Commerce.Kernel;
using Commerce.Payments;
using Commerce.Providers;
using Orleans.Runtime;
using Orleans.Runtime.Placement;

namespace Commerce.ApiGateway.Cluster;

/// <summary>What the operator asks of a cluster.</summary>
internal sealed class ClusterControl(IClusterClient cluster) : IEngineControl
{
    private ISandboxGrain Sandbox => cluster.GetGrain<ISandboxGrain>(ISandboxGrain.Key);

    /// <summary>Any silo will do: entities of one that is gone move to the others.</summary>
    public async Task<bool?> ClusterAnswers(CancellationToken cancel)
    {
        try
        {
            return await cluster.GetGrain<IPulseGrain>(IPulseGrain.Key).Beats().WaitAsync(cancel);
        }
        catch (Exception away) when (away is OrleansException or TimeoutException)
        {
            return false; // the very thing that is asked for
        }
    }

    public Task<bool> GetOutage() => Ask(Sandbox.GetOutage);

    public Task SetOutage(bool outage) => Ask(async () =>
    {
        await Sandbox.SetOutage(outage);
        return outage;
    });

    public Task<IReadOnlyList<Circuit>> Circuits() => Ask(AllCircuits);

    private async Task<IReadOnlyList<Circuit>> AllCircuits()
    {
        var silos = await cluster.GetGrain<IManagementGrain>(0).GetHosts(onlyActive: true);
        var circuits = await Task.WhenAll(silos.Keys.Select(Circuit));
        return
        [
            .. circuits.OfType<SiloCircuit>().OrderBy(c => c.Silo, StringComparer.Ordinal)
                .Select(c => new Circuit(c.Provider, Enum.Parse<CircuitStatus>(c.Status), c.Since, c.Until, c.Silo)),
        ];
    }

    /// <summary>Calls of entities are repeated when their answers are lost; who asks this can do so again.</summary>
    private static async Task<T> Ask<T>(Func<Task<T>> question)
    {
        try
        {
            return await question();
        }
        catch (Exception lost) when (lost is OrleansException or TimeoutException)
        {
            throw new UnavailableException("The cluster cannot answer now; it may be short of a silo.", TimeSpan.FromSeconds(2), lost);
        }
    }

    private async Task<SiloCircuit?> Circuit(SiloAddress silo)
    {
        RequestContext.Set(IPlacementDirector.PlacementHintKey, silo); // of this call only: it goes with the method's flow
        return await cluster.GetGrain<ICircuitGrain>(silo.ToParsableString()).Get();
    }
}
