using System.Net;
using Commerce.Hosting;
using Microsoft.Extensions.Configuration;
using Xunit;

namespace Commerce.Identity.Tests;

/// <summary>Tokens for programs, by client credentials.</summary>
public sealed class ProgramTests(Server server) : IClassFixture<Server>
{
    [Fact]
    public async Task A_token_has_the_profile_of_RFC_9068_and_the_scopes_of_its_role()
    {
        var answer = await server.Token("shopper", ("customer", "cus_ada"), ("subject", "ada"));
        Assert.Equal(HttpStatusCode.OK, answer.Status);
        Assert.Equal(("at+jwt", "ES256"), (answer.Header.GetProperty("typ").GetString(), answer.Header.GetProperty("alg").GetString()));
        var claims = answer.Claims;
        Assert.Equal($"{server.Url}/", claims.GetProperty("iss").GetString());
        foreach (var (name, value) in new[] { ("aud", "commerce"), ("sub", "ada"), ("client_id", "tests"), ("customer", "cus_ada") })
            Assert.Equal(value, claims.GetProperty(name).GetString());
        Assert.Equal("shopper", claims.GetProperty("roles").GetString());
        Assert.Equal(900, claims.GetProperty("exp").GetInt64() - claims.GetProperty("iat").GetInt64());
        Assert.False(string.IsNullOrEmpty(claims.GetProperty("jti").GetString()));
        var scopes = claims.GetProperty("scope").GetString()!.Split(' ');
        Assert.Equal(TokenRules.Roles["shopper"].Scopes.Order(), scopes.Order());
        Assert.DoesNotContain("sign_in", claims.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_program_can_ask_for_less_but_not_for_more_than_its_role_has()
    {
        var answer = await server.Token("warehouse", ("scope", "orders:ship ledger:close"));
        Assert.Equal("orders:ship", answer.Claims.GetProperty("scope").GetString());
        var both = await server.Token("warehouse,finance");
        Assert.Contains("ledger:close", both.Claims.GetProperty("scope").GetString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("root", "'root' is no role")]
    [InlineData("guest-order", "'guest-order' is no role")]
    [InlineData("", "is no role")]
    [InlineData("shopper", "needs a customer")]
    [InlineData("partner,finance", "do not go together")]
    public async Task A_role_that_cannot_be_is_refused_with_what_there_is(string role, string said)
    {
        var answer = await server.Token(role);
        Assert.Equal((HttpStatusCode.BadRequest, "invalid_request"), (answer.Status, answer["error"]));
        Assert.Contains(said, answer["error_description"], StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("wrong")]
    [InlineData("")]
    public async Task Without_the_secret_there_is_no_token(string secret)
    {
        var answer = await server.Post(
            "/token", ("grant_type", "client_credentials"), ("client_id", "tests"), ("client_secret", secret), ("role", "operator"));
        Assert.NotEqual(HttpStatusCode.OK, answer.Status);
        Assert.Null(answer["access_token"]);
        var nobody = await server.Post("/token", ("grant_type", "client_credentials"), ("role", "operator"));
        Assert.Null(nobody["access_token"]);
    }

    [Fact]
    public async Task Its_metadata_say_that_it_is_for_development()
    {
        var metadata = (await server.Get("/.well-known/openid-configuration")).Json;
        Assert.True(metadata.GetProperty("commerce_development").GetBoolean());
        Assert.Equal(["S256"], metadata.GetProperty("code_challenge_methods_supported").EnumerateArray().Select(m => m.GetString()));
        Assert.DoesNotContain("password", metadata.GetProperty("grant_types_supported").ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("http://0.0.0.0:5000")]
    [InlineData("http://localhost:5000")]
    [InlineData("https://127.0.0.1:5000")]
    [InlineData("http://127.0.0.1:5000/path")]
    [InlineData("")]
    public void It_listens_on_this_machine_only(string url)
    {
        var configuration = new ConfigurationBuilder().AddInMemoryCollection(new Dictionary<string, string?>
        {
            ["Commerce:Identity:Url"] = url, ["Commerce:Identity:Secret"] = Server.Secret,
        }).Build();
        var refused = Assert.Throws<InvalidConfigurationException>(() => IdentitySettings.Read(configuration));
        Assert.Contains("this machine only", refused.Message, StringComparison.Ordinal);
        Assert.DoesNotContain(Server.Secret, refused.Message, StringComparison.Ordinal);
    }
}
