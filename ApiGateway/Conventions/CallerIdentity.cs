using System.Security.Claims;
using Commerce.Kernel;
using Microsoft.AspNetCore.Authorization;
using Claim = System.Security.Claims.Claim;

namespace Commerce.ApiGateway;

/// <summary>A caller as the framework's principal carries it: its name, and a claim for each permission.</summary>
internal static class CallerIdentity
{
    private const string Permission = "permission";

    /// <summary>The caller as a principal of an authentication scheme.</summary>
    public static ClaimsPrincipal Principal(Caller caller, string scheme) => new(new ClaimsIdentity(
        [new Claim(ClaimTypes.Name, caller.Name), .. caller.Permissions.Select(p => new Claim(Permission, p))], scheme));

    /// <summary>The caller that a principal stands for.</summary>
    public static Caller Of(ClaimsPrincipal user) =>
        new(user.Identity?.Name ?? "", [.. user.FindAll(Permission).Select(p => p.Value)]);
}

/// <summary>
/// The permission for the endpoints of an area: <c>orders:read</c> for reads, <c>orders:write</c> for changes. The requirement is its own
/// handler.
/// </summary>
internal sealed class AreaPermission(string area) : AuthorizationHandler<AreaPermission>, IAuthorizationRequirement
{
    public string For(string method) => HttpMethods.IsGet(method) || HttpMethods.IsHead(method)
        ? ApiPermissions.Reads(area) : ApiPermissions.Writes(area);

    /// <summary>What an endpoint needs, if it is one of an area.</summary>
    public static AreaPermission? Of(Endpoint? endpoint) => endpoint?.Metadata.GetOrderedMetadata<AuthorizationPolicy>()
        .SelectMany(p => p.Requirements).OfType<AreaPermission>().FirstOrDefault();

    /// <summary>The fallback policy: a caller is needed, also for a 405, but not for a 404.</summary>
    public static AuthorizationPolicy Otherwise { get; } = new AuthorizationPolicyBuilder()
        .RequireAssertion(context => context.User.Identity is { IsAuthenticated: true }
            || (context.Resource as HttpContext)?.GetEndpoint() is null)
        .Build();

    protected override Task HandleRequirementAsync(AuthorizationHandlerContext context, AreaPermission needed)
    {
        if (context.Resource is HttpContext http && CallerIdentity.Of(context.User).May(needed.For(http.Request.Method)))
            context.Succeed(needed);
        return Task.CompletedTask;
    }
}
