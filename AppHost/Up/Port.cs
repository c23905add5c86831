using System.Net;
using System.Net.Sockets;

namespace Commerce.AppHost;

/// <summary>Ports on 127.0.0.1.</summary>
internal static class Port
{
    private const int SolSocket = 1; // Linux
    private const int SoReuseAddress = 2;

    /// <summary>The port that the gateway is to listen on, once it is known to be free; for 0 any free one.</summary>
    public static int Free(int wanted)
    {
        try
        {
            return Listen(wanted);
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
    }

    /// <summary>Whether one could listen there now.</summary>
    public static bool IsFree(int port)
    {
        try
        {
            return Listen(port) == port;
        }
        catch (SocketException)
        {
            return false; // in use, or not for this user: either way another one is needed
        }
    }

    private static int Listen(int port)
    {
        using var listener = new TcpListener(IPAddress.Loopback, port);
        // A port whose last connections are still fading away is free. Not by SocketOptionName.ReuseAddress: that would also share a port
        // with a program that shares its own, as silos do, and so find it free while a silo listens there.
        if (OperatingSystem.IsLinux()) listener.Server.SetRawSocketOption(SolSocket, SoReuseAddress, BitConverter.GetBytes(1));
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
