using Commerce.Kernel;

namespace Commerce.Access;

/// <summary>What happens to an API key.</summary>
public abstract record ApiKeyFact;

/// <summary>It was made, with its first secret.</summary>
public sealed record ApiKeyMade(
    string Name,
    IReadOnlyList<string> Roles,
    IReadOnlyList<string> Scopes,
    Reach Reach,
    string Digest,
    DateTimeOffset MadeAt,
    DateTimeOffset ExpiresAt) : ApiKeyFact;

/// <summary>It got a new secret; those before end with <see cref="OldEndsAt"/> at the latest.</summary>
public sealed record ApiKeyRolled(string Digest, DateTimeOffset RolledAt, DateTimeOffset ExpiresAt, DateTimeOffset OldEndsAt) : ApiKeyFact;

/// <summary>It was ended for good.</summary>
public sealed record ApiKeyRevoked(DateTimeOffset RevokedAt) : ApiKeyFact;

/// <summary>One secret of a key, which itself is kept nowhere.</summary>
/// <param name="Digest">Its SHA-256.</param>
/// <param name="EndsAt">From when it is worth nothing.</param>
public sealed record ApiKeySecret(string Digest, DateTimeOffset EndsAt);

/// <summary>An API key as its rules see it.</summary>
/// <param name="Name">What it is for; null: it was not made.</param>
/// <param name="Roles">What it was made of.</param>
/// <param name="Scopes">What it may do.</param>
/// <param name="Reach">Whose things it sees.</param>
/// <param name="Secrets">The newest is the last.</param>
/// <param name="MadeAt">When it was made.</param>
/// <param name="RevokedAt">When it was revoked.</param>
public sealed record ApiKeyState(
    string? Name,
    IReadOnlyList<string> Roles,
    IReadOnlyList<string> Scopes,
    Reach Reach,
    IReadOnlyList<ApiKeySecret> Secrets,
    DateTimeOffset MadeAt,
    DateTimeOffset? RevokedAt)
{
    /// <summary>Nothing has happened.</summary>
    public static readonly ApiKeyState Initial = new(null, [], [], Reach.Nothing, [], default, null);
}

/// <summary>
/// The rules of API keys. A key never has more than its maker had, nor more than it was made with; and it makes no other keys, so that its
/// end is the end of all that it can do.
/// </summary>
public static class ApiKeyRules
{
    /// <summary>The scope that making, rolling and revoking keys needs. No key has it.</summary>
    public const string Admin = "keys:admin";

    /// <summary>The longest that a secret serves, in days.</summary>
    public const int MostDays = 365;

    /// <summary>How many days a secret serves when nothing else is said.</summary>
    public const int UsualDays = 90;

    /// <summary>The longest that old secrets serve beside the new one, in hours.</summary>
    public const int MostHours = 168;

    /// <summary>How many hours old secrets serve when nothing else is said.</summary>
    public const int UsualHours = 24;

    private const int MostSecrets = 4;

    /// <summary>One API key.</summary>
    public static readonly EntityDefinition<ApiKeyState, ApiKeyFact> Definition = new("api-key/1", ApiKeyState.Initial, Evolve);

    /// <summary>The next state.</summary>
    public static ApiKeyState Evolve(ApiKeyState state, ApiKeyFact fact) => fact switch
    {
        ApiKeyMade f => new ApiKeyState(f.Name, f.Roles, f.Scopes, f.Reach, [new(f.Digest, f.ExpiresAt)], f.MadeAt, null),
        ApiKeyRolled f => state with
        {
            Secrets =
            [
                .. state.Secrets.Select(s => s.EndsAt < f.OldEndsAt ? s : s with { EndsAt = f.OldEndsAt })
                    .Where(s => s.EndsAt > f.RolledAt).TakeLast(MostSecrets - 1),
                new ApiKeySecret(f.Digest, f.ExpiresAt),
            ],
        },
        ApiKeyRevoked f => state with { RevokedAt = f.RevokedAt },
        _ => throw new InvalidOperationException($"API keys do not know the fact {fact.GetType().Name}."),
    };

    /// <summary>Makes it, with no more than its maker has.</summary>
    public static Decision<ApiKeyFact> Make(ApiKeyState state, string id, MakeApiKey command, Caller maker, DateTimeOffset now)
    {
        if (state.Name is not null) return Refusals.Exists("api_key", id);
        if (Validate.Text("/name", command.Name, 100) is { } name) return name;
        if (BadDays(command.ExpiresInDays) is { } days) return days;
        if (Beyond(maker, command.Scopes, command.Reach) is { } beyond) return beyond;
        return new ApiKeyMade(
            command.Name.Trim(), command.Roles, command.Scopes, command.Reach, command.Digest, now, End(command.ExpiresInDays, now));
    }

    /// <summary>Gives it a new secret. Who does gets to know that secret, so it needs the same as making the key.</summary>
    public static Decision<ApiKeyFact> Roll(ApiKeyState state, string id, RollApiKey command, Caller maker, DateTimeOffset now)
    {
        if (state.Name is null) return Unknown(id);
        if (state.RevokedAt is not null) return Revoked(id);
        if (BadDays(command.ExpiresInDays) is { } days) return days;
        if (command.OldSecretHours is < 0 or > MostHours) return BadHours(command.OldSecretHours.Value);
        if (Beyond(maker, state.Scopes, state.Reach) is { } beyond) return beyond;
        return new ApiKeyRolled(
            command.Digest, now, End(command.ExpiresInDays, now), now.AddHours(command.OldSecretHours ?? UsualHours));
    }

    /// <summary>Ends it for good.</summary>
    public static Decision<ApiKeyFact> Revoke(ApiKeyState state, string id, DateTimeOffset now)
    {
        if (state.Name is null) return Unknown(id);
        return state.RevokedAt is null ? new ApiKeyRevoked(now) : Decision<ApiKeyFact>.Nothing;
    }

    /// <summary>The key as others see it.</summary>
    public static ApiKeyView View(string id, ApiKeyState state, long version) => new(
        id, state.Name!, state.Roles, state.Scopes, state.Reach, state.Secrets[^1].Digest, state.MadeAt, state.Secrets[^1].EndsAt,
        state.RevokedAt, version);

    private static DateTimeOffset End(int? days, DateTimeOffset now) => now.AddDays(days ?? UsualDays);

    private static Refusal? Beyond(Caller maker, IReadOnlyList<string> scopes, Reach reach)
    {
        if (scopes.FirstOrDefault(s => s == Admin || !maker.May(s)) is { } scope)
            return MayNotGive(
                scope == Admin ? $"A key cannot have the scope '{Admin}'." : $"'{maker.Name}' does not have the scope '{scope}'.",
                "/scopes", scope);
        return maker.Reach.Kind == ReachKind.Everything || maker.Reach == reach
            ? null
            : MayNotGive($"'{maker.Name}' does not see all that the key would.", "/roles", null);
    }

    private static Refusal MayNotGive(string detail, string field, string? scope) => new(
        "may_not_give", RefusalKind.Forbidden, $"{detail} A key has nothing that its maker does not have.",
        "Leave it out, or use credentials that have it.", field, new RefusalValues(Scope: scope));

    private static Refusal? BadDays(int? days) => days is null or >= 1 and <= MostDays ? null : Refusals.Invalid(
        "invalid_lifetime", "/expiresInDays", $"A key cannot serve for {days} days.", $"Give 1 to {MostDays} days, or leave it out.");

    private static Refusal BadHours(int hours) => Refusals.Invalid(
        "invalid_overlap", "/oldSecretHours", $"The old secret cannot serve for {hours} more hours.",
        $"Give 0 to {MostHours} hours, or leave it out.");

    private static Refusal Revoked(string id) =>
        new("api_key_revoked", RefusalKind.Conflict, $"The API key '{id}' was revoked.", "Make a new one.");

    private static Refusal Unknown(string id) => Refusals.Unknown("api_key", id, Refusals.CheckTheId);
}
