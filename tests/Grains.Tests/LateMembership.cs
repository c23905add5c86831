using Microsoft.Extensions.DependencyInjection;
using Orleans.Runtime;

namespace Commerce.Grains.Tests;

/// <summary>The membership as a silo sees it that learns of each change late, unless it asks.</summary>
internal sealed class LateMembership(IClusterMembershipService membership, TimeSpan by) : IClusterMembershipService
{
    private readonly Lock _lock = new();
    private readonly Queue<(long Seen, ClusterMembershipSnapshot Snapshot)> _coming = [];
    private ClusterMembershipSnapshot _known = membership.CurrentSnapshot;
    private ClusterMembershipSnapshot _latest = membership.CurrentSnapshot;

    public ClusterMembershipSnapshot CurrentSnapshot
    {
        get
        {
            lock (_lock)
            {
                if (membership.CurrentSnapshot is var current && current.Version != _latest.Version)
                    _coming.Enqueue((Environment.TickCount64, _latest = current));
                while (_coming.TryPeek(out var next) && Environment.TickCount64 - next.Seen >= by.TotalMilliseconds)
                    _known = _coming.Dequeue().Snapshot;
                return _known;
            }
        }
    }

    public IAsyncEnumerable<ClusterMembershipSnapshot> MembershipUpdates => membership.MembershipUpdates;

    public async ValueTask Refresh(MembershipVersion minimumVersion = default, CancellationToken cancellationToken = default)
    {
        await membership.Refresh(minimumVersion, cancellationToken);
        lock (_lock)
        {
            _coming.Clear();
            _known = _latest = membership.CurrentSnapshot;
        }
    }

    public Task<bool> TryKill(SiloAddress siloAddress) => membership.TryKill(siloAddress);

    /// <summary>Has the silo of these services learn late.</summary>
    public static void Decorate(IServiceCollection services, TimeSpan by)
    {
        var original = services.Last(s => s.ServiceType == typeof(IClusterMembershipService));
        services.AddSingleton<IClusterMembershipService>(sp => new LateMembership(
            (IClusterMembershipService)(original.ImplementationFactory?.Invoke(sp)
                ?? ActivatorUtilities.CreateInstance(sp, original.ImplementationType!)), by));
    }
}
