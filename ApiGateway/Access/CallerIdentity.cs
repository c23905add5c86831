using System.Security.Claims;
using Commerce.Kernel;
using Claim = System.Security.Claims.Claim;

namespace Commerce.ApiGateway;

/// <summary>A caller as the framework's principal carries it.</summary>
internal sealed class CallerIdentity(Caller caller, string scheme, Func<DateTimeOffset, ValueTask<bool>> holds)
    : ClaimsIdentity([new Claim(ClaimTypes.Name, caller.Name)], scheme)
{
    private static readonly Caller Nobody = new("nobody", [], Reach.Nothing);

    /// <summary>The caller that a principal stands for; without any, one who may do nothing and sees nothing.</summary>
    public static Caller Of(ClaimsPrincipal user) => (user.Identity as CallerIdentity)?.Caller ?? Nobody;

    /// <summary>True while the credentials hold by which the request was let in: what goes on for long looks again.</summary>
    public static ValueTask<bool> Holds(ClaimsPrincipal user, DateTimeOffset now) =>
        user.Identity is CallerIdentity caller ? caller.Holds(now) : ValueTask.FromResult(true);

    public Caller Caller => caller;

    /// <summary>The caller as a principal.</summary>
    public static ClaimsPrincipal Principal(Caller caller, string scheme, Func<DateTimeOffset, ValueTask<bool>> holds) =>
        new(new CallerIdentity(caller, scheme, holds));

    private ValueTask<bool> Holds(DateTimeOffset now) => holds(now);
}
