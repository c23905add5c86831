using Commerce.Access;
using Commerce.Engine;
using Commerce.Hosting;
using Commerce.Kernel;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Commerce.ApiGateway;

/// <summary>Makes an API key.</summary>
/// <param name="Id"><c>key_…</c>; made from the idempotency key when not given.</param>
/// <param name="Name">What it is for.</param>
/// <param name="Roles">What it may do and sees: roles of <c>docs/access.md</c>.</param>
/// <param name="Scopes">Only these scopes of its roles; all of them, when not given.</param>
/// <param name="Channel">The sales channel, for the role partner and for no other.</param>
/// <param name="ExpiresInDays">When it ends; after 90 days, when not given.</param>
internal sealed record NewApiKey(
    string? Id, string Name, IReadOnlyList<string> Roles, IReadOnlyList<string>? Scopes, string? Channel, int? ExpiresInDays);

/// <summary>Gives an API key a new secret.</summary>
/// <param name="ExpiresInDays">When the new one ends; after 90 days, when not given.</param>
/// <param name="OldSecretHours">How long the old one still serves; for 24 hours, when not given. 0: it ends at once.</param>
internal sealed record NewSecret(int? ExpiresInDays, int? OldSecretHours);

/// <summary>An API key.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Name">What it is for.</param>
/// <param name="StartsWith">What its text begins with: by that a text that was found somewhere is known to be of this key.</param>
/// <param name="Roles">The roles that it was made of.</param>
/// <param name="Scopes">What it may do.</param>
/// <param name="Channel">The sales channel whose things it sees.</param>
/// <param name="MadeAt">When it was made.</param>
/// <param name="ExpiresAt">When its newest secret ends.</param>
/// <param name="RevokedAt">When it was revoked.</param>
/// <param name="Version">For If-Match.</param>
/// <param name="Key">The text to send as a bearer token. It is shown once, by the request that made it, and kept nowhere.</param>
internal sealed record ApiKey(
    string Id,
    string Name,
    string StartsWith,
    IReadOnlyList<string> Roles,
    IReadOnlyList<string> Scopes,
    string? Channel,
    DateTimeOffset MadeAt,
    DateTimeOffset ExpiresAt,
    DateTimeOffset? RevokedAt,
    long Version,
    string? Key);

/// <summary>API keys over HTTP (decision 28).</summary>
internal sealed class ApiKeyEndpoints : IEndpoints
{
    private const string NewExample = """{ "id": "key_scanner", "name": "The scanners of the warehouse", "roles": ["warehouse"] }""";

    private const string RollExample = """{ "expiresInDays": 90, "oldSecretHours": 24 }""";

    private const string Once =
        "The answer has the key in 'key'. It is shown this once: the same request again gets the answer without it.";

    private static readonly Heading Heading = new("Access", "What machines prove themselves with: API keys.");

    private static readonly PathParameter Id = new("id", "The key's id.", "key_scanner", "unknown_api_key");

    public static IReadOnlyDictionary<string, string> Codes { get; } = new Dictionary<string, string>
    {
        ["unknown_api_key"] = "There is no API key with this id.",
        ["api_key_exists"] = "There is an API key with this id already, and this request is not the one that made it.",
        ["api_key_revoked"] = "The API key was ended for good.",
        ["may_not_give"] = "The key would have more than its maker, or could make keys itself.",
        ["unknown_role"] = "There is no such role, or none that an API key can have.",
        ["invalid_roles"] = "There is no role, or the roles differ in what they see.",
        ["unknown_scope"] = "The scope is none of the roles' scopes.",
        ["invalid_channel"] = "A partner's key has no channel, another key has one, or it has characters that channels do not have.",
        ["invalid_lifetime"] = "The key would serve for less than a day or more than a year.",
        ["invalid_overlap"] = "The old secret would serve for longer than a week.",
    };

    public static void Map(IEndpointRouteBuilder routes)
    {
        var area = routes.Area(Heading, Id);
        area.MapPost("/api-keys", Make)
            .Needs(ApiKeyRules.Admin).As("makeApiKey", "Makes an API key", Once).Reads<NewApiKey>(NewExample).Changes(versioned: false)
            .Refuses(403, "may_not_give").Refuses(409, "api_key_exists")
            .Refuses(
                422, "invalid_id", "invalid_name", "unknown_role", "invalid_roles", "unknown_scope", "invalid_channel", "invalid_lifetime")
            .Means(201, "Made.");
        area.MapGet("/api-keys", List)
            .Needs(ApiKeyRules.Admin).As("listApiKeys", "Lists API keys").Paged().Means(200, "A page of API keys, by id.");
        area.MapGet("/api-keys/{id}", Get)
            .Needs(ApiKeyRules.Admin).As("getApiKey", "Gets an API key").Means(200, "The key, without its secret.");
        area.MapPost("/api-keys/{id}/roll", Roll)
            .Needs(ApiKeyRules.Admin).As("rollApiKey", "Gives an API key a new secret",
                $"The caller stays the same, so that idempotency keys and records go on. {Once}")
            .Reads<NewSecret>(RollExample).Changes()
            .Refuses(403, "may_not_give").Refuses(409, "api_key_revoked").Refuses(422, "invalid_lifetime", "invalid_overlap")
            .Means(200, "The key with its new secret.");
        area.MapPost("/api-keys/{id}/revoke", Revoke)
            .Needs(ApiKeyRules.Admin).As("revokeApiKey", "Ends an API key for good",
                "It is refused from here on, by this gateway at once and by all others within a second.")
            .Changes().Means(200, "Revoked.");
    }

    private static async Task<Created<ApiKey>> Make(ApiRequest request, IEntities entities, KeyReplica keys)
    {
        var body = await request.Read<NewApiKey>();
        var id = request.NewId("key", body.Id);
        var (scopes, reach) = Wanted(body);
        var text = ApiKeyText.New(id);
        var command = new MakeApiKey(body.Name, [.. body.Roles.Distinct()], scopes, reach, DigestOf(text), body.ExpiresInDays);
        var made = await request.Change(body, call => entities.Get<IApiKey>(id).Make(command, call));
        await Follow(keys);
        return ApiResults.Created(request, $"/api-keys/{made.Id}", Shown(made, text), made.Version);
    }

    private static async Task<Ok<Page<ApiKey>>> List(ApiRequest request, IApiKeyQueries keys)
    {
        var page = await keys.List(request.Page, request.Cancel);
        return ApiResults.Page(request, new Page<ApiKey>([.. page.Items.Select(k => Shown(k))], page.Next));
    }

    private static async Task<Results<Ok<ApiKey>, NotModified>> Get(string id, ApiRequest request, IEntities entities)
    {
        var key = await request.InTime(Find(entities, id).Get()) ?? throw Problems.Unknown("api_key", id);
        return ApiResults.Found(request, Shown(key), key.Version);
    }

    private static async Task<Ok<ApiKey>> Roll(string id, ApiRequest request, IEntities entities, KeyReplica keys)
    {
        var key = Find(entities, id);
        var body = await request.Read<NewSecret>();
        var text = ApiKeyText.New(id);
        var command = new RollApiKey(DigestOf(text), body.ExpiresInDays, body.OldSecretHours);
        var rolled = await request.Change(body, call => key.Roll(command, call));
        await Follow(keys);
        return ApiResults.Ok(request, Shown(rolled, text), rolled.Version);
    }

    private static async Task<Ok<ApiKey>> Revoke(string id, ApiRequest request, IEntities entities, KeyReplica keys)
    {
        var key = Find(entities, id);
        var revoked = await request.Change(await request.Read<Nothing>(), key.Revoke);
        await Follow(keys);
        return ApiResults.Ok(request, Shown(revoked), revoked.Version);
    }

    // With the answer this gateway knows it, too. If it cannot, it lets no key in before it does.
    private static async Task Follow(KeyReplica keys)
    {
        try
        {
            await keys.CatchUp();
        }
        catch (UnavailableException)
        {
            // What was asked for is done all the same.
        }
    }

    private static (IReadOnlyList<string> Scopes, Reach Reach) Wanted(NewApiKey body)
    {
        foreach (var (i, role) in body.Roles.Index())
            if (!KeyRoles.Possible.Contains(role))
                throw Problems.Invalid(
                    "unknown_role", $"/roles/{i}", $"'{Text.Shorten(role)}' is not a role that a key can have.",
                    $"Give some of {string.Join(", ", KeyRoles.Possible)}.");
        if (AccessTable.Of(body.Roles) is not var (all, kind))
            throw Problems.Invalid(
                "invalid_roles", "/roles",
                body.Roles.Count == 0 ? "There is no role." : $"{string.Join(", ", body.Roles.Distinct())} differ in what they see.",
                "Give one or more; partner and guest stand alone.");
        foreach (var (i, scope) in (body.Scopes ?? []).Index())
            if (!all.Contains(scope))
                throw Problems.Invalid(
                    "unknown_scope", $"/scopes/{i}", $"'{Text.Shorten(scope)}' is not a scope of {string.Join(", ", body.Roles)}.",
                    $"Give some of {string.Join(", ", all.Order(StringComparer.Ordinal))}; or leave the scopes out for all of them.");
        return ([.. (body.Scopes ?? all.Where(s => s != ApiKeyRules.Admin)).Distinct().Order(StringComparer.Ordinal)],
            new Reach(kind, Channel(body.Channel, kind)));
    }

    private static string? Channel(string? channel, ReachKind kind) =>
        kind != ReachKind.Channel ? channel is null ? null : throw Problems.Invalid(
            "invalid_channel", "/channel", $"A channel '{Text.Shorten(channel)}' is given for a key that is no partner's.",
            "Leave it out, or give the role partner alone.")
        : channel is not null && Validate.IsVisibleAscii(channel, 1, 60) ? channel : throw Problems.Invalid(
            "invalid_channel", "/channel", $"'{Text.Shorten(channel)}' cannot be a channel.", "Give 1 to 60 visible ASCII characters.");

    private static string DigestOf(string text) => Convert.ToHexStringLower(ConfiguredKey.DigestOf(text));

    // A repeated request makes a text that is nothing's: what the first one made is not known here any more.
    private static ApiKey Shown(ApiKeyView key, string? text = null) => new(
        key.Id, key.Name, ApiKeyText.StartOf(key.Id), key.Roles, key.Scopes, key.Reach.Channel, key.MadeAt, key.ExpiresAt, key.RevokedAt,
        key.Version, text is not null && DigestOf(text) == key.Digest ? text : null);

    private static IApiKey Find(IEntities entities, string id) =>
        Ids.Has("key", id) ? entities.Get<IApiKey>(id) : throw Problems.Unknown("api_key", id);
}
