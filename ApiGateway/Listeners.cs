using System.Net;
using Commerce.Hosting;

namespace Commerce.ApiGateway;

/// <summary>Where the gateway listens, by addresses.</summary>
internal static class Listeners
{
    /// <summary>
    /// Refuses names: for any but <c>localhost</c> the server would listen on all addresses of the machine, which is not what
    /// <c>http://loopback:8080</c> looks like.
    /// </summary>
    public static void Check(IConfiguration configuration, string urls)
    {
        // Kestrel's own section, when it is there, takes precedence.
        var endpoints = configuration.GetSection("Kestrel:Endpoints").GetChildren().Select(e => e["Url"] ?? "");
        foreach (var url in urls.Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).Concat(endpoints))
            if (!IsAddress(HostOf(url)))
                throw new InvalidConfigurationException(
                    "urls", $"it is to listen on '{url}', and for a name it would listen on all addresses. Give an IP address, localhost, "
                    + "or * for all of them.");
    }

    private static string HostOf(string url)
    {
        try
        {
            return BindingAddress.Parse(url).Host;
        }
        catch (FormatException problem)
        {
            throw new InvalidConfigurationException("urls", $"'{url}' is no address to listen on: {problem.Message}");
        }
    }

    private static bool IsAddress(string host) =>
        host is "localhost" or "*" or "+" || IPAddress.TryParse(host.Trim('[', ']'), out _);
}
