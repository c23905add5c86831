using System.CommandLine;
using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace Commerce.AppHost;

/// <summary>Client of the <c>./commerce up</c> that runs on a data folder.</summary>
internal static class RunningSession
{
    /// <summary>The word that the running <c>up</c> answers with the address of its gateway.</summary>
    public const string AddressWord = "address";

    /// <summary>The word that it answers with the address of its authorization server.</summary>
    public const string IdentityWord = "identity";

    /// <summary>The word that it answers with the address of its private PostgreSQL.</summary>
    public const string ServerWord = "server";

    /// <summary>The option <c>--data DIR</c>.</summary>
    public static Option<string> DataOption(Workspace workspace) => new("--data")
    {
        HelpName = "DIR", Description = "the data folder of the running ./commerce up (default: .data)",
        DefaultValueFactory = _ => workspace.Data,
    };

    /// <summary>A command that has it do something and shows what it says.</summary>
    public static void Asks(this CliCommand verb, string word, Workspace workspace, Terminal screen)
    {
        var data = DataOption(workspace);
        verb.Add(data);
        verb.SetAction(async (parsed, cancel) =>
        {
            await Ask(parsed.GetRequiredValue(data), word, screen.Line, "", cancel);
            return 0;
        });
    }

    /// <summary>The address of its gateway.</summary>
    /// <exception cref="CommandFailedException">There is none that serves; the message says what to do.</exception>
    public static async Task<string> Gateway(string data, CancellationToken cancel)
    {
        var url = "";
        await Ask(data, AddressWord, line => url = line, ", or name the gateway: --gateway URL", cancel);
        return url;
    }

    /// <summary>Its authorization server, with the secret of the data folder.</summary>
    /// <exception cref="CommandFailedException">None is running; the message says what to do.</exception>
    public static async Task<DevelopmentIdentity> Identity(string data, CancellationToken cancel)
    {
        var url = "";
        await Ask(data, IdentityWord, line => url = line, "", cancel);
        return new DevelopmentIdentity(url, SessionSecrets.Of(Path.GetFullPath(data)).OfClients);
    }

    /// <summary>Its private PostgreSQL, with the account that reads.</summary>
    /// <exception cref="CommandFailedException">None is running; the message says what to do.</exception>
    public static async Task<IReadOnlyDictionary<string, string?>> Accounts(string data, CancellationToken cancel)
    {
        var server = "";
        await Ask(data, ServerWord, line => server = line, ", or name the PostgreSQL: --postgres CONNECTION", cancel);
        return SessionAccounts.OfGatewayIn(data, server);
    }

    private static async Task Ask(string data, string word, Action<string> show, string orElse, CancellationToken cancel)
    {
        var problem = new List<string>();
        using var client = await Connect(data, orElse, out var secret, cancel);
        var stream = client.GetStream();
        await using var writer = new StreamWriter(stream) { AutoFlush = true };
        using var reader = new StreamReader(stream);
        await writer.WriteLineAsync($"{secret} {word}");
        while (await reader.ReadLineAsync(cancel) is { Length: > 0 } line)
        {
            if (line[0] == ControlSocket.Text) show(line[1..]);
            if (line[0] == ControlSocket.Problem) problem.Add(line[1..]);
            if (line[0] != ControlSocket.End) continue;
            if (problem.Count > 0) throw new CommandFailedException(string.Join('\n', problem));
            return;
        }

        throw new CommandFailedException("The running ./commerce up ended before it had answered.");
    }

    private static Task<TcpClient> Connect(string data, string orElse, out string secret, CancellationToken cancel)
    {
        var file = DataFolder.ControlFile(data);
        var nobody = $"No ./commerce up is running with the data in {Path.GetFullPath(data)}.\n"
            + $"Start it, or name its folder: --data DIR{orElse}";
        if (!File.Exists(file) || File.ReadAllText(file).Split(' ') is not [var port, var word]) throw new CommandFailedException(nobody);
        secret = word;
        return Connect(int.Parse(port, CultureInfo.InvariantCulture), nobody, cancel);
    }

    private static async Task<TcpClient> Connect(int port, string nobody, CancellationToken cancel)
    {
        var client = new TcpClient();
        try
        {
            await client.ConnectAsync(IPAddress.Loopback, port, cancel);
            return client;
        }
        catch (SocketException)
        {
            client.Dispose();
            throw new CommandFailedException(nobody); // it was killed, and left its file behind
        }
    }
}
