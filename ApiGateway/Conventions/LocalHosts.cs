using System.Net;

namespace Commerce.ApiGateway;

/// <summary>
/// Without API keys, on the loopback address only, requests must name this machine: otherwise a web page could reach it through a host name
/// that its owner resolves to 127.0.0.1 (DNS rebinding). The framework's host filtering does the same, but answers with no problem.
/// </summary>
internal static class LocalHosts
{
    /// <summary>Refuses other hosts.</summary>
    public static Task Only(HttpContext http, RequestDelegate next)
    {
        var host = http.Request.Host.Host;
        var local = host.Equals("localhost", StringComparison.OrdinalIgnoreCase)
            || (IPAddress.TryParse(host.Trim('[', ']'), out var address) && IPAddress.IsLoopback(address));
        return local ? next(http) : throw new ProblemException(new Problem(
            StatusCodes.Status421MisdirectedRequest, "wrong_host", $"The request is for the host '{Text.Shorten(host)}'.",
            "Use 127.0.0.1 or localhost; to serve other machines, configure Commerce:ApiKeys and urls.", "Host"));
    }
}
