using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Text;
using Commerce.LocalPostgres;

namespace Commerce.AppHost;

/// <summary>
/// How another command reaches the running <c>up</c> of a data folder: a file there, readable only by its owner, holds a port on 127.0.0.1
/// and a secret. A request is one line; each line of the answer begins with its kind.
/// </summary>
internal sealed class ControlSocket : IDisposable
{
    /// <summary>A line for the user.</summary>
    public const char Text = '>';

    /// <summary>A line about what went wrong.</summary>
    public const char Problem = '!';

    /// <summary>The end: everything before it is the whole answer.</summary>
    public const char End = '.';

    /// <summary>The longest request: the secret, and a word.</summary>
    private const int LongestRequest = 256;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    private readonly string _file;
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly byte[] _secret = Encoding.ASCII.GetBytes(Convert.ToHexString(RandomNumberGenerator.GetBytes(16)));

    /// <summary>Listens from now on, and says so in the file.</summary>
    public ControlSocket(string file)
    {
        _file = file;
        _listener.Start();
        var port = ((IPEndPoint)_listener.LocalEndpoint).Port.ToString(CultureInfo.InvariantCulture);
        PrivateFolder.Write(file, $"{port} {Encoding.ASCII.GetString(_secret)}");
    }

    /// <summary>Serves until cancelled. <paramref name="answer"/> gets the word that was sent and a function that sends a line.</summary>
    public async Task Serve(Func<string, Func<string, Task>, CancellationToken, Task> answer, CancellationToken cancel)
    {
        while (true)
        {
            var client = await _listener.AcceptTcpClientAsync(cancel);
            _ = Answer(client, answer, cancel);
        }
    }

    public void Dispose()
    {
        _listener.Dispose();
        File.Delete(_file);
    }

    /// <summary>The first line; null when it is too long, or does not come to its end.</summary>
    private static async Task<string?> Request(NetworkStream stream, CancellationToken cancel)
    {
        var (line, length) = (new byte[LongestRequest], 0);
        while (length < line.Length && await stream.ReadAsync(line.AsMemory(length), cancel) is > 0 and var read)
        {
            length += read;
            if (Array.IndexOf(line, (byte)'\n', 0, length) is >= 0 and var end) return Encoding.UTF8.GetString(line, 0, end).TrimEnd('\r');
        }

        return null;
    }

    private bool IsOurs(string secret) => CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(secret), _secret);

    private async Task Answer(TcpClient client, Func<string, Func<string, Task>, CancellationToken, Task> answer, CancellationToken cancel)
    {
        using var closing = client;
        try
        {
            var stream = client.GetStream();
            await using var writer = new StreamWriter(stream) { AutoFlush = true };
            var asked = (await Request(stream, cancel).WaitAsync(Patience, cancel))?.Split(' ', 2);
            if (asked is not [var secret, var word] || !IsOurs(secret)) return;
            try
            {
                await answer(word, text => writer.WriteLineAsync($"{Text}{text}"), cancel);
            }
            catch (CommandFailedException failure)
            {
                foreach (var line in failure.Message.Split('\n')) await writer.WriteLineAsync($"{Problem}{line}");
            }

            await writer.WriteLineAsync(End);
        }
        catch (Exception gone) when (gone is IOException or TimeoutException or OperationCanceledException)
        {
            // the client has gone, or everything is being stopped: the answer is not needed
        }
    }
}
