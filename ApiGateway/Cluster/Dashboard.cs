using Orleans.Dashboard;

namespace Commerce.ApiGateway;

/// <summary>
/// The Orleans dashboard: silos, grains, calls, reminders; to look at only. It is served as all else is: without API keys to this machine
/// only; with API keys to who has one with <c>operations:read</c>, for which the browser asks (any name, and the key as the password).
/// </summary>
internal static class Dashboard
{
    /// <summary>Where it is served.</summary>
    public const string Path = "/dashboard";

    /// <summary>
    /// The rest of it only reads counters. These would show the insides of a grain, by calling whatever it offers that looks like a
    /// question, and the log of this process.
    /// </summary>
    private static readonly string[] LeftOut = [$"{Path}/GrainState", $"{Path}/Trace"];

    /// <summary>Adds the routes.</summary>
    public static void MapDashboard(this IEndpointRouteBuilder routes)
    {
        var dashboard = routes.MapOrleansDashboard(Path);
        dashboard.WithMetadata(new SignIn(), new ExcludeFromDescriptionAttribute());
        dashboard.RequireAuthorization(policy => policy.AddRequirements(new AreaPermission("operations")));
        dashboard.AddEndpointFilter(async (context, next) =>
        {
            var route = (context.HttpContext.GetEndpoint() as RouteEndpoint)?.RoutePattern.RawText;
            return LeftOut.Contains(route) ? throw new ProblemException(NotHere) : await next(context);
        });
    }

    private static Problem NotHere => new(
        StatusCodes.Status403Forbidden, "not_shown", "This dashboard shows neither the state of grains nor logs.",
        "Ask the API for the state of a thing, and the process's output for its log.");
}
