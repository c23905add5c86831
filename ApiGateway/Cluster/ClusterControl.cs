using Commerce.Engine;
using Commerce.Grains;
using Commerce.Kernel;
using Commerce.Payments;
using Commerce.Providers;
using Commerce.ReadModels;
using Orleans.Runtime;

namespace Commerce.ApiGateway;

/// <summary>The operator's controls of a cluster.</summary>
internal sealed class ClusterControl(IClusterClient cluster, SiloCalls silos) : IEngineControl
{
    /// <summary>A silo that says nothing for longer shows no circuit.</summary>
    private static readonly TimeSpan CircuitPatience = TimeSpan.FromSeconds(2);

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

    public Task<bool> GetOutage() => SiloCalls.Ask(Sandbox.GetOutage);

    public Task SetOutage(bool outage) => SiloCalls.Ask(async () =>
    {
        await Sandbox.SetOutage(outage);
        return outage;
    });

    public Task<IReadOnlyList<Circuit>> Circuits() => SiloCalls.Ask(AllCircuits);

    /// <summary>By a silo that hosts the capability: this process may only read what they have made.</summary>
    public async Task<RebuiltReadModel> Rebuild(ReadModel model, CancellationToken cancel)
    {
        var capability = model.Capability.Name;
        RebuiltModel? rebuilt = null;
        try
        {
            await silos.Any<IReadModelsGrain>(
                async grain => (rebuilt = await grain.Rebuild(capability, model.Name, cancel)) is not null);
        }
        catch (Exception lost) when (SiloCalls.Passes(lost))
        {
            throw new UnavailableException(
                $"The silo that was rebuilding {model.Name} has gone. The present tables serve; ask again.", TimeSpan.FromSeconds(2), lost);
        }

        return rebuilt is not null
            ? new RebuiltReadModel(capability, rebuilt.Name, rebuilt.Version, rebuilt.Facts) : throw SiloCalls.NoHost(capability);
    }

    private async Task<IReadOnlyList<Circuit>> AllCircuits()
    {
        var circuits = await Task.WhenAll((await silos.All()).Select(Circuit));
        return
        [
            .. circuits.OfType<SiloCircuit>().OrderBy(c => c.Silo, StringComparer.Ordinal)
                .Select(c => new Circuit(c.Provider, Enum.Parse<CircuitStatus>(c.Status), c.Since, c.Until, c.Silo)),
        ];
    }

    private async Task<SiloCircuit?> Circuit(SiloAddress silo)
    {
        try
        {
            return await silos.On<ICircuitGrain>(silo).Get().WaitAsync(CircuitPatience);
        }
        catch (Exception gone) when (SiloCalls.Passes(gone))
        {
            return null; // it has died just now: it has no circuit any more
        }
    }
}
