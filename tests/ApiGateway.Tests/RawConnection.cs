using System.Net.Sockets;
using System.Text;

namespace Commerce.ApiGateway.Tests;

/// <summary>Sends bytes as they are, which no client of HTTP would send.</summary>
internal static class RawConnection
{
    /// <summary>All that is answered until the other side ends the connection.</summary>
    public static async Task<string> Send(Uri address, string request)
    {
        using var client = new TcpClient();
        await client.ConnectAsync(address.Host, address.Port);
        await using var stream = client.GetStream();
        await stream.WriteAsync(Encoding.Latin1.GetBytes(request));
        using var reader = new StreamReader(stream, Encoding.Latin1);
        try
        {
            return await reader.ReadToEndAsync();
        }
        catch (IOException) // it was cut, as some of what was sent was not read
        {
            return "";
        }
    }
}
