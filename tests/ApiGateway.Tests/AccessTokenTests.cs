using System.Net;
using System.Security.Cryptography;
using Microsoft.IdentityModel.Tokens;
using Xunit;
using static Commerce.ApiGateway.Tests.Api;

namespace Commerce.ApiGateway.Tests;

/// <summary>A gateway that accepts the tokens of one issuer.</summary>
public class IssuerGateway : IAsyncLifetime
{
    internal TestIssuer Issuer { get; private set; } = null!;

    public Gateway Gateway { get; private set; } = null!;

    public virtual async ValueTask InitializeAsync()
    {
        Issuer = await TestIssuer.Start();
        Gateway = await Gateway.Start(null, Issuer.Options);
    }

    public async ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        await Gateway.DisposeAsync();
        await Issuer.DisposeAsync();
    }
}

public sealed class AccessTokenTests(IssuerGateway fixture) : IClassFixture<IssuerGateway>
{
    private TestIssuer Issuer => fixture.Issuer;

    public static TheoryData<string> WrongKinds =>
    [
        "unsigned", "signed with the public key as a secret", "with a key of its own in the header", "with a URL of keys in the header",
        "with an unknown key", "of a type for others", "for another audience", "of an issuer by another name", "expired", "not valid yet",
        "without an end", "without a subject", "without a client", "without an id", "issued in the future", "valid for a day",
        "with a critical header", "too large", "with too many claims", "cut short", "of a shopper without a customer",
        "with a subject that is no text for a log",
    ];

    [Fact]
    public async Task A_good_token_is_accepted_and_its_subject_is_kept_with_the_name_of_its_issuer()
    {
        var token = Bearer(Issuer.Token("merchandiser", subject: "grace"));
        const string product = """{"sku":"TOKEN","name":"T","kind":"service"}""";
        (await fixture.Gateway.Api.Post("/products", product, null, token)).Expect(HttpStatusCode.Created);
        var late = Issuer.Claims();
        late["exp"] = DateTimeOffset.UtcNow.ToUnixTimeSeconds() - 10; // clocks differ
        (await Get("/operations/read-models", Issuer.Token(late))).Expect(HttpStatusCode.OK);
    }

    [Fact]
    public async Task A_token_has_the_scopes_that_both_it_and_its_role_have()
    {
        var narrow = Issuer.Claims();
        narrow["scope"] = "operations:rebuild ledger:read";
        var refused = (await Get("/operations/read-models", Issuer.Token(narrow))).Expect(HttpStatusCode.Forbidden);
        Assert.Equal(("insufficient_scope", "operations:read"), (refused.Code, refused["scope"].GetString()));
        Assert.Contains("scope=\"operations:read\"", refused.Header("WWW-Authenticate"), StringComparison.Ordinal);
        (await Get("/ledger/accounts", Issuer.Token(narrow))).Expect(HttpStatusCode.Forbidden); // not an operator's
        (await Get("/products", Issuer.Token("no-such-role"))).Expect(HttpStatusCode.Forbidden);
    }

    [Theory]
    [MemberData(nameof(WrongKinds))]
    public async Task A_token_of_each_wrong_kind_is_refused_alike(string kind)
    {
        (await Get("/operations/read-models", Issuer.Token("operator"))).Expect(HttpStatusCode.OK);
        var refused = (await Get("/operations/read-models", Wrong(kind))).Expect(HttpStatusCode.Unauthorized);
        Assert.Equal("invalid_token", refused.Code);
        Assert.Equal("Bearer realm=\"commerce\", error=\"invalid_token\"", refused.Header("WWW-Authenticate"));
        Assert.Equal("The credentials of the request are not valid here.", refused["detail"].GetString());
    }

    [Fact]
    public async Task Tokens_with_unknown_keys_do_not_make_it_ask_the_issuer_again_and_again()
    {
        await using var issuer = await TestIssuer.Start();
        await using var gateway = await Gateway.Start(null, issuer.Options);
        var before = issuer.Token("operator");
        (await gateway.Api.Get("/operations/read-models", Bearer(before))).Expect(HttpStatusCode.OK);
        Assert.Equal(1, issuer.Asked);
        var foreign = new SigningCredentials(TestIssuer.NewKey(), SecurityAlgorithms.EcdsaSha256);
        for (var i = 0; i < 20; i++)
        {
            var refused = await gateway.Api.Get("/operations/read-models", Bearer(issuer.Token(issuer.Claims(), foreign)));
            refused.Expect(HttpStatusCode.Unauthorized);
        }

        Assert.Equal(1, issuer.Asked); // it was asked only lately
    }

    [Fact]
    public async Task While_no_keys_can_be_had_a_token_has_to_wait_and_an_API_key_does_not()
    {
        await using var issuer = await TestIssuer.Start();
        issuer.Away = true;
        await using var gateway = await Gateway.Start(null, issuer.Options);
        var waits = await gateway.Api.Get("/operations/read-models", Bearer(issuer.Token("operator")));
        Assert.Equal("temporarily_unavailable", waits.Expect(HttpStatusCode.ServiceUnavailable).Code);
        Assert.NotNull(waits.Header("Retry-After"));
        (await gateway.Api.Get("/operations/read-models")).Expect(HttpStatusCode.OK);
    }

    [Fact]
    public async Task A_stream_ends_with_the_token_that_opened_it()
    {
        var claims = Issuer.Claims("operator");
        claims["exp"] = DateTimeOffset.UtcNow.ToUnixTimeSeconds() - 20; // with what clocks may differ, it holds for ten more seconds
        var token = Issuer.Token(claims);
        await using var stream = await EventStream.Open(fixture.Gateway.Api, "/orders/events", credentials: token);
        Assert.NotEmpty(await stream.Position());
        Assert.True(await stream.Ended());
        (await Get("/operations/read-models", token)).Expect(HttpStatusCode.Unauthorized);
    }

    private string Wrong(string kind)
    {
        var (claims, now) = (Issuer.Claims(), DateTimeOffset.UtcNow.ToUnixTimeSeconds());
        switch (kind)
        {
            case "unsigned":
                return $"{Base64UrlEncoder.Encode("""{"alg":"none","typ":"at+jwt"}""")}.{Issuer.Token(claims).Split('.')[1]}.";
            case "signed with the public key as a secret":
                var secret = new SymmetricSecurityKey(Issuer.Key.ECDsa.ExportSubjectPublicKeyInfo()) { KeyId = Issuer.Key.KeyId };
                return Issuer.Token(claims, new SigningCredentials(secret, SecurityAlgorithms.HmacSha256));
            case "with a key of its own in the header":
                var own = TestIssuer.NewKey();
                var jwk = JsonWebKeyConverter.ConvertFromECDsaSecurityKey(own);
                return Issuer.Token(claims, Signing(own), header: new()
                {
                    ["jwk"] = new Dictionary<string, object> { ["kty"] = "EC", ["crv"] = "P-256", ["x"] = jwk.X, ["y"] = jwk.Y },
                });
            case "with a URL of keys in the header":
                return Issuer.Token(claims, header: new() { ["jku"] = $"{Issuer.Url}/jwks" });
            case "with an unknown key": return Issuer.Token(claims, Signing(TestIssuer.NewKey()));
            case "of a type for others": return Issuer.Token(claims, type: "JWT");
            case "for another audience": claims["aud"] = "billing"; break;
            case "of an issuer by another name": claims["iss"] = $"{Issuer.Url}/"; break;
            case "expired": claims["exp"] = now - 31; break;
            case "not valid yet": claims["nbf"] = now + 60; break;
            case "without an end": claims.Remove("exp"); break;
            case "without a subject": claims.Remove("sub"); break;
            case "without a client": claims.Remove("client_id"); break;
            case "without an id": claims.Remove("jti"); break;
            case "issued in the future": claims["iat"] = now + 120; break;
            case "valid for a day": claims["exp"] = now + 86_400; break;
            case "with a critical header": return Issuer.Token(claims, header: new() { ["crit"] = new[] { "exp" } });
            case "too large": claims["padding"] = new string('x', 9 * 1024); break;
            case "with too many claims":
                for (var i = 0; i < 60; i++) claims[$"c{i}"] = i;
                break;
            case "cut short": return Issuer.Token(claims)[..^8];
            case "of a shopper without a customer": return Issuer.Token("shopper");
            case "with a subject that is no text for a log": claims["sub"] = "ada\nadmin"; break;
            default: throw new ArgumentException(kind);
        }

        return Issuer.Token(claims);
    }

    private Task<Reply> Get(string path, string token) => fixture.Gateway.Api.Get(path, Bearer(token));

    private static SigningCredentials Signing(ECDsaSecurityKey key) => new(key, SecurityAlgorithms.EcdsaSha256);
}
