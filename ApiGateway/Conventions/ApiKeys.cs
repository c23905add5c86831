using System.Security.Claims;
using System.Security.Cryptography;
using System.Text;
using System.Text.Encodings.Web;
using Commerce.Kernel;
using Microsoft.AspNetCore.Authentication;
using Microsoft.Extensions.Options;

namespace Commerce.ApiGateway;

/// <summary>The API keys of the configuration, by their digests.</summary>
internal sealed class ApiKeys(IReadOnlyList<(string Key, Caller Caller)> keys)
{
    private static readonly ClaimsPrincipal Local = CallerIdentity.Principal(new Caller("local", ["*"]), ApiKeyHandler.Scheme);

    private readonly IReadOnlyList<(byte[] Digest, ClaimsPrincipal Caller)> _keys =
        [.. keys.Select(k => (Digest(k.Key), CallerIdentity.Principal(k.Caller, ApiKeyHandler.Scheme)))];

    /// <summary>
    /// The caller of this <c>Authorization</c> header; null when the key is unknown. With no key configured, every caller is <c>local</c>
    /// and may do everything.
    /// </summary>
    public ClaimsPrincipal? Find(string authorization)
    {
        if (_keys.Count == 0) return Local;
        if (!authorization.StartsWith("Bearer ", StringComparison.OrdinalIgnoreCase)) return null;
        var digest = Digest(authorization["Bearer ".Length..].Trim());
        ClaimsPrincipal? found = null;
        foreach (var (known, caller) in _keys) // all of them, each in constant time, against timing attacks
            if (CryptographicOperations.FixedTimeEquals(known, digest)) found = caller;
        return found;
    }

    private static byte[] Digest(string key) => SHA256.HashData(Encoding.UTF8.GetBytes(key));
}

/// <summary>Registers the authentication by API keys.</summary>
internal static class ApiKeyAuthentication
{
    /// <summary>
    /// The framework's own registration would bring data protection along, which keeps a ring of keys on disk that nothing here uses.
    /// </summary>
    public static void AddApiKeys(this IServiceCollection services, IReadOnlyList<(string Key, Caller Caller)> keys)
    {
        services.AddSingleton(new ApiKeys(keys));
        services.AddAuthenticationCore(options =>
        {
            options.DefaultScheme = ApiKeyHandler.Scheme;
            options.AddScheme<ApiKeyHandler>(ApiKeyHandler.Scheme, null);
        });
        services.AddTransient<ApiKeyHandler>();
        services.AddWebEncoders();
    }
}

/// <summary>Authenticates by <c>Authorization: Bearer KEY</c>, and refuses with the problems of this API.</summary>
internal sealed class ApiKeyHandler(
    ApiKeys keys, IOptionsMonitor<AuthenticationSchemeOptions> options, ILoggerFactory log, UrlEncoder encoder)
    : AuthenticationHandler<AuthenticationSchemeOptions>(options, log, encoder)
{
    /// <summary>The scheme's name.</summary>
    public new const string Scheme = "ApiKey";

    private bool SignsIn => Context.GetEndpoint()?.Metadata.GetMetadata<SignIn>() is not null;

    protected override Task<AuthenticateResult> HandleAuthenticateAsync()
    {
        var authorization = Request.Headers.Authorization.ToString();
        return Task.FromResult(keys.Find(SignsIn ? SignIn.AsBearer(authorization) : authorization) is { } caller
            ? AuthenticateResult.Success(new AuthenticationTicket(caller, Scheme))
            : AuthenticateResult.NoResult());
    }

    protected override Task HandleChallengeAsync(AuthenticationProperties properties)
    {
        if (SignsIn) Response.Headers.WWWAuthenticate = SignIn.Challenge;
        return Unauthorized.Write(Context);
    }

    protected override Task HandleForbiddenAsync(AuthenticationProperties properties) =>
        Forbidden(Context.User.Identity!.Name!, AreaPermission.Of(Context.GetEndpoint())!.For(Request.Method)).Write(Context);

    private static Problem Unauthorized => new(
        StatusCodes.Status401Unauthorized, "unauthorized", "The request has no API key, or one that is not known here.",
        "Send 'Authorization: Bearer KEY' with a Key of the configuration section Commerce:ApiKeys.", "Authorization");

    private static Problem Forbidden(string caller, string permission) => Problems.Of(new Refusal(
        "forbidden", RefusalKind.Forbidden, $"'{caller}' does not have the permission '{permission}'.",
        "Ask the operator for it, or use another API key.", Values: new RefusalValues(Permission: permission)));
}

/// <summary>
/// Marks a page for browsers. A browser cannot send a key by itself: it asks for a name and a password, and the password is the key. For
/// reads only, because a browser also sends the password with requests that a foreign page triggers.
/// </summary>
internal sealed record SignIn
{
    /// <summary>The challenge that makes a browser ask for the key.</summary>
    public const string Challenge = "Basic realm=\"An API key as the password\", charset=\"UTF-8\"";

    private const string Basic = "Basic ";

    /// <summary>The same key as an API client would send it.</summary>
    public static string AsBearer(string header)
    {
        if (!header.StartsWith(Basic, StringComparison.OrdinalIgnoreCase)) return header;
        var bytes = new byte[header.Length];
        return Convert.TryFromBase64String(header[Basic.Length..].Trim(), bytes, out var length)
            ? $"Bearer {Encoding.UTF8.GetString(bytes, 0, length).Split(':', 2)[^1]}"
            : "";
    }
}
