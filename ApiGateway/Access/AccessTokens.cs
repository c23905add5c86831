using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text;
using Commerce.Hosting;
using Commerce.Kernel;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.JwtBearer;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;

namespace Commerce.ApiGateway;

/// <summary>
/// Access tokens of an authorization server: signed JWTs of the profile of RFC 9068, checked by the rules of RFC 8725. A token that was
/// checked is remembered for a short time, because a signature costs more than most of what is asked for.
/// </summary>
internal sealed class AccessTokens(IssuerSettings issuer, IssuerKeys keys, TimeProvider clock) : JsonWebTokenHandler
{
    private const int MaxClaims = 64;
    private const int MostRemembered = 10_000;

    private static readonly TimeSpan Skew = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan Remembered = TimeSpan.FromSeconds(60);

    /// <summary>Header members that would have a token say how it is to be checked.</summary>
    private static readonly string[] Steering = ["jku", "jwk", "x5u", "x5c", "crit"];

    private readonly ConcurrentDictionary<string, (TokenValidationResult Result, DateTimeOffset Until)> _checked = [];

    /// <summary>The issuer that a token names; null: it is no token. It is not checked.</summary>
    public static string? IssuerOf(string token)
    {
        try
        {
            return token.Length <= IssuerSettings.MaxTokenBytes ? new JsonWebToken(token).Issuer : null;
        }
        catch (ArgumentException)
        {
            return null;
        }
    }

    /// <inheritdoc/>
    public override async Task<TokenValidationResult> ValidateTokenAsync(string token, TokenValidationParameters parameters)
    {
        var digest = Convert.ToBase64String(SHA256.HashData(Encoding.ASCII.GetBytes(token)));
        var now = clock.GetUtcNow();
        if (_checked.TryGetValue(digest, out var known) && now < known.Until) return known.Result;
        var result = await Checked(token, parameters);
        if (!result.IsValid) return result;
        if (_checked.Count >= MostRemembered) _checked.Clear();
        var end = EndOf(result.SecurityToken);
        _checked[digest] = (result, end < now + Remembered ? end : now + Remembered);
        return result;
    }

    /// <summary>When a token ends, with what clocks may differ.</summary>
    public static DateTimeOffset EndOf(SecurityToken token) => new DateTimeOffset(token.ValidTo) + Skew;

    /// <summary>How tokens of the issuer are checked by the library.</summary>
    public static TokenValidationParameters Rules(IssuerSettings issuer, TimeProvider clock) => new()
    {
        ValidIssuer = issuer.Issuer, ValidAudience = issuer.Audience, ValidAlgorithms = issuer.Algorithms, ValidTypes = ["at+jwt"],
        RequireSignedTokens = true, RequireExpirationTime = true, RequireAudience = true, NameClaimType = JwtRegisteredClaimNames.Sub,
        LifetimeValidator = (from, to, _, _) =>
        {
            var now = clock.GetUtcNow().UtcDateTime;
            return to is { } end && now < end + Skew && (from is not { } begin || now >= begin - Skew);
        },
    };

    private async Task<TokenValidationResult> Checked(string token, TokenValidationParameters parameters)
    {
        var result = await base.ValidateTokenAsync(token, parameters);
        if (result.Exception is SecurityTokenSignatureKeyNotFoundException && await keys.FetchForUnknownKey(CancellationToken.None))
        {
            parameters.IssuerSigningKeys = (await keys.GetConfigurationAsync(CancellationToken.None)).SigningKeys;
            result = await base.ValidateTokenAsync(token, parameters);
        }

        return result.IsValid && Fault((JsonWebToken)result.SecurityToken) is { } fault
            ? new TokenValidationResult { IsValid = false, Exception = new SecurityTokenException(fault) }
            : result;
    }

    // What the library leaves to us (RFC 9068, section 2.2; RFC 8725, section 3).
    private string? Fault(JsonWebToken token)
    {
        if (token.Claims.Take(MaxClaims + 1).Count() > MaxClaims) return "too many claims";
        if (Steering.FirstOrDefault(name => token.TryGetHeaderValue<object>(name, out _)) is { } steering) return $"a header '{steering}'";
        if (string.IsNullOrEmpty(token.Kid)) return "no kid";
        foreach (var name in (string[])["sub", "client_id", "jti", "iat"])
            if (!token.TryGetPayloadValue<object>(name, out _)) return $"no {name}";
        if (token.ValidTo - token.IssuedAt > issuer.MaxLifetime) return $"valid for longer than {issuer.MaxLifetime}";
        return token.IssuedAt > clock.GetUtcNow().UtcDateTime + Skew ? "issued in the future" : null;
    }
}

/// <summary>Registers the tokens of issuers, and makes callers of them.</summary>
internal static class AccessTokenAuthentication
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);
    private const int MaxMetadataBytes = 64 * 1024;

    /// <summary>A scheme for one issuer.</summary>
    public static void AddAccessTokens(this AuthenticationBuilder schemes, IssuerSettings issuer)
    {
        schemes.Services.AddOptions<JwtBearerOptions>(issuer.Scheme).Configure<TimeProvider>((options, clock) =>
        {
            var keys = new IssuerKeys(issuer.Metadata, Client(), clock);
            options.MapInboundClaims = false;
            options.IncludeErrorDetails = false;
            options.ConfigurationManager = keys; // the handler gives the keys to the rules; without any, the request has to wait
            options.TokenValidationParameters = AccessTokens.Rules(issuer, clock);
            options.TokenHandlers.Clear();
            options.TokenHandlers.Add(new AccessTokens(issuer, keys, clock));
            options.Events = new JwtBearerEvents
            {
                OnMessageReceived = received =>
                {
                    received.Token = Credentials.Of(received.HttpContext);
                    return Task.CompletedTask;
                },
                OnTokenValidated = valid =>
                {
                    var token = (JsonWebToken)valid.SecurityToken;
                    if (CallerOf(issuer, token) is { } caller)
                        valid.Principal = CallerIdentity.Principal(
                            caller, issuer.Scheme, now => ValueTask.FromResult(now < AccessTokens.EndOf(token)));
                    else valid.Fail("a subject or a customer that cannot be one");
                    return Task.CompletedTask;
                },
                OnChallenge = challenge =>
                {
                    challenge.HandleResponse();
                    return Credentials.Challenge(challenge.HttpContext);
                },
                OnForbidden = forbidden => Credentials.Forbid(forbidden.HttpContext),
            };
        });
        schemes.AddJwtBearer(issuer.Scheme, null, _ => { });
    }

    /// <summary>
    /// Whom a token stands for. It never has more scopes than its roles, nor more than it says. One without roles that are known here may
    /// do nothing.
    /// </summary>
    private static Caller? CallerOf(IssuerSettings issuer, JsonWebToken token)
    {
        var (subject, client) = (token.Subject, token.GetClaim("client_id").Value);
        if (!Validate.IsVisibleAscii(subject, 1, 100) || !Validate.IsVisibleAscii(client, 1, 100)) return null;
        var name = $"{issuer.Name}/{subject}";
        var roles = token.Claims.Where(c => c.Type == issuer.RoleClaim).Select(c => c.Value).ToHashSet();
        if (AccessTable.Of(roles) is not var (scopes, reach)) return new Caller(name, [], Reach.Nothing);
        var given = token.Claims.Where(c => c.Type == "scope").SelectMany(c => c.Value.Split(' ')).ToHashSet();
        var customer = token.Claims.FirstOrDefault(c => c.Type == issuer.CustomerClaim)?.Value;
        if (reach == ReachKind.Customer && !Ids.Has("cus", customer)) return null;
        return new Caller(name, [.. scopes.Where(given.Contains)], reach switch
        {
            ReachKind.Customer => new Reach(reach, customer),
            ReachKind.Channel => new Reach(reach, client),
            ReachKind.Order => Reach.Nothing, // only a link of this gateway is for one order
            _ => new Reach(reach),
        });
    }

    // No redirects: the keys come from where the configuration says, or not at all.
    private static HttpClient Client() => new(new SocketsHttpHandler { AllowAutoRedirect = false })
    {
        Timeout = Patience, MaxResponseContentBufferSize = MaxMetadataBytes,
    };
}
