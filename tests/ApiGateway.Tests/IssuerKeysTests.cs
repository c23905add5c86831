using Commerce.Engine;
using Commerce.Testing;
using Xunit;

namespace Commerce.ApiGateway.Tests;

/// <summary>When an issuer is asked for its keys, and how long they serve.</summary>
public sealed class IssuerKeysTests : IAsyncLifetime
{
    private readonly FakeClock _clock = new(new DateTimeOffset(2026, 3, 1, 12, 0, 0, TimeSpan.Zero));
    private readonly HttpClient _http = new();
    private TestIssuer _issuer = null!;
    private IssuerKeys _keys = null!;

    public async ValueTask InitializeAsync()
    {
        _issuer = await TestIssuer.Start();
        _keys = new IssuerKeys($"{_issuer.Url}/.well-known/openid-configuration", _http, _clock);
    }

    public async ValueTask DisposeAsync()
    {
        _http.Dispose();
        await _issuer.DisposeAsync();
    }

    [Fact]
    public async Task Keys_are_fetched_twice_a_day_and_for_an_unknown_key_every_five_minutes_at_most()
    {
        await Known();
        await Known();
        Assert.Equal(1, _issuer.Asked);
        Assert.False(await _keys.FetchForUnknownKey(default));
        _clock.Advance(IssuerKeys.BetweenFetches);
        _issuer.Rotate();
        Assert.True(await _keys.FetchForUnknownKey(default));
        Assert.False(await _keys.FetchForUnknownKey(default));
        Assert.Equal(2, _issuer.Asked);
        Assert.Equal(_issuer.Key.KeyId, Assert.Single((await _keys.GetConfigurationAsync(default)).SigningKeys).KeyId);
        _clock.Advance(IssuerKeys.Fresh);
        await Known();
        Assert.Equal(3, _issuer.Asked);
    }

    [Fact]
    public async Task While_the_issuer_is_away_its_keys_serve_for_a_day_and_then_nobody_is_let_in()
    {
        await Known();
        _issuer.Away = true;
        _clock.Advance(IssuerKeys.Usable - TimeSpan.FromSeconds(1));
        await Known();
        _clock.Advance(TimeSpan.FromMinutes(1));
        await Assert.ThrowsAsync<IssuerUnreachableException>(Known);
        _issuer.Away = false;
        _clock.Advance(TimeSpan.FromMinutes(1));
        await Known();
    }

    [Fact]
    public async Task Without_any_keys_nobody_is_let_in()
    {
        _issuer.Away = true;
        Assert.IsAssignableFrom<UnavailableException>(await Assert.ThrowsAsync<IssuerUnreachableException>(Known));
    }

    private async Task Known() => Assert.NotEmpty((await _keys.GetConfigurationAsync(CancellationToken.None)).SigningKeys);
}
