using Commerce.Journal;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Commerce.ApiGateway;

/// <summary>How the process is.</summary>
/// <param name="Status"><c>live</c>, <c>ready</c> or <c>unavailable</c>.</param>
/// <param name="Database">Whether the databases answer; not looked at for <c>live</c>.</param>
/// <param name="Cluster">Whether the silos answer, where there are any; not looked at for <c>live</c>.</param>
internal sealed record Health(string Status, bool? Database = null, bool? Cluster = null);

/// <summary>Liveness and readiness, for supervisors of the process.</summary>
internal sealed class HealthEndpoints : IEndpoints
{
    private static readonly Heading Heading = new("Health", "Whether the process runs and can serve, for what supervises it.");

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);

    public static void Map(IEndpointRouteBuilder routes)
    {
        var area = routes.MapGroup("").WithMetadata(Heading).AllowAnonymous();
        area.MapGet("/health/live", (ApiRequest _) => TypedResults.Ok(new Health("live")))
            .As("getLiveness", "Whether the process runs", "Restart it when this fails.").Means(200, "It runs.");
        area.MapGet("/health/ready", Ready)
            .As("getReadiness", "Whether it can serve now", "503 while a database is away, or all silos are; it recovers by itself.")
            .Means(200, "It can.").Means(503, "It cannot now.");
        area.MapGet("/", (ApiRequest _) => Results.Redirect("/docs/")).ExcludeFromDescription();
    }

    private static async Task<Results<Ok<Health>, Unavailable<Health>>> Ready(
        ApiRequest request, CommerceDatabases databases, IEngineControl engine)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(request.Cancel);
        patience.CancelAfter(Patience);
        var looks = await Task.WhenAll(
            Within(async () => await databases.Ping(patience.Token), request.Cancel),
            Within(() => engine.ClusterAnswers(patience.Token), request.Cancel));
        var up = looks.All(l => l != false);
        var health = new Health(up ? "ready" : "unavailable", looks[0], looks[1]);
        return up ? TypedResults.Ok(health) : new Unavailable<Health>(health);
    }

    private static async Task<bool?> Within(Func<Task<bool?>> look, CancellationToken gone)
    {
        try
        {
            return await look();
        }
        catch (OperationCanceledException) when (!gone.IsCancellationRequested)
        {
            return false; // no answer in time counts as no answer
        }
    }
}
