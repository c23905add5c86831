using System.Text;
using System.Text.Encodings.Web;
using Commerce.Access;
using Commerce.Engine;
using Commerce.Kernel;
using Microsoft.AspNetCore.Authentication;
using Microsoft.Extensions.Options;

namespace Commerce.ApiGateway;

/// <summary>What callers prove themselves with: API keys, guests' links and access tokens, all by <c>Authorization: Bearer</c>.</summary>
internal static class Credentials
{
    /// <summary>The scheme that chooses among the others.</summary>
    private const string Scheme = "Credentials";

    /// <summary>The challenge of an answer to a request without credentials (RFC 6750, section 3).</summary>
    public const string Asked = "Bearer realm=\"commerce\"";

    private const string Refused = $"{Asked}, error=\"invalid_token\"";

    /// <summary>Registers all of them.</summary>
    /// <remarks>
    /// The framework's own registration would bring data protection along, which keeps a ring of keys on disk that nothing here uses.
    /// </remarks>
    public static void AddCredentials(this IServiceCollection services, GatewaySettings settings)
    {
        services.AddSingleton(new ApiKeys(settings.ApiKeys));
        services.AddSingleton<GuestLinks>();
        services.AddSingleton(sp => new KeyReplica(
            new(() => sp.GetRequiredService<TimelineReader>().LogOf(AccessCapability.Definition)),
            sp.GetRequiredService<TimeProvider>()));
        services.AddSingleton<Secrets>();
        services.AddWebEncoders();
        services.AddSingleton<IAuthenticationConfigurationProvider, NoOtherConfiguration>();
        services.AddAuthenticationCore(options => options.DefaultScheme = Scheme);
        var schemes = new AuthenticationBuilder(services);
        schemes.AddPolicyScheme(Scheme, null, options => options.ForwardDefaultSelector = http => Chosen(http, settings.Issuers));
        schemes.AddScheme<AuthenticationSchemeOptions, SecretHandler>(SecretHandler.Scheme, null);
        foreach (var issuer in settings.Issuers) schemes.AddAccessTokens(issuer);
    }

    /// <summary>The credentials of a request; empty when there are none. A page for browsers takes them as the password, too.</summary>
    public static string Of(HttpContext http)
    {
        const string bearer = "Bearer ";
        var header = http.Request.Headers.Authorization.ToString();
        if (http.GetEndpoint()?.Metadata.GetMetadata<SignIn>() is not null) header = SignIn.AsBearer(header);
        return header.StartsWith(bearer, StringComparison.OrdinalIgnoreCase) ? header[bearer.Length..].Trim() : "";
    }

    /// <summary>Answers a request without credentials, or with such that prove nothing: why is only for the log.</summary>
    public static Task Challenge(HttpContext http)
    {
        var none = Of(http).Length == 0;
        if (http.GetEndpoint()?.Metadata.GetMetadata<SignIn>() is not null) http.Response.Headers.WWWAuthenticate = SignIn.Challenge;
        else if (!none) http.Response.Headers.WWWAuthenticate = Refused; // RFC 6750, section 3.1
        return (none ? Missing : Invalid).Write(http);
    }

    /// <summary>Answers a caller who lacks the scope.</summary>
    public static Task Forbid(HttpContext http)
    {
        var scope = NeededScope.Of(http.GetEndpoint()) ?? "";
        http.Response.Headers.WWWAuthenticate = $"{Asked}, error=\"insufficient_scope\", scope=\"{scope}\"";
        return Problems.Of(new Refusal(
            "insufficient_scope", RefusalKind.Forbidden, $"'{CallerIdentity.Of(http.User).Name}' does not have the scope '{scope}'.",
            "Use credentials that have it.", Values: new RefusalValues(Scope: scope))).Write(http);
    }

    // A token has three parts with dots between them, and names its issuer; nothing of it is checked yet.
    private static string Chosen(HttpContext http, IReadOnlyList<IssuerSettings> issuers)
    {
        var given = Of(http);
        return given.Count(c => c == '.') == 2 && AccessTokens.IssuerOf(given) is { } issuer
            && issuers.FirstOrDefault(i => i.Issuer == issuer) is { } known ? known.Scheme : SecretHandler.Scheme;
    }

    /// <summary>The framework would read settings of its own, beside those that are checked and documented here.</summary>
    private sealed class NoOtherConfiguration : IAuthenticationConfigurationProvider
    {
        public IConfiguration AuthenticationConfiguration { get; } = new ConfigurationBuilder().Build();
    }

    private static Problem Missing => new(
        StatusCodes.Status401Unauthorized, "unauthorized", "The request has no credentials.",
        "Send 'Authorization: Bearer …' with an access token or an API key.", "Authorization");

    private static Problem Invalid => new(
        StatusCodes.Status401Unauthorized, "invalid_token", "The credentials of the request are not valid here.",
        "Get a new access token, or use another API key.", "Authorization");
}

/// <summary>What callers keep secret: API keys of the configuration, those that were made since, and guests' links.</summary>
internal sealed class Secrets(ApiKeys configured, KeyReplica made, GuestLinks links)
{
    /// <summary>Whose it is; null: it is worth nothing here.</summary>
    public async ValueTask<Caller?> Find(string secret) =>
        secret.StartsWith(GuestLinks.Prefix, StringComparison.Ordinal) ? links.Find(secret)
        : configured.Find(secret) ?? (secret.StartsWith(ApiKeyText.Prefix, StringComparison.Ordinal) ? await made.Find(secret) : null);

    /// <summary>
    /// True while it is still worth something. Where that cannot be known it is not: the client comes back, and is asked again.
    /// </summary>
    public async ValueTask<bool> StillServes(string secret)
    {
        try
        {
            return await Find(secret) is not null;
        }
        catch (UnavailableException)
        {
            return false;
        }
    }
}

/// <summary>Authenticates by what a caller keeps secret: an API key, or a guest's link.</summary>
internal sealed class SecretHandler(
    Secrets secrets, IOptionsMonitor<AuthenticationSchemeOptions> options, ILoggerFactory log, UrlEncoder encoder)
    : AuthenticationHandler<AuthenticationSchemeOptions>(options, log, encoder)
{
    /// <summary>The scheme's name.</summary>
    public new const string Scheme = "Secret";

    protected override async Task<AuthenticateResult> HandleAuthenticateAsync()
    {
        var secret = Credentials.Of(Context);
        if (secret.Length == 0) return AuthenticateResult.NoResult();
        return await secrets.Find(secret) is { } caller
            ? AuthenticateResult.Success(new AuthenticationTicket(
                CallerIdentity.Principal(caller, Scheme, _ => secrets.StillServes(secret)), Scheme))
            : AuthenticateResult.Fail("no such key or link");
    }

    protected override Task HandleChallengeAsync(AuthenticationProperties properties) => Credentials.Challenge(Context);

    protected override Task HandleForbiddenAsync(AuthenticationProperties properties) => Credentials.Forbid(Context);
}

/// <summary>
/// Marks a page for browsers. A browser cannot send a token by itself: it asks for a name and a password, and the password is the token or
/// API key. For reads only, because a browser also sends the password with requests that a foreign page triggers.
/// </summary>
internal sealed record SignIn
{
    /// <summary>The challenge that makes a browser ask for it.</summary>
    public const string Challenge = "Basic realm=\"An API key or access token as the password\", charset=\"UTF-8\"";

    private const string Basic = "Basic ";

    /// <summary>The same credentials as an API client would send them.</summary>
    public static string AsBearer(string header)
    {
        if (!header.StartsWith(Basic, StringComparison.OrdinalIgnoreCase)) return header;
        var bytes = new byte[header.Length];
        return Convert.TryFromBase64String(header[Basic.Length..].Trim(), bytes, out var length)
            ? $"Bearer {Encoding.UTF8.GetString(bytes, 0, length).Split(':', 2)[^1]}"
            : "";
    }
}
