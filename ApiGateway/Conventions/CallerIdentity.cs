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
/// The permission that the endpoints of an area need: <c>orders:read</c> to look, <c>orders:write</c> to change. The framework asks the
/// requirement itself whether it is met.
/// </summary>
internal sealed class AreaPermission(string area) : AuthorizationHandler<AreaPermission>, IAuthorizationRequirement
{
    /// <summary>By method.</summary>
    public string For(string method) => HttpMethods.IsGet(method) || HttpMethods.IsHead(method) ? $"{area}:read" : $"{area}:write";

    /// <summary>What an endpoint needs, if it is one of an area.</summary>
    public static AreaPermission? Of(Endpoint? endpoint) => endpoint?.Metadata.GetOrderedMetadata<AuthorizationPolicy>()
        .SelectMany(p => p.Requirements).OfType<AreaPermission>().FirstOrDefault();

    /// <summary>
    /// What holds where nothing else is said: a caller is needed, also to be told that a method is not possible; but not to be told that
    /// there is nothing at all.
    /// </summary>
    public static AuthorizationPolicy Otherwise { get; } = new AuthorizationPolicyBuilder()
        .RequireAssertion(context => context.User.Identity is { IsAuthenticated: true }
            || (context.Resource as HttpContext)?.GetEndpoint() is null)
        .Build();

    protected override Task HandleRequirementAsync(AuthorizationHandlerContext context, AreaPermission needed)
    {
        if (context.Resource is HttpContext http && CallerIdentity.Of(context.User).May(needed.For(http.Request.Method))) context.Succeed(needed);
        return Task.CompletedTask;
    }
}
