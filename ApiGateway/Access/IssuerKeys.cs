using Commerce.Engine;
using Microsoft.IdentityModel.Protocols;
using Microsoft.IdentityModel.Protocols.OpenIdConnect;

namespace Commerce.ApiGateway;

/// <summary>
/// An issuer's metadata and its keys. They are fetched anew twice a day, and once when a token names a key that is not among them, but not
/// more often than each five minutes: a flood of such tokens is no flood for the issuer. While the issuer is away the last keys serve for a
/// day, and then none of its tokens is accepted.
/// </summary>
internal sealed class IssuerKeys(string metadata, HttpClient http, TimeProvider clock) : IConfigurationManager<OpenIdConnectConfiguration>
{
    /// <summary>How long keys are used before they are fetched again.</summary>
    public static readonly TimeSpan Fresh = TimeSpan.FromHours(12);

    /// <summary>How long keys are used at all.</summary>
    public static readonly TimeSpan Usable = TimeSpan.FromHours(24);

    /// <summary>The shortest time between two fetches because of an unknown key, or after one that failed.</summary>
    public static readonly TimeSpan BetweenFetches = TimeSpan.FromMinutes(5);

    private static readonly TimeSpan BetweenFailures = TimeSpan.FromSeconds(5);

    private readonly SemaphoreSlim _one = new(1, 1);
    private Fetched? _last;
    private DateTimeOffset _notBefore;

    /// <summary>The metadata with the keys.</summary>
    /// <exception cref="UnavailableException">There are none that may be used.</exception>
    public async Task<OpenIdConnectConfiguration> GetConfigurationAsync(CancellationToken cancel)
    {
        if (_last is { } last && clock.GetUtcNow() - last.At < Fresh) return last.Configuration;
        await Fetch(cancel);
        return _last is { } usable && clock.GetUtcNow() - usable.At < Usable
            ? usable.Configuration : throw new IssuerUnreachableException();
    }

    /// <summary>A token names a key that is not there: true when they were fetched anew, so that it may be there now.</summary>
    public async Task<bool> FetchForUnknownKey(CancellationToken cancel)
    {
        var before = _last;
        if (before is not null && clock.GetUtcNow() - before.At < BetweenFetches) return false;
        await Fetch(cancel);
        return !ReferenceEquals(_last, before);
    }

    /// <summary>Not used: <see cref="FetchForUnknownKey"/> is.</summary>
    public void RequestRefresh() { }

    private async Task Fetch(CancellationToken cancel)
    {
        var asked = clock.GetUtcNow();
        await _one.WaitAsync(cancel);
        try
        {
            if (_last?.At > asked || clock.GetUtcNow() < _notBefore) return; // another request has just tried
            var retriever = new HttpDocumentRetriever(http) { RequireHttps = !new Uri(metadata).IsLoopback };
            var configuration = await OpenIdConnectConfigurationRetriever.GetAsync(metadata, retriever, cancel);
            _last = new Fetched(configuration, clock.GetUtcNow());
        }
        catch (Exception away) when (away is HttpRequestException or IOException or InvalidOperationException or TaskCanceledException
            && !cancel.IsCancellationRequested)
        {
            _notBefore = clock.GetUtcNow() + BetweenFailures;
        }
        finally
        {
            _one.Release();
        }
    }

    private sealed record Fetched(OpenIdConnectConfiguration Configuration, DateTimeOffset At);
}

/// <summary>The issuer of a token cannot be asked for its keys, and there are none that are young enough.</summary>
internal sealed class IssuerUnreachableException()
    : UnavailableException("The issuer of the token cannot be asked for its keys.", TimeSpan.FromSeconds(10));
