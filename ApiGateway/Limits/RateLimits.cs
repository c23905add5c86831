using Commerce.Kernel;

namespace Commerce.ApiGateway;

/// <summary>
/// Who asks too often has to wait (decision 30). Requests are counted by caller and class of route, after the caller is known and before
/// anything is read for them.
/// </summary>
internal sealed class RateLimits : IDisposable
{
    private readonly Dictionary<(CallerClass, RouteClass), RateLimit> _limits = [];

    public RateLimits(GatewaySettings settings)
    {
        foreach (var caller in Enum.GetValues<CallerClass>())
        foreach (var route in Enum.GetValues<RouteClass>())
            if (RateTable.Name(caller, route) is var name && settings.Rates.TryGetValue(name, out var rate))
                _limits[(caller, route)] = new RateLimit(name, rate);
        Wrong = new RateLimit(RateTable.WrongCredentials, settings.Rates[RateTable.WrongCredentials]);
    }

    /// <summary>The limit of wrong credentials, by address.</summary>
    public RateLimit Wrong { get; }

    /// <summary>
    /// Counts a request as a read or a list. Those without credentials are refused elsewhere, unless the catalogue is open.
    /// </summary>
    public static Task Count(HttpContext http, RequestDelegate next)
    {
        if (NeededScope.Of(http.GetEndpoint()) is not { } scope) return next(http);
        if (http.User.Identity is not { IsAuthenticated: true } && !NeededScope.IsOpen(scope, http)) return next(http);
        var isList = http.GetEndpoint()!.Metadata.GetMetadata<Takes>()?.Knows(Query.Cursor.Name) is true;
        var limits = http.RequestServices.GetRequiredService<RateLimits>();
        return limits.Take(http, isList ? RouteClass.List : RouteClass.Read) is { } exceeded
            ? throw new ProblemException(exceeded) : next(http);
    }

    /// <summary>Counts a change; null, or the problem to answer if it is no repeat of one that has its answer.</summary>
    public Problem? Change(HttpContext http)
    {
        var (caller, key) = Of(http);
        if (_limits.TryGetValue((caller, RouteClass.Refused), out var refused) && refused.Wait(key) is { } wait)
            return refused.Exceeded(wait);
        return Take(http, http.GetEndpoint()?.Metadata.GetMetadata<CountedAs>()?.Changes ?? RouteClass.Write);
    }

    /// <summary>Counts a change that the business refused.</summary>
    public void Refused(HttpContext http)
    {
        var (caller, key) = Of(http);
        if (_limits.TryGetValue((caller, RouteClass.Refused), out var refused)) refused.Take(key);
    }

    public void Dispose()
    {
        foreach (var limit in _limits.Values) limit.Dispose();
        Wrong.Dispose();
    }

    /// <summary>
    /// Whom a request is counted for. Guests of one storefront may share their credentials, so their address counts as well.
    /// </summary>
    public static (CallerClass Class, string Key) Of(HttpContext http)
    {
        if (http.User.Identity is not { IsAuthenticated: true }) return (CallerClass.Visitor, ClientAddress.Of(http));
        var caller = CallerIdentity.Of(http.User);
        return (RateTable.ClassOf(caller),
            caller.Reach.Kind == ReachKind.Nothing ? $"{caller.Name} {ClientAddress.Of(http)}" : caller.Name);
    }

    private Problem? Take(HttpContext http, RouteClass route)
    {
        var (caller, key) = Of(http);
        if (!_limits.TryGetValue((caller, route), out var limit)) return null;
        var wait = limit.Take(key);
        limit.Tell(http.Response.Headers, key);
        return wait is { } after ? limit.Exceeded(after) : null;
    }
}

/// <summary>How an endpoint's changes are counted, where it is not as usual.</summary>
internal sealed record CountedAs(RouteClass Changes);
