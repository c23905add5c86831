using System.Globalization;
using Commerce.Engine;
using Commerce.Kernel;
using Orleans.GrainDirectory;
using Orleans.Runtime;
using Orleans.Streams;
using Orleans.Streams.Core;

namespace Commerce.Grains;

/// <summary>
/// One partition of one subscription (E4): takes the facts of the stream and gives them to the reaction that is named as the grain's type,
/// from the checkpoint that the reacting capability keeps. It lives where the partition is read, so that facts need not be sent.
/// </summary>
/// <remarks>
/// A batch may take longer than a call may, as unavailability is waited out. So the work goes on between calls: a delivery waits for it for
/// a while, then says so by failing, and the agent delivers the same batch again, which by then is known.
/// </remarks>
[PartitionPlacement]
[GrainDirectory(PartitionDirectory.Name)]
public abstract class ReactionGrain(ReactionHost host)
    : Grain, IGrainWithStringKey, IStreamSubscriptionObserver, IAsyncBatchObserver<RecordedFact>
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(8); // less than a call may take

    private readonly CancellationTokenSource _stopping = new();
    private ReactionDispatcher _delivery = null!;
    private HashSet<string> _wanted = [];
    private int _partition;
    private Task _work = Task.CompletedTask;
    private long _position = -1; // handled up to here; -1: not known yet
    private long _saved;

    private string Name => _delivery.Name;

    /// <summary>The partition that such a grain follows.</summary>
    internal static int PartitionOf(GrainId grain) => int.Parse(grain.Key.ToString()!, CultureInfo.InvariantCulture);

    public override Task OnActivateAsync(CancellationToken cancellationToken)
    {
        _delivery = host.Delivery(this.GetGrainId().Type.ToString()!);
        _wanted = [.. _delivery.Types];
        _partition = PartitionOf(this.GetGrainId());
        this.RegisterGrainTimer(_ => SaveQuietly(), new(Backoff.UntilNext(host.CheckpointEvery, host.Now), host.CheckpointEvery));
        host.Arrived(GrainContext);
        return Task.CompletedTask;
    }

    /// <summary>Finishes the facts it is at, and keeps the exact position, so that little comes again.</summary>
    public override async Task OnDeactivateAsync(DeactivationReason reason, CancellationToken cancellationToken)
    {
        host.Left(GrainContext);
        await _stopping.CancelAsync();
        try
        {
            // However it ends: the saved position shows what was not finished.
            await _work.WaitAsync(cancellationToken)
                .ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing | ConfigureAwaitOptions.ContinueOnCapturedContext);
            await Save(cancellationToken);
        }
        catch (Exception problem)
        {
            host.Report(Name, problem); // then it goes on from the checkpoint before
        }
    }

    /// <summary>The stream has found its follower: it resumes where the checkpoint says.</summary>
    public async Task OnSubscribed(IStreamSubscriptionHandleFactory handleFactory)
    {
        if (_position < 0) _position = _saved = await _delivery.Keeper.Load(Name, _partition, _stopping.Token);
        await handleFactory.Create<RecordedFact>().ResumeAsync(this, JournalStreams.TokenOf(_position));
    }

    public async Task OnNextAsync(IList<SequentialItem<RecordedFact>> items)
    {
        if (!_work.IsCompleted) await Wait();
        RecordedFact[] facts = [.. items.Select(i => i.Item).Where(f => f.Position > _position)];
        if (facts.Length == 0) return;
        if (facts[0].Position != _position + 1)
            throw new InvalidOperationException($"{Name} is at {_position} of partition {_partition} and was given {facts[0].Position}.");
        _work = Detached(() => Handle(facts));
        await Wait();
    }

    public Task OnErrorAsync(Exception ex)
    {
        host.Report(Name, ex);
        return Task.CompletedTask;
    }

    private async Task Handle(RecordedFact[] facts)
    {
        RecordedFact[] wanted = [.. facts.Where(f => _wanted.Contains(f.Fact.Type))];
        var left = wanted.Select(f => f.Position).ToHashSet();
        try
        {
            await _delivery.Handle(wanted, _stopping.Token, done: f => left.Remove(f.Position));
        }
        finally
        {
            _position = left.Count == 0 ? facts[^1].Position : left.Min() - 1;
        }
    }

    private async Task Wait()
    {
        try
        {
            await _work.WaitAsync(Patience);
        }
        catch (TimeoutException) when (!_work.IsCompleted)
        {
            throw new UnavailableException($"{Name} is still at a batch of partition {_partition}.", TimeSpan.FromSeconds(1));
        }
    }

    // In turns of this grain, but without the context of the delivering call: the work outlives that call.
    private static Task Detached(Func<Task> work)
    {
        using (ExecutionContext.SuppressFlow())
            return Task.Factory.StartNew(work, default, TaskCreationOptions.DenyChildAttach, TaskScheduler.Current).Unwrap();
    }

    private async Task SaveQuietly()
    {
        try
        {
            await Save(default);
        }
        catch (Exception problem)
        {
            host.Report(Name, problem); // the next one comes in a moment
        }
    }

    private async Task Save(CancellationToken cancel)
    {
        var position = _position;
        if (position <= _saved) return;
        await _delivery.Keeper.Save(Name, _partition, position, cancel);
        _saved = Math.Max(_saved, position);
    }
}
