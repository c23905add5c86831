using Orleans.Configuration;

namespace Commerce.Silo;

/// <summary>
/// When the others take a silo for dead. Each is probed by its neighbours; after some missed probes a neighbour votes against it, and with
/// enough votes it is dead for good, so that its entities may live elsewhere. A silo that finds itself voted dead ends its process.
/// </summary>
/// <remarks>
/// A second between probes and three misses suit processes on one machine or in one rack: a killed silo is noticed in about four seconds.
/// Over a network that loses packets, or where a machine may stand still or be overloaded for seconds, a short time kills healthy silos:
/// set <c>Commerce:Silo:ProbeSeconds</c> to Orleans' own 5 there, alike on all silos. Two votes keep one silo with a bad network from
/// declaring the others dead; of two silos one vote is enough.
/// </remarks>
internal static class FailureDetection
{
    public static void Configure(ClusterMembershipOptions options, TimeSpan probeEvery)
    {
        options.ProbeTimeout = probeEvery;
        // By default Orleans adapts it to how fast probes are answered, between half and four times of it. That would take a healthy silo
        // for dead that stands still for one and a half of the seconds that it may, and notice a death late.
        options.MinProbeTimeout = options.MaxProbeTimeout = probeEvery;
        options.NumMissedProbesLimit = 3;
        options.NumVotesForDeathDeclaration = 2;
        // Changes are gossiped; this is the fallback for lost gossip.
        options.TableRefreshTimeout = TimeSpan.FromSeconds(5);
        // A silo that starts takes an older entry for dead when it has given no sign for three of these.
        options.IAmAliveTablePublishTimeout = TimeSpan.FromSeconds(5);
        // A start that meets entries of a cluster that was killed whole, at other addresses, gives up after this. Its next start finds them
        // silent for long enough, and joins without them.
        options.MaxJoinAttemptTime = TimeSpan.FromSeconds(30);
        options.DefunctSiloExpiration = TimeSpan.FromDays(1);
    }
}
