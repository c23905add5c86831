using System.Diagnostics;
using Commerce.Engine;
using Commerce.Grains;
using Commerce.Kernel;
using Commerce.Payments;
using Commerce.Providers;
using Commerce.ReadModels;
using Orleans.Runtime;
using Orleans.Runtime.Placement;

namespace Commerce.ApiGateway;

/// <summary>The operator's controls of a cluster.</summary>
internal sealed class ClusterControl(IClusterClient cluster) : IEngineControl
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(15);

    private ISandboxGrain Sandbox => cluster.GetGrain<ISandboxGrain>(ISandboxGrain.Key);

    /// <summary>Any silo serves: the entities of a silo that has gone move to the others.</summary>
    public async Task<bool?> ClusterAnswers(CancellationToken cancel)
    {
        try
        {
            return await cluster.GetGrain<IPingGrain>(IPingGrain.Key).Ping().WaitAsync(cancel);
        }
        catch (Exception away) when (away is OrleansException or TimeoutException)
        {
            return false; // no answer is a result here
        }
    }

    public Task<bool> GetOutage() => Ask(Sandbox.GetOutage);

    public Task SetOutage(bool outage) => Ask(async () =>
    {
        await Sandbox.SetOutage(outage);
        return outage;
    });

    public Task<IReadOnlyList<Circuit>> Circuits() => Ask(AllCircuits);

    /// <summary>By a silo that hosts the capability: this process may only read what they have made.</summary>
    public async Task<RebuiltReadModel> Rebuild(ReadModel model, CancellationToken cancel)
    {
        var capability = model.Capability.Name;
        try
        {
            foreach (var silo in await Ask(Silos))
                if (await On<IReadModelsGrain>(silo).Rebuild(capability, model.Name, cancel) is { } rebuilt)
                    return new RebuiltReadModel(capability, rebuilt.Name, rebuilt.Version, rebuilt.Facts);
        }
        catch (Exception lost) when (Passes(lost))
        {
            throw new UnavailableException(
                $"The silo that was rebuilding {model.Name} has gone. The present tables serve; ask again.", TimeSpan.FromSeconds(2), lost);
        }

        throw new UnavailableException($"No silo hosts {capability} now.", TimeSpan.FromSeconds(2));
    }

    private async Task<IReadOnlyList<SiloAddress>> Silos() =>
        [.. (await cluster.GetGrain<IManagementGrain>(0).GetHosts(onlyActive: true)).Keys];

    /// <summary>The grain of a silo: the hint is of the calls of the present method, and goes with its flow.</summary>
    private T On<T>(SiloAddress silo) where T : IGrainWithStringKey
    {
        RequestContext.Set(IPlacementDirector.PlacementHintKey, silo);
        return cluster.GetGrain<T>(silo.ToParsableString());
    }

    private async Task<IReadOnlyList<Circuit>> AllCircuits()
    {
        var circuits = await Task.WhenAll((await Silos()).Select(Circuit));
        return
        [
            .. circuits.OfType<SiloCircuit>().OrderBy(c => c.Silo, StringComparer.Ordinal)
                .Select(c => new Circuit(c.Provider, Enum.Parse<CircuitStatus>(c.Status), c.Since, c.Until, c.Silo)),
        ];
    }

    /// <summary>Retries for a while, like calls of entities. All of these calls are safe to repeat.</summary>
    private static async Task<T> Ask<T>(Func<Task<T>> question)
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

    private static bool Passes(Exception lost) => lost is OrleansException or TimeoutException;

    private async Task<SiloCircuit?> Circuit(SiloAddress silo)
    {
        try
        {
            return await On<ICircuitGrain>(silo).Get().WaitAsync(Pause * 4);
        }
        catch (Exception gone) when (Passes(gone))
        {
            return null; // it has died just now: it has no circuit any more
        }
    }
}
