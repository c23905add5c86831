using Commerce.Hosting;
using Microsoft.AspNetCore.Authorization;

namespace Commerce.ApiGateway;

/// <summary>What a caller needs for an endpoint: one of the scopes. The requirement is its own handler.</summary>
internal sealed class NeededScope(string scope) : AuthorizationHandler<NeededScope>, IAuthorizationRequirement
{
    /// <summary>The one that the configuration can open to all.</summary>
    private const string Catalogue = "catalogue:read";

    public string Scope => scope;

    /// <summary>What an endpoint needs; null: it is open to all.</summary>
    public static string? Of(Endpoint? endpoint) => endpoint is null ? null : Of(endpoint.Metadata);

    /// <summary>The same of its metadata.</summary>
    public static string? Of(IEnumerable<object> endpoint) => endpoint.OfType<AuthorizationPolicy>()
        .SelectMany(p => p.Requirements).OfType<NeededScope>().FirstOrDefault()?.Scope;

    /// <summary>True where the configuration opens what a scope allows to callers without credentials.</summary>
    public static bool IsOpen(string scope, HttpContext? http) => scope == Catalogue
        && http?.RequestServices.GetRequiredService<GatewaySettings>().PublicCatalogue is true;

    protected override Task HandleRequirementAsync(AuthorizationHandlerContext context, NeededScope needed)
    {
        if (CallerIdentity.Of(context.User).May(needed.Scope) || IsOpen(scope, context.Resource as HttpContext)) context.Succeed(needed);
        return Task.CompletedTask;
    }
}

/// <summary>Who may use which endpoint.</summary>
internal static class AccessRules
{
    /// <summary>
    /// What holds where an endpoint does not say it, which is only for paths and methods that do not exist: a caller is needed for a 405,
    /// but not for a 404.
    /// </summary>
    public static AuthorizationPolicy Otherwise { get; } = new AuthorizationPolicyBuilder()
        .RequireAssertion(context => context.User.Identity is { IsAuthenticated: true }
            || (context.Resource as HttpContext)?.GetEndpoint() is null)
        .Build();

    /// <summary>The endpoint is for callers with this scope.</summary>
    public static TBuilder Needs<TBuilder>(this TBuilder endpoint, string scope) where TBuilder : IEndpointConventionBuilder =>
        AccessTable.Scopes.ContainsKey(scope)
            ? endpoint.RequireAuthorization(policy => policy.AddRequirements(new NeededScope(scope)))
            : throw new InvalidOperationException($"access.json has no scope '{scope}', which an endpoint needs.");

    /// <summary>Looks at all endpoints before anything is served: each says what it needs, or that it is open to all.</summary>
    /// <exception cref="InvalidOperationException">One does not.</exception>
    public static void Check(IEndpointRouteBuilder routes)
    {
        foreach (var endpoint in routes.DataSources.SelectMany(source => source.Endpoints).OfType<RouteEndpoint>())
            if (NeededScope.Of(endpoint) is null && endpoint.Metadata.GetMetadata<IAllowAnonymous>() is null)
                throw new InvalidOperationException(
                    $"The endpoint '{endpoint.RoutePattern.RawText}' does not say who may use it: add Needs(\"SCOPE\") or "
                    + "AllowAnonymous().");
    }
}
