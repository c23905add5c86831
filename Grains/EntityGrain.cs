using Commerce.Engine;
using Commerce.Grains.Client;
using Commerce.Kernel;
using Microsoft.Extensions.DependencyInjection;
using Orleans.Concurrency;
using Orleans.GrainDirectory;

namespace Commerce.Grains;

/// <summary>An entity with an address in the cluster. It adds nothing to what the entity of the Domain does.</summary>
/// <typeparam name="TContract">The entity's contract.</typeparam>
public abstract class EntityGrain<TContract> : EntityGrain where TContract : class, IEntity
{
    internal EntityGrain(IGrainContext context, EntityHost host) : base(context, host) { }

    /// <summary>Called by Orleans through a class derived in another assembly.</summary>
    protected EntityGrain(IGrainContext context, IServiceProvider services) : base(context, services.GetRequiredService<EntityHost>()) { }

    /// <summary>The entity of the Domain.</summary>
    protected TContract Entity => (TContract)Hosted.Entity;
}

/// <summary>
/// Hosts one entity: gives its calls their turns, holds it in memory while its process works, and rings its near alarms.
/// </summary>
/// <remarks>
/// Decision 9. To Orleans these grains are reentrant, and the turns are given here, as the single process does it: calls of a contract run
/// one at a time, each to its end; those that may overlap start at once. (Orleans' own predicate for interleaving would let two plain
/// calls in while a read is under way that began first.)
/// </remarks>
[Reentrant]
[PartitionPlacement]
[GrainDirectory(PartitionDirectory.Name)]
public abstract class EntityGrain : IGrainBase, IEntityGrain, IIncomingGrainCallFilter, IDisposable
{
    private readonly EntityHost _host;
    private HostedEntity? _entity;
    private Task _before = Task.CompletedTask; // ends with the last plain call that has come
    private ITimer? _alarm;
    private bool _held;

    // It counts as in memory from here on: its place may change before it is activated.
    internal EntityGrain(IGrainContext context, EntityHost host)
    {
        (GrainContext, _host) = (context, host);
        host.Arrived(context.GrainId, this);
    }

    public IGrainContext GrainContext { get; }

    /// <summary>True while a process of the entity works.</summary>
    internal bool IsBusy => _entity is { ProcessWork.IsCompleted: false };

    // Created in the first call, so that a failure goes to a caller.
    internal HostedEntity Hosted => _entity ??= _host.Create(
        GrainContext.GrainId.ToEntity(), GrainContext.ActivationServices.GetRequiredService<SiloEntities>(), SetAlarm);

    /// <summary>The calls that were taken have been answered by now; the step that its process is in may finish.</summary>
    public async Task OnDeactivateAsync(DeactivationReason reason, CancellationToken token)
    {
        _alarm?.Dispose();
        if (_entity is not null) await _entity.Stop().WaitAsync(token);
    }

    /// <summary>It has left memory, or was not let in.</summary>
    public void Dispose()
    {
        _host.Left(GrainContext.GrainId, this);
        GC.SuppressFinalize(this);
    }

    public Task Wake() => Hosted.Wake();

    /// <summary>The entity finishes the step under way, starts no other (E7), and leaves this silo's memory.</summary>
    internal Task Retire()
    {
        var leaving = new TaskCompletionSource<Task>();
        GrainContext.Scheduler.QueueAction(() => leaving.SetResult(Leave())); // a call by id could arrive at another silo
        return leaving.Task.Unwrap();
    }

    async Task IIncomingGrainCallFilter.Invoke(IIncomingGrainCallContext context)
    {
        var method = ContractMethod.Find(context.InterfaceMethod);
        if (method?.Overlaps ?? context.InterfaceMethod.IsDefined(typeof(InterleavedAttribute), inherit: false))
        {
            await Run(context, method);
        }
        else if (method is null && context.InterfaceMethod.DeclaringType != typeof(IEntityGrain))
        {
            await context.Invoke(); // of Orleans' own, about the activation
        }
        else
        {
            var turn = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            var before = _before;
            _before = turn.Task;
            try
            {
                if (!before.IsCompleted) await before;
                await Run(context, method);
            }
            finally
            {
                turn.SetResult();
            }
        }
    }

    private async Task Run(IIncomingGrainCallContext context, ContractMethod? method)
    {
        if (_host.Handover.Ready(GrainContext.GrainId) is { IsCompleted: false } ready) await ready;
        var call = method?.CallOf(context.Request);
        if (call?.Deadline <= _host.Now)
            throw CallTracing.TooLate(GrainContext.GrainId.ToEntity(), call, method!.Name);
        using var trace = call is null ? null : CallTracing.Trace(call, method!.Name);
        trace?.AddTag("entity", GrainContext.GrainId.ToEntity().ToString());
        if (method is not null && _host.Handover.MustRead(GrainContext.GrainId)) Hosted.Doubt();
        try
        {
            await context.Invoke();
        }
        finally
        {
            HoldWhileBusy();
        }
    }

    private async Task Leave()
    {
        if (_entity is not null) await _entity.Stop();
        this.DeactivateOnIdle();
    }

    // Orleans deactivates a grain without calls; a process works between calls (decision 5).
    private void HoldWhileBusy()
    {
        if (_held || !IsBusy) return;
        _held = true;
        Delay(Timeout.InfiniteTimeSpan);
        _ = LetGo();
    }

    private async Task LetGo()
    {
        while (IsBusy) await _entity!.ProcessWork;
        _held = false;
        Delay(TimeSpan.Zero);
    }

    private void Delay(TimeSpan time) =>
        GrainContext.ActivationServices.GetRequiredService<IGrainRuntime>().DelayDeactivation(GrainContext, time);

    // Later alarms are found in time by the capability's alarms grain. An alarm may ring twice, which is harmless.
    private void SetAlarm(EntityId entity, DateTimeOffset? wakeAt)
    {
        _alarm?.Dispose();
        _alarm = null;
        if (wakeAt - _host.Now is not { } left || left >= _host.Options.AlarmPoll) return;
        _alarm = _host.Options.Clock.CreateTimer(
            _ => Ring(entity), null, left > TimeSpan.Zero ? left : TimeSpan.Zero, Timeout.InfiniteTimeSpan);
    }

    private async void Ring(EntityId entity)
    {
        try
        {
            await _host.Wake(entity);
        }
        catch (Exception problem)
        {
            _host.Options.Report(entity, problem); // and the alarms of the capability ring again
        }
    }
}
