using Commerce.Hosting;
using Microsoft.IdentityModel.Tokens;
using static OpenIddict.Abstractions.OpenIddictConstants;

namespace Commerce.Identity;

/// <summary>
/// An authorization server for development: it gives tokens of any role to programs that have its secret, and to a person who chooses
/// one on its page. OpenIddict does the protocol, without a database (decision 26).
/// </summary>
public static class IdentityHost
{
    /// <summary>Everything, not yet started.</summary>
    public static WebApplication Build(string[] args)
    {
        var builder = WebApplication.CreateBuilder(args);
        var settings = IdentitySettings.Read(builder.Configuration);
        builder.WebHost.UseUrls(settings.Url);
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Limits.MaxRequestBodySize = 64 * 1024;
        });
        builder.Services.AddProcess(builder.Logging);
        builder.Logging.AddFilter("OpenIddict", LogLevel.Warning);
        builder.Services.AddSingleton(settings);
        builder.Services.AddSingleton<Revocations>();
        AddServer(builder.Services, settings);
        WithoutKeyRing(builder.Services);

        var app = builder.Build();
        app.UseAuthentication();
        app.MapGet("/health/ready", () => Results.Ok());
        app.MapMethods(AuthorizationPage.Path, ["GET", "POST"], (Delegate)AuthorizationPage.Answer);
        app.MapGet(AuthorizationPage.Style, (Delegate)AuthorizationPage.Css);
        return app;
    }

    private static void AddServer(IServiceCollection services, IdentitySettings settings) => services.AddOpenIddict().AddServer(server =>
    {
        server.SetIssuer(settings.Url);
        server.SetTokenEndpointUris("/token").SetAuthorizationEndpointUris(AuthorizationPage.Path).SetRevocationEndpointUris("/revoke");
        server.AllowClientCredentialsFlow().AllowRefreshTokenFlow();
        server.AllowAuthorizationCodeFlow().RequireProofKeyForCodeExchange();
        server.Configure(options => options.CodeChallengeMethods.Remove(CodeChallengeMethods.Plain));
        server.SetAuthorizationCodeLifetime(TimeSpan.FromMinutes(1)).SetRefreshTokenLifetime(TimeSpan.FromHours(8));
        server.RegisterScopes([.. AccessTable.Scopes.Keys]);
        server.EnableDegradedMode().DisableAccessTokenEncryption();
        server.AddSigningKey(new ECDsaSecurityKey(settings.Key) { KeyId = KeyIds.Of(settings.Key) });
        server.AddEncryptionKey(new SymmetricSecurityKey(KeyIds.Derived(settings.Secret))); // of codes and refresh tokens
        server.UseAspNetCore().DisableTransportSecurityRequirement().EnableAuthorizationEndpointPassthrough();
        TokenRules.AddTo(server, settings);
    });

    // The framework would keep a ring of keys on disk, of which nothing here makes use.
    private static void WithoutKeyRing(IServiceCollection services)
    {
        foreach (var service in services.Where(s => s.ImplementationType?.Name == "DataProtectionHostedService").ToList())
            services.Remove(service);
    }
}
