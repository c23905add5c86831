using Microsoft.AspNetCore.HttpOverrides;

namespace Commerce.ApiGateway;

/// <summary>What proxies in front say about a request. From others than those of the configuration it means nothing.</summary>
internal static class Proxies
{
    public static void UseProxies(this WebApplication app)
    {
        var networks = app.Services.GetRequiredService<GatewaySettings>().Proxies;
        if (networks.Count == 0) return;
        var options = new ForwardedHeadersOptions
        {
            ForwardedHeaders = ForwardedHeaders.XForwardedFor | ForwardedHeaders.XForwardedProto, ForwardLimit = null,
        };
        options.KnownProxies.Clear();
        options.KnownIPNetworks.Clear();
        foreach (var network in networks) options.KnownIPNetworks.Add(network);
        app.UseForwardedHeaders(options);
    }
}
