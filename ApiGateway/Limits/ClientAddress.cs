using System.Net;
using System.Net.Sockets;

namespace Commerce.ApiGateway;

/// <summary>Where a request comes from: behind proxies of the configuration it is the address that they give.</summary>
internal static class ClientAddress
{
    private const int AddressBytes = 4;

    /// <summary>What to count by: one address of IPv4, or the network of one of IPv6.</summary>
    public static string Of(HttpContext http) =>
        http.Connection.RemoteIpAddress is { } address ? $"{Masked(address, AddressBytes).Network}" : "";

    /// <summary>The network of an address: enough to tell callers apart, too little for a person.</summary>
    public static string NetworkOf(IPAddress address)
    {
        var (network, bytes) = Masked(address, AddressBytes - 1);
        return $"{network}/{8 * bytes}";
    }

    // Of IPv6, a provider gives each customer the 64 bits of a network at the least.
    private static (IPAddress Network, int Bytes) Masked(IPAddress address, int bytesOfIPv4)
    {
        if (address.IsIPv4MappedToIPv6) address = address.MapToIPv4();
        var (bytes, kept) = (address.GetAddressBytes(), address.AddressFamily == AddressFamily.InterNetwork ? bytesOfIPv4 : 8);
        bytes.AsSpan(kept).Clear();
        return (new IPAddress(bytes), kept);
    }
}
