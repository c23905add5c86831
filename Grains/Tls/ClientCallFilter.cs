using System.Collections.Concurrent;
using System.Reflection;
using Commerce.Engine;
using Commerce.Grains.Client;
using Microsoft.Extensions.Logging;

namespace Commerce.Grains;

/// <summary>
/// What a client of the cluster, such as a gateway, can reach: contracts, what gateways ask of silos, and the numbers of the dashboard.
/// What Orleans has besides, such as the management of silos, storage and streams, is for silos (decision 22).
/// </summary>
internal sealed class ClientCallFilter(ILogger<ClientCallFilter> log) : IIncomingGrainCallFilter
{
    private static readonly Assembly OfGateways = typeof(IPingGrain).Assembly;

    /// <summary>Those of Orleans by which a client finds its way, gives a call up, and looks who is there.</summary>
    private static readonly string[] OfOrleans =
    [
        "Orleans.Runtime.IClusterManifestSystemTarget", "Orleans.Runtime.ICancellationSourcesExtension",
        "Orleans.Runtime.IGrainCallCancellationExtension", "Orleans.Dashboard.Core.IDashboardGrain",
        "Orleans.Dashboard.Core.IDashboardRemindersGrain",
    ];

    /// <summary>It would call any method of any grain.</summary>
    private const string StateOfAnyGrain = "GetGrainState";

    /// <summary>What the names of the clients begin with that silos have within themselves.</summary>
    private static readonly byte[] Hosted = "hosted-"u8.ToArray();

    private readonly ConcurrentDictionary<MethodInfo, bool> _open = new();

    public Task Invoke(IIncomingGrainCallContext context)
    {
        if (context.SourceId is not { } source || !IsOutside(source)) return context.Invoke();
        var cause = NamesCause(context);
        if (!cause && context.InterfaceMethod is { } method && _open.GetOrAdd(method, IsOpen)) return context.Invoke();
        log.LogWarning("Refused a call of {Method} of {Grain} by the client {Client}", Name(context), context.TargetId, source);
        throw new InvalidOperationException($"{Name(context)}{(cause ? " with a cause" : "")} is not for clients of the cluster.");
    }

    // A client says who calls, and not what that followed from (decision 31), unless a gateway gives a parked fact to its reaction.
    private static bool NamesCause(IIncomingGrainCallContext context) =>
        ContractMethod.Find(context.InterfaceMethod)?.CallOf(context.Request) is { Cause: not null, Caller.IsSystem: false };

    private static bool IsOutside(GrainId source) => GrainTypePrefix.IsClient(source) && !source.Key.AsSpan().StartsWith(Hosted);

    private static string Name(IIncomingGrainCallContext context) =>
        $"{context.InterfaceMethod?.DeclaringType?.Name ?? context.InterfaceName}.{context.InterfaceMethod?.Name ?? context.MethodName}";

    private static bool IsOpen(MethodInfo method) => ContractMethod.Find(method) is not null || method.DeclaringType is { } type
        && ((type.Assembly == OfGateways && type != typeof(IEntityGrain))
            || (type == typeof(IManagementGrain) && method.Name == nameof(IManagementGrain.GetHosts))
            || (OfOrleans.Contains(type.FullName) && method.Name != StateOfAnyGrain));
}
