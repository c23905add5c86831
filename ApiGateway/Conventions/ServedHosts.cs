using Commerce.Kernel;

namespace Commerce.ApiGateway;

/// <summary>
/// Refuses requests for hosts that are not served, where the configuration lists those that are. The framework's host filtering does the
/// same, but answers with no problem.
/// </summary>
internal static class ServedHosts
{
    public static Task Only(HttpContext http, RequestDelegate next)
    {
        var served = http.RequestServices.GetRequiredService<GatewaySettings>().Hosts;
        var host = http.Request.Host.Host;
        return served.Count == 0 || served.Contains(host, StringComparer.OrdinalIgnoreCase)
            ? next(http)
            : throw new ProblemException(new Problem(
                StatusCodes.Status421MisdirectedRequest, "wrong_host", $"The request is for the host '{Text.Shorten(host)}'.",
                "Send it to a host that is served here: the operator lists them in Commerce:Hosts.", "Host"));
    }
}
