using Commerce.Kernel;
using Orleans.Runtime;
using Orleans.Streams;

namespace Commerce.Grains.Tests;

/// <summary>Stands for the entities of the ticking capability, so that silos are seen to host it.</summary>
[GrainType("ticker")]
public sealed class TickerGrain : Grain, IGrainWithStringKey;

/// <summary>Stands for the entities of the reacting capability.</summary>
[GrainType("reactor")]
public sealed class ReactorGrain : Grain, IGrainWithStringKey;

[ImplicitStreamSubscription("Ticking")]
[GrainType("quick-from-ticking")]
[OfCapability("Reacting")]
public sealed class QuickFromTicking(ReactionHost host) : ReactionGrain(host);

[ImplicitStreamSubscription("Ticking")]
[GrainType("slow-from-ticking")]
[OfCapability("Reacting")]
public sealed class SlowFromTicking(ReactionHost host) : ReactionGrain(host);

/// <summary>A read model as a user might build one: it follows a partition by an explicit subscription and counts.</summary>
public interface IProjectionGrain : IGrainWithStringKey
{
    /// <summary>Forgets all and follows what comes after a position; with a pause after each fact.</summary>
    Task Follow(string capability, int partition, long after, TimeSpan pause);

    /// <summary>Follows from here on.</summary>
    Task FollowFromNow(string capability, int partition);

    Task Unfollow();

    /// <summary>The positions seen, in the order seen.</summary>
    Task<long[]> Seen();

    /// <summary>The last number of each entity.</summary>
    Task<Dictionary<string, long>> Versions();
}

[GrainType("projection")]
public sealed class ProjectionGrain : Grain, IProjectionGrain, IAsyncObserver<RecordedFact>
{
    private readonly List<long> _seen = [];
    private readonly Dictionary<string, long> _versions = [];
    private StreamSubscriptionHandle<RecordedFact>? _handle;
    private TimeSpan _pause;

    public async Task Follow(string capability, int partition, long after, TimeSpan pause)
    {
        await Unfollow();
        _pause = pause;
        _handle = await Stream(capability, partition).SubscribeAsync(this, JournalStreams.TokenOf(after));
    }

    public async Task FollowFromNow(string capability, int partition)
    {
        await Unfollow();
        _handle = await Stream(capability, partition).SubscribeAsync(this);
    }

    public async Task Unfollow()
    {
        if (_handle is not null) await _handle.UnsubscribeAsync();
        _handle = null;
        _seen.Clear();
        _versions.Clear();
    }

    public Task<long[]> Seen() => Task.FromResult(_seen.ToArray());

    public Task<Dictionary<string, long>> Versions() => Task.FromResult(new Dictionary<string, long>(_versions));

    public async Task OnNextAsync(RecordedFact item, StreamSequenceToken? token = null)
    {
        if (_pause > TimeSpan.Zero) await Task.Delay(_pause);
        _seen.Add(item.Position);
        _versions[item.Entity.Key] = item.Version;
    }

    public Task OnErrorAsync(Exception ex) => Task.CompletedTask;

    private IAsyncStream<RecordedFact> Stream(string capability, int partition) =>
        this.GetStreamProvider(JournalStreams.Provider).GetStream<RecordedFact>(JournalStreams.StreamOf(capability, partition));
}
