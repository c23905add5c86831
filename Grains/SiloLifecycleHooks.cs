using Commerce.Engine;
using Commerce.Grains.Client;
using Commerce.Kernel;

namespace Commerce.Grains;

/// <summary>What a silo does once it serves, and before it leaves.</summary>
internal sealed class SiloLifecycleHooks(
    HostedCapabilities hosted, EntityHost entities, ReactionHost reactions, PartitionOwners owners, PartitionHandover handover,
    Replicas replicas, EngineOptions options, IGrainFactory grains)
    : ILifecycleParticipant<ISiloLifecycle>
{
    /// <summary>How often a change of the cluster is looked for; one counts when it was there at two looks.</summary>
    private static readonly TimeSpan Look = TimeSpan.FromSeconds(1);

    private readonly CancellationTokenSource _leaving = new();
    private Task _starting = Task.CompletedTask;

    public void Participate(ISiloLifecycle lifecycle) =>
        lifecycle.Subscribe(nameof(SiloLifecycleHooks), ServiceLifecycleStage.Active, Arrive, Leave);

    // Not awaited: alarms need reminders, whose database may be away, and a silo can serve without them.
    private Task Arrive(CancellationToken cancel)
    {
        _starting = Task.WhenAll(
        [
            .. hosted.Stores.Select(s => StartAlarms(s.Capability.Name)), MoveWithPartitions(), handover.Watch(_leaving.Token),
            .. replicas.Followers.Select(follow => follow(_leaving.Token)),
        ]);
        return Task.CompletedTask;
    }

    private async Task Leave(CancellationToken cancel)
    {
        _leaving.Cancel();
        await _starting.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing); // a failure there must not keep entities from leaving
        if (!cancel.IsCancellationRequested) await entities.RetireAll(cancel);
    }

    private async Task MoveWithPartitions()
    {
        var (settled, before) = (owners.Version, owners.Version);
        while (!_leaving.IsCancellationRequested)
        {
            await Backoff.Until(Look, TimeProvider.System, _leaving.Token);
            try
            {
                var now = owners.Version;
                if (now == before && now != settled)
                {
                    reactions.RetireMisplaced(owners);
                    await entities.RetireMisplaced();
                    settled = now;
                }

                before = now;
            }
            catch (Exception problem)
            {
                options.ReportFlow("entities that move", problem); // at the next look again
            }
        }
    }

    private async Task StartAlarms(string capability)
    {
        for (var failures = 0; !_leaving.IsCancellationRequested;)
        {
            try
            {
                await grains.GetGrain<IAlarmsGrain>(AlarmsGrain.Of(capability)).Start().WaitAsync(_leaving.Token);
                return;
            }
            catch (Exception problem) when (!_leaving.IsCancellationRequested)
            {
                options.ReportFlow($"alarms of {capability}", problem);
                await Backoff.Until(ClusterTimeouts.Pause(++failures), TimeProvider.System, _leaving.Token);
            }
            catch (OperationCanceledException)
            {
                return; // leaving; other silos see to the alarms
            }
        }
    }
}
