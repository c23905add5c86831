using System.Collections.Concurrent;
using System.Security.Cryptography.X509Certificates;
using Commerce.Engine;
using Commerce.Kernel;
using Orleans;
using Orleans.Runtime;

namespace Commerce.Grains.Client;

/// <summary>
/// Sends a seal beside each command (decision 33): a gateway that of its caller; a silo that of the system, or else the one that has come
/// with the caller's own call.
/// </summary>
internal sealed class CallerSealing(ClusterIdentity identity, TimeProvider clock) : IOutgoingGrainCallFilter
{
    private const int Most = 10_000;

    private readonly ConcurrentDictionary<Caller, Made> _made = new(SameCaller.Instance);

    public Task Invoke(IOutgoingGrainCallContext context)
    {
        if (ContractMethod.Find(context.InterfaceMethod)?.CallOf(context.Request) is not { Caller: var caller })
            RequestContext.Remove(CallerSeal.Place);
        else if (caller.IsSystem == (identity.Role == ClusterIdentity.Silo))
            RequestContext.Set(CallerSeal.Place, Of(caller));
        return context.Invoke();
    }

    private byte[] Of(Caller caller)
    {
        var (certificate, now) = (identity.Certificate, clock.GetUtcNow());
        if (_made.TryGetValue(caller, out var made) && made.RenewAt > now && ReferenceEquals(made.Certificate, certificate))
            return made.Sealing;
        if (_made.Count >= Most) _made.Clear();
        var sealing = CallerSeal.Make(caller, now + CallerSeal.Lifetime, certificate);
        _made[caller] = new Made(certificate, sealing, now + (CallerSeal.Lifetime / 2));
        return sealing;
    }

    private sealed record Made(X509Certificate2 Certificate, byte[] Sealing, DateTimeOffset RenewAt);
}
