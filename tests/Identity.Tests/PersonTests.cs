using System.Buffers.Text;
using System.Net;
using System.Security.Cryptography;
using System.Text;
using System.Web;
using Xunit;

namespace Commerce.Identity.Tests;

/// <summary>Tokens for a person who chooses a role on the page: authorization code with PKCE (RFC 7636), refresh and revocation.</summary>
public sealed class PersonTests(Server server) : IClassFixture<Server>
{
    private const string Back = "http://127.0.0.1:4000/back";

    private static readonly string Verifier = Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(32));

    private static readonly (string Name, string Value)[] Request =
    [
        ("client_id", "storefront"), ("response_type", "code"), ("redirect_uri", Back), ("state", "a&b\"<"),
        ("code_challenge_method", "S256"),
        ("code_challenge", Base64Url.EncodeToString(SHA256.HashData(Encoding.ASCII.GetBytes(Verifier)))),
    ];

    [Fact]
    public async Task A_person_chooses_a_role_and_the_application_gets_a_token_of_it()
    {
        using var page = await server.Open($"/authorize?{Query(Request)}");
        var text = await page.Content.ReadAsStringAsync();
        Assert.Equal(HttpStatusCode.OK, page.StatusCode);
        Assert.Contains("value=\"shopper\"", text, StringComparison.Ordinal);
        Assert.Contains("value=\"a&amp;b&quot;&lt;\"", text, StringComparison.Ordinal);
        Assert.DoesNotContain("<script", text, StringComparison.Ordinal);

        var tokens = await Redeem(await Choose("shopper"));
        Assert.Equal("cus_ada", tokens.Claims.GetProperty("customer").GetString());
        Assert.Equal(300, tokens.Claims.GetProperty("exp").GetInt64() - tokens.Claims.GetProperty("iat").GetInt64());
        Assert.Equal("storefront", tokens.Claims.GetProperty("client_id").GetString());
        var renewed = await Refresh(tokens["refresh_token"]!);
        Assert.Equal("shopper", renewed.Claims.GetProperty("roles").GetString());
        Assert.NotEqual(tokens["refresh_token"], renewed["refresh_token"]);
    }

    [Fact]
    public async Task A_code_that_comes_twice_ends_the_sign_in()
    {
        var code = await Choose("operator");
        var tokens = await Redeem(code);
        Assert.Equal("invalid_grant", (await Redeem(code))["error"]);
        Assert.Equal("invalid_grant", (await Refresh(tokens["refresh_token"]!))["error"]);
    }

    [Fact]
    public async Task A_refresh_token_that_comes_twice_ends_the_sign_in()
    {
        var tokens = await Redeem(await Choose("operator"));
        var renewed = await Refresh(tokens["refresh_token"]!);
        Assert.Equal("invalid_grant", (await Refresh(tokens["refresh_token"]!))["error"]);
        Assert.Equal("invalid_grant", (await Refresh(renewed["refresh_token"]!))["error"]);
    }

    [Fact]
    public async Task A_refresh_token_that_was_given_back_is_of_no_use()
    {
        var tokens = await Redeem(await Choose("finance"));
        var revoked = await server.Post("/revoke", ("client_id", "storefront"), ("token", tokens["refresh_token"]!));
        Assert.Equal(HttpStatusCode.OK, revoked.Status);
        Assert.Equal("invalid_grant", (await Refresh(tokens["refresh_token"]!))["error"]);
    }

    [Fact]
    public async Task A_code_is_for_who_asked_for_it()
    {
        var stolen = await server.Post(
            "/token", ("grant_type", "authorization_code"), ("client_id", "storefront"), ("code", await Choose("operator")),
            ("redirect_uri", Back), ("code_verifier", new string('x', 43)));
        Assert.Equal("invalid_grant", stolen["error"]);
    }

    [Theory]
    [InlineData("redirect_uri", "https://evil.example/back")]
    [InlineData("client_id", "erp")]
    [InlineData("code_challenge", "")]
    [InlineData("response_type", "token")]
    public async Task A_request_that_could_be_somebody_elses_is_refused(string name, string value)
    {
        var changed = Request.Where(r => r.Name != name).Append((name, value)).Where(r => r.Item2.Length > 0).ToArray();
        using var page = await server.Open($"/authorize?{Query(changed)}");
        Assert.DoesNotContain("chosen_role", await page.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        Assert.False(page.Headers.Location?.Host == "evil.example");
    }

    [Fact]
    public async Task A_choice_that_cannot_be_is_said_on_the_page()
    {
        using var page = await server.Send("/authorize", [.. Request, ("chosen_role", "shopper"), ("chosen_customer", "")]);
        Assert.Contains("needs a customer", await page.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    private static string Query((string Name, string Value)[] parameters) =>
        string.Join('&', parameters.Select(p => $"{p.Name}={Uri.EscapeDataString(p.Value)}"));

    private async Task<string> Choose(string role)
    {
        using var back = await server.Send("/authorize", [.. Request, ("chosen_role", role), ("chosen_customer", "cus_ada")]);
        Assert.StartsWith(Back, back.Headers.Location?.ToString());
        var query = HttpUtility.ParseQueryString(back.Headers.Location!.Query);
        Assert.Equal("a&b\"<", query["state"]);
        return query["code"]!;
    }

    private Task<Answer> Redeem(string code) => server.Post(
        "/token", ("grant_type", "authorization_code"), ("client_id", "storefront"), ("code", code), ("redirect_uri", Back),
        ("code_verifier", Verifier));

    private Task<Answer> Refresh(string token) =>
        server.Post("/token", ("grant_type", "refresh_token"), ("client_id", "storefront"), ("refresh_token", token));
}
