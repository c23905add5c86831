using System.Net.Sockets;
using Orleans.Runtime.Messaging;

namespace Commerce.Grains.Client;

/// <summary>Failures of the cluster itself that pass: the call may be retried.</summary>
internal static class TransientFailures
{
    /// <summary>
    /// True for the errors of Orleans when a silo has gone, is leaving or is too busy, when a connection broke, when no silo for the entity
    /// is there just now, or when no answer came. An error of these types from an entity's own code is retried too, which is harmless.
    /// </summary>
    public static bool Passes(Exception problem) =>
        problem is TimeoutException or OrleansException or ConnectionFailedException or SocketException or IOException
            or ObjectDisposedException;

    /// <summary>False when the call has certainly not reached the entity's code.</summary>
    public static bool LeavesDoubt(Exception problem) =>
        problem is not (GatewayTooBusyException or LimitExceededException or ClientNotAvailableException);
}
