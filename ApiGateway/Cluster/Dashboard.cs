using Orleans.Dashboard;

namespace Commerce.ApiGateway;

/// <summary>
/// The Orleans dashboard, read only: silos, grains, calls, reminders. It needs <c>operations:read</c>. The browser asks for credentials:
/// any name, and an API key or a token as the password.
/// </summary>
internal static class Dashboard
{
    /// <summary>Where it is served.</summary>
    public const string Path = "/dashboard";

    /// <summary>
    /// The other pages only read counters. These would show the state of a grain, by calling any method of it that looks like a query, and
    /// the log of this process.
    /// </summary>
    private static readonly string[] LeftOut = [$"{Path}/GrainState", $"{Path}/Trace"];

    public static void MapDashboard(this IEndpointRouteBuilder routes)
    {
        var dashboard = routes.MapOrleansDashboard(Path);
        dashboard.WithMetadata(new SignIn(), new ExcludeFromDescriptionAttribute());
        dashboard.Needs("operations:read");
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
