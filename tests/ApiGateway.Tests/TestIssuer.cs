using System.Security.Cryptography;
using System.Text.Json;
using Commerce.Hosting;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;

namespace Commerce.ApiGateway.Tests;

/// <summary>An authorization server that signs whatever a test wants, and serves its keys.</summary>
internal sealed class TestIssuer : IAsyncDisposable
{
    public const string Audience = "commerce";

    private readonly WebApplication _server;
    private readonly List<ECDsaSecurityKey> _served = [];

    private TestIssuer(WebApplication server) => _server = server;

    public string Url { get; private set; } = "";

    /// <summary>How often its keys were asked for.</summary>
    public int Asked { get; private set; }

    /// <summary>True: it answers 503 to everything.</summary>
    public bool Away { get; set; }

    /// <summary>The key that it signs with.</summary>
    public ECDsaSecurityKey Key { get; private set; } = null!;

    /// <summary>The settings of a gateway that accepts its tokens.</summary>
    public string[] Options => [$"--Commerce:Issuers:test:Issuer={Url}", $"--Commerce:Issuers:test:Audience={Audience}"];

    public static async Task<TestIssuer> Start()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Logging.ClearProviders();
        var issuer = new TestIssuer(builder.Build());
        issuer.Rotate();
        issuer._server.MapGet("/.well-known/openid-configuration", () => issuer.Away ? Results.StatusCode(503) : Results.Json(
            new { issuer = issuer.Url, jwks_uri = $"{issuer.Url}/jwks" }));
        issuer._server.MapGet("/jwks", () =>
        {
            issuer.Asked++;
            return issuer.Away ? Results.StatusCode(503) : Results.Json(new { keys = issuer._served.Select(Public) });
        });
        await issuer._server.StartAsync();
        issuer.Url = issuer._server.Urls.Single();
        return issuer;
    }

    /// <summary>Signs with a new key from now on; those before are not served any more.</summary>
    public void Rotate()
    {
        Key = NewKey();
        _served.Clear();
        _served.Add(Key);
    }

    public static ECDsaSecurityKey NewKey() =>
        new(ECDsa.Create(ECCurve.NamedCurves.nistP256)) { KeyId = Guid.NewGuid().ToString("n") };

    /// <summary>A token of a role, with all of its scopes.</summary>
    public string Token(string role, string? customer = null, string subject = "ada", string client = "storefront") =>
        Token(Claims(role, customer, subject, client));

    /// <summary>The claims of a good token.</summary>
    public Dictionary<string, object> Claims(
        string role = "operator", string? customer = null, string subject = "ada", string client = "storefront")
    {
        var now = DateTimeOffset.UtcNow.ToUnixTimeSeconds();
        var claims = new Dictionary<string, object>
        {
            ["iss"] = Url, ["aud"] = Audience, ["sub"] = subject, ["client_id"] = client, ["jti"] = Guid.NewGuid().ToString(),
            ["iat"] = now, ["exp"] = now + 300, ["roles"] = new[] { role },
            ["scope"] = string.Join(' ', AccessTable.Roles.GetValueOrDefault(role)?.Scopes ?? []),
        };
        if (customer is not null) claims["customer"] = customer;
        return claims;
    }

    /// <summary>A token with these claims, signed and headed as a test wants it.</summary>
    public string Token(
        Dictionary<string, object> claims, SigningCredentials? signing = null, string type = "at+jwt",
        Dictionary<string, object>? header = null) => new JsonWebTokenHandler { SetDefaultTimesOnTokenCreation = false }.CreateToken(
        JsonSerializer.Serialize(claims), signing ?? new SigningCredentials(Key, SecurityAlgorithms.EcdsaSha256),
        (header ?? []).Append(new("typ", type)).ToDictionary());

    public ValueTask DisposeAsync() => _server.DisposeAsync();

    private static object Public(ECDsaSecurityKey key)
    {
        var point = key.ECDsa.ExportParameters(false).Q;
        return new
        {
            kty = "EC", crv = "P-256", use = "sig", alg = "ES256", kid = key.KeyId, x = Base64UrlEncoder.Encode(point.X),
            y = Base64UrlEncoder.Encode(point.Y),
        };
    }
}
