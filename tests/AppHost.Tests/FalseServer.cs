using System.Buffers.Binary;
using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;
using System.Text;

namespace Commerce.AppHost.Tests;

/// <summary>Answers in PostgreSQL's place, and asks for the password in clear.</summary>
internal sealed class FalseServer : IDisposable
{
    private static readonly byte[] AskForPassword = [(byte)'R', 0, 0, 0, 8, 0, 0, 0, 3];

    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly X509Certificate2? _certificate;
    private readonly StringBuilder _heard = new();

    /// <param name="certificate">What it shows where TLS is wanted; null: it has none, and says so.</param>
    public FalseServer(X509Certificate2? certificate)
    {
        _certificate = certificate;
        _listener.Start();
        _ = Serve();
    }

    public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    /// <summary>All that clients have sent after it had asked.</summary>
    public string Heard
    {
        get
        {
            lock (_heard) return _heard.ToString();
        }
    }

    public void Dispose()
    {
        _listener.Dispose();
        _certificate?.Dispose();
    }

    private async Task Serve()
    {
        try
        {
            while (true) _ = Answer(await _listener.AcceptTcpClientAsync());
        }
        catch (Exception over) when (over is SocketException or ObjectDisposedException)
        {
            // the test is over
        }
    }

    private async Task Answer(TcpClient client)
    {
        using var closing = client;
        try
        {
            Stream stream = client.GetStream();
            var first = await Message(stream);
            if (first.Length == 4) // the question for TLS, not yet the name of the user
            {
                stream.WriteByte((byte)(_certificate is null ? 'N' : 'S'));
                if (_certificate is not null)
                {
                    var secured = new SslStream(stream);
                    await secured.AuthenticateAsServerAsync(_certificate);
                    stream = secured;
                }

                await Message(stream);
            }

            await stream.WriteAsync(AskForPassword);
            var answer = new byte[1024];
            while (await stream.ReadAsync(answer) is > 0 and var read)
                lock (_heard) _heard.Append(Encoding.ASCII.GetString(answer, 0, read));
        }
        catch (Exception gone) when (gone is IOException or System.Security.Authentication.AuthenticationException)
        {
            // the client has seen that this is not the server
        }
    }

    private static async Task<byte[]> Message(Stream stream)
    {
        var length = new byte[4];
        await stream.ReadExactlyAsync(length);
        var rest = new byte[BinaryPrimitives.ReadInt32BigEndian(length) - 4];
        await stream.ReadExactlyAsync(rest);
        return rest;
    }
}
