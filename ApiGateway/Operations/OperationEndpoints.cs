using Commerce.Engine;
using Commerce.Hosting;
using Commerce.Journal;
using Commerce.Kernel;
using Commerce.Providers;
using Commerce.ReadModels;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Commerce.ApiGateway;

/// <summary>A fact that a reaction could not handle.</summary>
/// <param name="Subscription">The reaction.</param>
/// <param name="Partition">Where the fact is, with <paramref name="Position"/>.</param>
/// <param name="Position">Where the fact is, with <paramref name="Partition"/>.</param>
/// <param name="Entity">Whose fact.</param>
/// <param name="Fact">What kind.</param>
/// <param name="Reason">Why it failed the last time.</param>
/// <param name="ParkedAt">When it was set aside.</param>
internal sealed record Parked(
    string Subscription, int Partition, long Position, string Entity, string Fact, string Reason, DateTimeOffset ParkedAt);

/// <summary>How the flow of facts between capabilities is doing.</summary>
/// <param name="Lag">How far each is behind.</param>
/// <param name="Parked">What is set aside for an operator.</param>
internal sealed record Subscriptions(IReadOnlyList<SubscriptionLag> Lag, IReadOnlyList<Parked> Parked);

/// <summary>How the sandbox provider behaves.</summary>
/// <param name="Outage">True: it answers nothing, as if it were away.</param>
internal sealed record Sandbox(bool Outage);

/// <summary>For the operator.</summary>
internal sealed class OperationEndpoints : IEndpoints
{
    private const string SandboxExample = """{ "outage": false }""";

    private static readonly Heading Heading =
        new("Operations", "For the operator: the flow of facts, read models, payment providers and the sandbox.", "Ledger");

    private static readonly PathParameter[] Segments =
    [
        new("subscription", "The reaction's name.", "orders-to-customers", "unknown_parked_fact"),
        new("partition", "The partition that the fact is in.", "0"),
        new("position", "The fact's position in the partition.", "1"),
        new("name", "The read model's name, or 'all'.", "all", "unknown_read_model"),
    ];

    public static IReadOnlyDictionary<string, string> Codes { get; } = new Dictionary<string, string>
    {
        ["unknown_parked_fact"] = "No fact of this reaction is set aside at this place: it was handled or given up, or never was.",
        ["still_failing"] = "The reaction failed on the fact once more.",
        ["unknown_read_model"] = "There is no read model with this name.",
    };

    public static void Map(IEndpointRouteBuilder routes)
    {
        var area = routes.Area(Heading, Segments);
        area.MapGet("/operations/subscriptions", GetSubscriptions)
            .Needs("operations:read").As("getSubscriptions", "How far reactions are behind, and what they could not handle")
            .Means(200, "The flow of facts.");
        area.MapGet("/operations/read-models", GetReadModels)
            .Needs("operations:read").As("getReadModels", "How far read models are behind").Means(200, "The read models.");
        area.MapPost("/operations/read-models/{name}/rebuild", Rebuild)
            .Needs("operations:rebuild")
            .As("rebuildReadModel", "Drops a read model, or 'all', and builds it again from the journal", "Answers when it is done.")
            .Means(200, "What was rebuilt, and of how many facts.");
        if (routes.ServiceProvider.GetRequiredService<GatewaySettings>().Mode == EnvironmentKind.Development) MapSandbox(area);
        area.MapGet("/payment-providers", async (ApiRequest _, IEngineControl engine) => TypedResults.Ok(await engine.Circuits()))
            .Needs("operations:read").As("getPaymentProviders", "The payment providers and their circuit breakers")
            .Means(200, "The providers.");
        area.MapPost("/operations/parked/{subscription}/{partition}/{position}/retry", Retry)
            .Needs("operations:retry")
            .As("retryParked", "Gives a fact that was set aside to its reaction once more").Refuses(409, "still_failing")
            .Means(200, "It was handled.");
        area.MapDelete("/operations/parked/{subscription}/{partition}/{position}", GiveUp)
            .Needs("operations:discard")
            .As("giveUpParked", "Gives a fact that was set aside up", "Its reaction will never see it: what should have followed will not.")
            .Means(200, "It was given up.");
    }

    private static async Task<Ok<Subscriptions>> GetSubscriptions(ApiRequest request, ISubscriptions subscriptions)
    {
        var parked = await subscriptions.Parked(request.Cancel);
        return TypedResults.Ok(new Subscriptions(await subscriptions.Lag(request.Cancel), [.. parked.Select(Show)]));
    }

    private static async Task<Ok<IReadOnlyList<ReadModelStatus>>> GetReadModels(ApiRequest request, ReadModelService models) =>
        TypedResults.Ok(await models.Status(request.Cancel));

    private static async Task<Ok<Parked>> Retry(
        string subscription, string partition, string position, ApiRequest request, ISubscriptions subscriptions)
    {
        var parked = await Find(subscription, partition, position, request, subscriptions);
        try
        {
            if (!await subscriptions.Retry(parked, request.Cancel)) throw Gone(subscription, partition, position);
        }
        catch (Exception again) when (again is not (UnavailableException or OperationCanceledException or ProblemException))
        {
            throw new ProblemException(new Problem(
                StatusCodes.Status409Conflict, "still_failing", $"It failed again: {again.Message}", "Remove the cause, then try again."));
        }

        return TypedResults.Ok(Show(parked));
    }

    private static async Task<Ok<Parked>> GiveUp(
        string subscription, string partition, string position, ApiRequest request, ISubscriptions subscriptions)
    {
        var parked = await Find(subscription, partition, position, request, subscriptions);
        if (!await subscriptions.GiveUp(parked, request.Cancel)) throw Gone(subscription, partition, position);
        return TypedResults.Ok(Show(parked));
    }

    private static async Task<ParkedFact> Find(
        string subscription, string partition, string position, ApiRequest request, ISubscriptions subscriptions) =>
        (await subscriptions.Parked(request.Cancel)).FirstOrDefault(p =>
            p.Subscription == subscription && p.Fact.Partition.ToString() == partition && p.Fact.Position.ToString() == position)
        ?? throw Gone(subscription, partition, position);

    private static Exception Gone(string subscription, string partition, string position) =>
        Problems.Unknown("parked_fact", $"{subscription}/{partition}/{position}");

    private static async Task<Ok<IReadOnlyList<RebuiltReadModel>>> Rebuild(string name, ApiRequest request, IEngineControl engine)
    {
        var chosen = ReadModelService.All.Where(m => name == "all" || m.Name == name).ToList();
        if (chosen.Count == 0)
            throw Problems.Unknown(
                "read_model", name, $"Known are: all, {string.Join(", ", ReadModelService.All.Select(m => m.Name))}.");
        var rebuilt = new List<RebuiltReadModel>();
        foreach (var model in chosen) rebuilt.Add(await engine.Rebuild(model, request.Cancel));
        return TypedResults.Ok<IReadOnlyList<RebuiltReadModel>>(rebuilt);
    }

    private static void MapSandbox(RouteGroupBuilder area)
    {
        area.MapGet("/sandbox", async (ApiRequest _, IEngineControl engine) => TypedResults.Ok(new Sandbox(await engine.GetOutage())))
            .Needs("operations:read").As("getSandbox", "How the sandbox provider behaves").Means(200, "The switch.");
        area.MapPut("/sandbox", Switch)
            .Needs("sandbox:write")
            .As("setSandbox", "Switches the sandbox provider off and on", "To see what an outage of a provider does.")
            .Reads<Sandbox>(SandboxExample).Means(200, "The switch.");
    }

    private static async Task<Ok<Sandbox>> Switch(ApiRequest request, IEngineControl engine)
    {
        var body = await request.Read<Sandbox>();
        await engine.SetOutage(body.Outage);
        return TypedResults.Ok(body);
    }

    private static Parked Show(ParkedFact parked) => new(
        parked.Subscription, parked.Fact.Partition, parked.Fact.Position, parked.Fact.Entity.ToString(),
        TimelineReader.NameOf(parked.Fact), parked.Reason, parked.ParkedAt);
}
