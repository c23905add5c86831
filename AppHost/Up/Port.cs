using System.Net;
using System.Net.Sockets;

namespace Commerce.AppHost.Up;

/// <summary>The port on 127.0.0.1 that the gateway is to listen on.</summary>
internal static class Port
{
    /// <summary>The port, once it is known to be free; for 0 any free one.</summary>
    public static int Free(int wanted)
    {
        var listener = new TcpListener(IPAddress.Loopback, wanted);
        // As the web server does it: a port whose last connections are still fading away is free.
        listener.Server.SetSocketOption(SocketOptionLevel.Socket, SocketOptionName.ReuseAddress, true);
        try
        {
            listener.Start();
            return ((IPEndPoint)listener.LocalEndpoint).Port;
        }
        catch (SocketException problem) when (problem.SocketErrorCode == SocketError.AddressAlreadyInUse)
        {
            throw new Failure(
                $"Port {wanted} on 127.0.0.1 is in use by another program (ss -ltnp 'sport = :{wanted}' shows which).\n"
                + "Stop that one, or give another port: --port PORT (0 takes any free one)");
        }
        catch (SocketException problem) when (problem.SocketErrorCode == SocketError.AccessDenied)
        {
            throw new Failure($"This user may not listen on port {wanted}. Give one above 1023: --port PORT");
        }
        finally
        {
            listener.Stop();
        }
    }
}
