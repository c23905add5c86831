using System.Collections.Concurrent;
using System.Reflection;
using Commerce.Engine;
using Commerce.Grains.Client;
using Commerce.Kernel;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Commerce.Grains;

/// <summary>
/// What a silo takes. A client of the cluster, such as a gateway, reaches contracts, what gateways ask of silos, and the numbers of the
/// dashboard; what Orleans has besides, such as the management of silos, storage and streams, is for silos (decision 22). A command comes
/// with the seal of its caller, from whichever process (decision 33); a cluster without certificates has no seals.
/// </summary>
internal sealed class SiloCallFilter(IServiceProvider services, ILogger<SiloCallFilter> log) : IIncomingGrainCallFilter
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
    private readonly CallerCheck? _callers = services.GetService<CallerCheck>();
    private readonly IForgedCalls? _record = services.GetService<IForgedCalls>();

    public Task Invoke(IIncomingGrainCallContext context)
    {
        var outside = context.SourceId is { } source && IsOutside(source);
        if (outside && !(context.InterfaceMethod is { } method && _open.GetOrAdd(method, IsOpen)))
            return Refuse(context, null, ForgeryKind.NotForClients);
        if (_callers is null || ContractMethod.Find(context.InterfaceMethod) is not { IsCommand: true } command) return context.Invoke();
        var call = command.CallOf(context.Request);
        return _callers.Forgery(call, RequestContext.Get(CallerSeal.Place) as byte[]) is { } forgery
            ? Refuse(context, call, forgery) : context.Invoke();
    }

    private async Task Refuse(IIncomingGrainCallContext context, CallContext? call, ForgeryKind kind)
    {
        var forged = new ForgedCall(
            kind, Shown(call?.Caller?.Name), Text.Shorten($"{context.SourceId}"), Name(context), Text.Shorten($"{context.TargetId}"),
            Shown(call?.OperationId));
        log.LogWarning("Refused a call ({Kind}): {Method} of {Target}, from {Sender} as {Caller}",
            kind, forged.Method, forged.Target, forged.Sender, forged.Caller);
        if (_record is not null) await _record.Record(forged);
        throw new InvalidOperationException(kind == ForgeryKind.NotForClients
            ? $"{forged.Method} is not for clients of the cluster."
            : $"{forged.Method} was refused: nothing shows that it is a call of {forged.Caller} ({kind}).");
    }

    // From a forger, it may be anything.
    private static string? Shown(string? text) => text is null ? null : Text.Shorten(text);

    private static bool IsOutside(GrainId source) => GrainTypePrefix.IsClient(source) && !source.Key.AsSpan().StartsWith(Hosted);

    private static string Name(IIncomingGrainCallContext context) =>
        $"{context.InterfaceMethod?.DeclaringType?.Name ?? context.InterfaceName}.{context.InterfaceMethod?.Name ?? context.MethodName}";

    private static bool IsOpen(MethodInfo method) => ContractMethod.Find(method) is not null || method.DeclaringType is { } type
        && ((type.Assembly == OfGateways && type != typeof(IEntityGrain))
            || (type == typeof(IManagementGrain) && method.Name == nameof(IManagementGrain.GetHosts))
            || (OfOrleans.Contains(type.FullName) && method.Name != StateOfAnyGrain));
}
