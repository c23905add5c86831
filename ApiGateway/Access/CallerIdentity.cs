using System.Security.Claims;
using Commerce.Kernel;
using Claim = System.Security.Claims.Claim;

namespace Commerce.ApiGateway;

/// <summary>A caller as the framework's principal carries it.</summary>
internal sealed class CallerIdentity(Caller caller, string scheme) : ClaimsIdentity([new Claim(ClaimTypes.Name, caller.Name)], scheme)
{
    private static readonly Caller Nobody = new("nobody", [], Reach.Nothing);

    /// <summary>The caller that a principal stands for; without any, one who may do nothing and sees nothing.</summary>
    public static Caller Of(ClaimsPrincipal user) => (user.Identity as CallerIdentity)?.Caller ?? Nobody;

    public Caller Caller => caller;

    /// <summary>The caller as a principal.</summary>
    public static ClaimsPrincipal Principal(Caller caller, string scheme) => new(new CallerIdentity(caller, scheme));
}
