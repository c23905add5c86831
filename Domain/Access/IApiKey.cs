using Commerce.Kernel;

namespace Commerce.Access;

/// <summary>An API key: what a machine proves itself with (decision 28). The entity's key is its id, <c>key_…</c>.</summary>
public interface IApiKey : IEntity
{
    /// <summary>
    /// Makes it. Refused: <c>api_key_exists</c>, <c>invalid_name</c>, <c>invalid_lifetime</c>, <c>may_not_give</c>.
    /// </summary>
    Task<Result<ApiKeyView>> Make(MakeApiKey command, CallContext call);

    /// <summary>
    /// Gives it a new secret; the old ones end soon. Refused: <c>unknown_api_key</c>, <c>api_key_revoked</c>, <c>invalid_lifetime</c>,
    /// <c>invalid_overlap</c>, <c>may_not_give</c>.
    /// </summary>
    Task<Result<ApiKeyView>> Roll(RollApiKey command, CallContext call);

    /// <summary>Ends it for good, with all of its secrets. Revoked already: accepted. Refused: <c>unknown_api_key</c>.</summary>
    Task<Result<ApiKeyView>> Revoke(CallContext call);

    /// <summary>The key, or null when there is none with this id.</summary>
    [Interleaved]
    Task<ApiKeyView?> Get();
}

/// <summary>Makes an API key.</summary>
/// <param name="Name">What it is for, 1 to 100 characters.</param>
/// <param name="Roles">The roles that it was made of.</param>
/// <param name="Scopes">What it may do: some of the scopes of its roles.</param>
/// <param name="Reach">Whose things it sees.</param>
/// <param name="Digest">SHA-256 of its secret; the secret itself stays with the caller.</param>
/// <param name="ExpiresInDays">When it ends; null: after <see cref="ApiKeyRules.UsualDays"/>.</param>
public sealed record MakeApiKey(
    string Name, IReadOnlyList<string> Roles, IReadOnlyList<string> Scopes, Reach Reach, string Digest, int? ExpiresInDays);

/// <summary>Gives an API key a new secret.</summary>
/// <param name="Digest">SHA-256 of the new one.</param>
/// <param name="ExpiresInDays">When the new one ends; null: after <see cref="ApiKeyRules.UsualDays"/>.</param>
/// <param name="OldSecretHours">How long the old ones still serve; null: for <see cref="ApiKeyRules.UsualHours"/>.</param>
public sealed record RollApiKey(string Digest, int? ExpiresInDays, int? OldSecretHours);

/// <summary>An API key as others see it.</summary>
/// <param name="Id"><c>key_…</c>.</param>
/// <param name="Name">What it is for.</param>
/// <param name="Roles">The roles that it was made of.</param>
/// <param name="Scopes">What it may do.</param>
/// <param name="Reach">Whose things it sees.</param>
/// <param name="Digest">SHA-256 of its newest secret.</param>
/// <param name="MadeAt">When it was made.</param>
/// <param name="ExpiresAt">When its newest secret ends.</param>
/// <param name="RevokedAt">When it was revoked; null: it was not.</param>
/// <param name="Version">The entity's version.</param>
public sealed record ApiKeyView(
    string Id,
    string Name,
    IReadOnlyList<string> Roles,
    IReadOnlyList<string> Scopes,
    Reach Reach,
    string Digest,
    DateTimeOffset MadeAt,
    DateTimeOffset ExpiresAt,
    DateTimeOffset? RevokedAt,
    long Version) : IVersioned;

/// <summary>Lists over all API keys; may lag behind by moments.</summary>
public interface IApiKeyQueries : IQueries
{
    /// <summary>API keys by id.</summary>
    Task<Page<ApiKeyView>> List(PageRequest page, CancellationToken cancel);
}
