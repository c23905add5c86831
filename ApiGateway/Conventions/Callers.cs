using System.Security.Cryptography;
using System.Text;
using Commerce.Kernel;

namespace Commerce.ApiGateway;

/// <summary>
/// Who asks. With API keys configured, a request needs one of them as <c>Authorization: Bearer KEY</c>; with none, everybody is
/// <c>local</c> and may do everything.
/// </summary>
internal sealed class Callers(IReadOnlyList<(string Key, Caller Caller)> keys)
{
    /// <summary>Who everybody is when no key is configured.</summary>
    public static readonly Caller Local = new("local", ["*"]);

    private static readonly object Slot = new();

    private readonly IReadOnlyList<(byte[] Digest, Caller Caller)> _keys = [.. keys.Select(k => (Digest(k.Key), k.Caller))];

    /// <summary>The caller's name for the log.</summary>
    public static string NameOf(HttpContext http) => (http.Items[Slot] as Caller)?.Name ?? "(none)";

    /// <summary>The caller.</summary>
    public static Caller Of(HttpContext http) => (Caller)http.Items[Slot]!;

    /// <summary>Finds out who asks and whether that one may; endpoints marked <see cref="Open"/> are for everybody.</summary>
    public Task Identify(HttpContext http, RequestDelegate next)
    {
        var signsIn = http.GetEndpoint()?.Metadata.GetMetadata<SignIn>() is not null;
        var authorization = http.Request.Headers.Authorization.ToString();
        var caller = Find(signsIn ? SignIn.AsBearer(authorization) : authorization);
        if (caller is not null) http.Items[Slot] = caller;
        if (http.GetEndpoint()?.Metadata is { } endpoint && endpoint.GetMetadata<Open>() is null)
        {
            if (caller is null && signsIn) http.Response.Headers.WWWAuthenticate = SignIn.Challenge;
            if (caller is null) throw new ProblemException(Unauthorized);
            if (endpoint.GetMetadata<Needs>() is { } needs && !caller.May(needs.PermissionFor(http.Request.Method)))
                throw new ProblemException(Forbidden(caller, needs.PermissionFor(http.Request.Method)));
        }

        return next(http);
    }

    private Caller? Find(string header)
    {
        if (_keys.Count == 0) return Local;
        if (!header.StartsWith("Bearer ", StringComparison.OrdinalIgnoreCase)) return null;
        var digest = Digest(header["Bearer ".Length..].Trim());
        Caller? found = null;
        foreach (var (known, caller) in _keys) // all of them, each in constant time, so that timing tells nothing
            if (CryptographicOperations.FixedTimeEquals(known, digest)) found = caller;
        return found;
    }

    private static byte[] Digest(string key) => SHA256.HashData(Encoding.UTF8.GetBytes(key));

    private static Problem Unauthorized => new(
        StatusCodes.Status401Unauthorized, "unauthorized", "The request has no API key, or one that is not known here.",
        "Send 'Authorization: Bearer KEY' with a Key of the configuration section Commerce:ApiKeys.", "Authorization");

    private static Problem Forbidden(Caller caller, string permission) => Problems.Of(new Refusal(
        "forbidden", RefusalKind.Forbidden, $"'{caller.Name}' does not have the permission '{permission}'.",
        "Ask the operator for it, or use another API key.", Facts: new Dictionary<string, string> { ["permission"] = permission }));
}

/// <summary>Marks an endpoint that needs no API key.</summary>
internal sealed record Open;

/// <summary>
/// Marks a page for browsers, which cannot send a key by themselves: they ask for a name and a password, and the password is the key. Only
/// where nothing can be changed, because a browser sends it with whatever request another page makes it send.
/// </summary>
internal sealed record SignIn
{
    /// <summary>What makes a browser ask.</summary>
    public const string Challenge = "Basic realm=\"An API key as the password\", charset=\"UTF-8\"";

    private const string Scheme = "Basic ";

    /// <summary>The same key as an API client would send it.</summary>
    public static string AsBearer(string header)
    {
        if (!header.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase)) return header;
        var bytes = new byte[header.Length];
        return Convert.TryFromBase64String(header[Scheme.Length..].Trim(), bytes, out var length)
            ? $"Bearer {Encoding.UTF8.GetString(bytes, 0, length).Split(':', 2)[^1]}"
            : "";
    }
}

/// <summary>The permissions that an endpoint needs: <c>orders:read</c> to look, <c>orders:write</c> to change.</summary>
internal sealed record Needs(string Area)
{
    /// <summary>By method.</summary>
    public string PermissionFor(string method) =>
        HttpMethods.IsGet(method) || HttpMethods.IsHead(method) ? $"{Area}:read" : $"{Area}:write";
}
