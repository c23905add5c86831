using System.Collections.Concurrent;

namespace Commerce.ApiGateway;

/// <summary>
/// Slows down who tries credentials. An address that has sent too many different wrong ones gets no new ones looked at for a while; those
/// that were accepted lately go on, because many callers may have one address. The same wrong ones again are no further guess.
/// </summary>
internal sealed class CredentialGuard(RateLimits limits)
{
    private const int MostRemembered = 100_000;

    private static readonly object Slot = new();

    private readonly ConcurrentDictionary<string, bool> _accepted = []; // by digest; false: they were wrong the last time

    /// <summary>Before the credentials are looked at.</summary>
    public static Task Admit(HttpContext http, RequestDelegate next)
    {
        if (Credentials.Of(http) is { Length: > 0 } given) Of(http).Admit(http, Convert.ToBase64String(ConfiguredKey.DigestOf(given)));
        return next(http);
    }

    /// <summary>After they were looked at: counts them if they are wrong.</summary>
    public static Task Note(HttpContext http, RequestDelegate next)
    {
        if (http.Items[Slot] is string digest) Of(http).Note(http, digest);
        return next(http);
    }

    private static CredentialGuard Of(HttpContext http) => http.RequestServices.GetRequiredService<CredentialGuard>();

    private void Admit(HttpContext http, string digest)
    {
        if (!_accepted.ContainsKey(digest) && limits.Wrong.Wait(ClientAddress.Of(http)) is { } wait)
            throw new ProblemException(limits.Wrong.Exceeded(wait));
        http.Items[Slot] = digest;
    }

    private void Note(HttpContext http, string digest)
    {
        var accepted = http.User.Identity is { IsAuthenticated: true };
        if (_accepted.TryGetValue(digest, out var before) && accepted == before) return;
        if (!accepted) limits.Wrong.Take(ClientAddress.Of(http));
        if (_accepted.Count >= MostRemembered) _accepted.Clear();
        _accepted[digest] = accepted;
    }
}
