using System.Net;
using System.Net.Sockets;

namespace Commerce.ApiGateway;

/// <summary>Where a request comes from, to count by: one address of IPv4, or the 64 bits of a network of IPv6.</summary>
internal static class ClientAddress
{
    private const int NetworkBytes = 8;

    /// <summary>Behind proxies of the configuration it is the address that they give.</summary>
    public static string Of(HttpContext http)
    {
        if (http.Connection.RemoteIpAddress is not { } address) return "";
        if (address.IsIPv4MappedToIPv6) address = address.MapToIPv4();
        return address.AddressFamily == AddressFamily.InterNetworkV6
            ? new IPAddress([.. address.GetAddressBytes()[..NetworkBytes], .. new byte[NetworkBytes]]).ToString()
            : address.ToString();
    }
}
