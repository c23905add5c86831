using Commerce.Hosting;
using Commerce.Journal;

namespace Commerce.Silo;

/// <summary>Liveness and readiness for supervisors of the process; on this machine only, and without any other information.</summary>
internal static class HealthEndpoints
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);

    public static void MapHealth(this IEndpointRouteBuilder routes)
    {
        routes.MapGet("/health/live", () => Results.Json(new { status = "live" }));
        routes.MapGet("/health/ready", Ready);
    }

    /// <summary>Ready is a silo that the cluster has taken up and whose databases answer.</summary>
    private static async Task<IResult> Ready(
        CommerceDatabases databases, ClusterDatabase cluster, ISiloStatusOracle silo, SiloSettings settings, CancellationToken cancel)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        patience.CancelAfter(Patience);
        var joined = silo.CurrentStatus == SiloStatus.Active;
        var database = await Answers(databases, cluster, patience.Token, cancel);
        return Results.Json(
            new
            {
                status = joined && database ? "ready" : "unavailable",
                silo = settings.Name,
                joined,
                database,
                capabilities = settings.Hosted.Select(c => c.Name),
            },
            statusCode: joined && database ? StatusCodes.Status200OK : StatusCodes.Status503ServiceUnavailable);
    }

    private static async Task<bool> Answers(
        CommerceDatabases databases, ClusterDatabase cluster, CancellationToken patience, CancellationToken gone)
    {
        try
        {
            return await databases.Ping(patience) && await cluster.Ping(patience);
        }
        catch (OperationCanceledException) when (!gone.IsCancellationRequested)
        {
            return false; // a database that does not answer in time is as good as away
        }
    }
}
