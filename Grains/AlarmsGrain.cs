using Commerce.Engine;
using Commerce.Kernel;

namespace Commerce.Grains;

/// <summary>Rings the alarms of one capability, in one place of the cluster.</summary>
[Alias("commerce.alarms")]
internal interface IAlarmsGrain : IGrainWithStringKey
{
    /// <summary>Makes sure that the alarms ring, now and after the death of any silo.</summary>
    Task Start();
}

/// <summary>What an alarms grain needs of its silo.</summary>
internal sealed class AlarmHost(HostedCapabilities hosted, EntityHost entities, EngineOptions options, IGrainRuntime runtime)
{
    public IGrainRuntime Runtime => runtime;

    public AlarmScheduler ClockOf(string capability) => new(
        hosted.Find(capability) ?? throw new InvalidOperationException($"This silo does not host {capability}."), entities.Wake, options);
}

/// <summary>
/// Polls the capability's journal for entities whose wake-up time has come and wakes them, on any silo (E5). The journal is the truth; the
/// one reminder of this grain only keeps the grain itself alive, so that there is nothing to keep in step with it (decision 9).
/// </summary>
internal abstract class AlarmsGrain(IGrainContext context, AlarmHost host) : IGrainBase, IAlarmsGrain, IRemindable
{
    /// <summary>The longest time without alarms after the death of the silo of this grain.</summary>
    public static readonly TimeSpan ReminderPeriod = TimeSpan.FromSeconds(10);

    private readonly CancellationTokenSource _leaving = new();
    private Task _ringing = Task.CompletedTask;

    public IGrainContext GrainContext { get; } = context;

    /// <summary>The alarms of a capability.</summary>
    public static GrainId Of(string capability) =>
        GrainId.Create(GrainType.Create($"{capability.ToLowerInvariant()}-alarms"), IdSpan.Create("all"));

    public Task OnActivateAsync(CancellationToken token)
    {
        host.Runtime.DelayDeactivation(GrainContext, Timeout.InfiniteTimeSpan);
        var capability = ((OfCapabilityAttribute)GetType().GetCustomAttributes(typeof(OfCapabilityAttribute), false)[0]).Capability;
        _ringing = host.ClockOf(capability).Run(_leaving.Token);
        return Task.CompletedTask;
    }

    public Task OnDeactivateAsync(DeactivationReason reason, CancellationToken token)
    {
        _leaving.Cancel();
        return _ringing.WaitAsync(token);
    }

    public Task Start() => this.RegisterOrUpdateReminder("alive", ReminderPeriod, ReminderPeriod);

    public Task ReceiveReminder(string reminderName, TickStatus status) => Task.CompletedTask;
}
