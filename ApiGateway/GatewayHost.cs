using Commerce.Hosting;

namespace Commerce.ApiGateway;

/// <summary>Puts the process together: the databases, the engine, the read models, the payment provider and the API on top.</summary>
public static class GatewayHost
{
    private const int MaxConnections = 10_000;

    /// <summary>
    /// Everything, not yet started. The databases are opened here, and made where they are missing. <see cref="GatewaySettings.Read"/>
    /// reads its configuration.
    /// </summary>
    public static async Task<WebApplication> Build(string[] args)
    {
        var builder = WebApplication.CreateBuilder(args);
        var settings = GatewaySettings.Read(builder.Configuration);
        builder.AddConventions(settings);
        await builder.Services.AddCapabilityServices(settings);
        await builder.AddEngine(settings);

        var app = builder.Build();
        app.UseConventions();
        app.MapEndpoints();
        app.MapApiDocument();
        app.MapEngine();
        AccessRules.Check(app);
        return app;
    }

    /// <summary>What every endpoint needs.</summary>
    internal static void AddConventions(this WebApplicationBuilder builder, GatewaySettings settings)
    {
        ConfigureServer(builder, settings);
        builder.Services.AddProcess(builder.Logging);
        builder.Services.AddSingleton(settings);
        builder.Services.AddSingleton(new Signer(settings.SigningKeys));
        builder.Services.AddSingleton<IdempotencyGuard>();
        builder.Services.AddSingleton<EventStreams>();
        builder.Services.AddSingleton<RateLimits>();
        builder.Services.AddSingleton<CredentialGuard>();
        builder.Services.AddSingleton<HeldRequests>();
        builder.Services.AddSingleton<BodyQuota>();
        builder.Services.AddSingleton<RefusalWatch>();
        builder.Services.AddHostedService<ServerRefusals>();
        builder.Services.AddSingleton<ProblemCatalogue>();
        builder.Services.AddCompression();
        builder.Services.AddCrossOrigin(settings.CorsOrigins);
        builder.Services.AddCredentials(settings);
        builder.Services.AddAuthorizationBuilder().SetFallbackPolicy(AccessRules.Otherwise);
        builder.Services.AddApiDocument();
    }

    /// <summary>What every request goes through, in this order.</summary>
    internal static void UseConventions(this WebApplication app)
    {
        app.UseProxies();
        app.UseRequestIds();
        app.Use(SecurityHeaders.Add);
        app.Use(RequestShape.Check);
        app.Use(ServedHosts.Only);
        app.UseCompression();
        app.Use(HeadRequests.AsGet);
        app.UseRouting();
        app.UseCors();
        app.Use(CrossSite.Refuse);
        app.Use(CredentialGuard.Admit);
        app.UseAuthentication();
        app.Use(CredentialGuard.Note);
        app.Use(RateLimits.Count);
        app.UseAuthorization();
        app.Use(Auditing.Run);
        app.UseDocumentPage();
    }

    private static void ConfigureServer(WebApplicationBuilder builder, GatewaySettings settings)
    {
        builder.WebHost.UseUrls(settings.Url);
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Limits.MaxRequestBodySize = RequestBody.MaxBytes;
            kestrel.Limits.MaxRequestHeadersTotalSize = 32 * 1024;
            kestrel.Limits.RequestHeadersTimeout = TimeSpan.FromSeconds(15);
            kestrel.Limits.MaxRequestHeaderCount = 64;
            kestrel.Limits.MaxConcurrentConnections = MaxConnections;
            kestrel.Limits.KeepAliveTimeout = TimeSpan.FromMinutes(2);
        });
        builder.Services.ConfigureHttpJsonOptions(json => RequestBody.Configure(json.SerializerOptions));
    }
}
