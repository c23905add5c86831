using System.Security.Cryptography;
using System.Text;

namespace Commerce.AppHost;

/// <summary>
/// The accounts of PostgreSQL that each kind of process gets. On the private server each has its own, made by the product's own migration
/// when the programs have changed; on a server that the caller named, all have the caller's account.
/// </summary>
internal sealed class SessionAccounts
{
    private const string Server = "Commerce__Postgres";

    /// <summary>Says which software has made the accounts.</summary>
    private const string StampName = "stamp";

    /// <summary>What the databases, and so the accounts, follow from.</summary>
    private static readonly string[] Making = ["Domain", "Journal", "ReadModels", "Hosting"];

    private readonly Dictionary<string, Dictionary<string, string?>> _ofKind;

    private SessionAccounts(Dictionary<string, Dictionary<string, string?>> ofKind) => _ofKind = ofKind;

    public IReadOnlyDictionary<string, string?> OfSilo => _ofKind["silo"];

    public IReadOnlyDictionary<string, string?> OfGateway => _ofKind["gateway"];

    /// <summary>Of the gateway that is everything in one process.</summary>
    public IReadOnlyDictionary<string, string?> OfSingle => _ofKind["single"];

    /// <summary>Those of the gateway on the private server of a data folder.</summary>
    /// <param name="server">The server, without an account.</param>
    public static IReadOnlyDictionary<string, string?> OfGatewayIn(string data, string server) =>
        Read(Path.Combine(DataFolder.AccountsOf(data), "gateway.env"), server);

    /// <summary>Brings the databases of a private server up to date, if need be, and reads the accounts.</summary>
    /// <param name="program">The folder of the gateway's program, which migrates.</param>
    public static async Task<SessionAccounts> Of(
        DataFolder folder, SessionDatabase database, string program, Terminal screen, CancellationToken cancel)
    {
        string[] kinds = ["silo", "gateway", "single"];
        if (database.ServerAlone is not { } server)
            return new(kinds.ToDictionary(k => k, _ => new Dictionary<string, string?> { [Server] = database.Connection }));

        var (accounts, stamp) = (folder.Accounts, Path.Combine(folder.Accounts, StampName));
        var made = Stamp(program);
        if (!File.Exists(stamp) || await File.ReadAllTextAsync(stamp, cancel) != made)
        {
            await screen.During("making the databases", _ => Migrate(accounts, database, program, cancel));
            LocalPostgres.PrivateFolder.Write(stamp, made);
        }

        return new(kinds.ToDictionary(kind => kind, kind => Read(Path.Combine(accounts, $"{kind}.env"), server)));
    }

    private static async Task<bool> Migrate(string accounts, SessionDatabase database, string program, CancellationToken cancel)
    {
        var output = new List<string>();
        var environment = new Dictionary<string, string?>(ChildEnvironment.OfMigration()) { [Server] = database.Connection };
        await using var child = ChildProcess.Start(
            Workspace.Dotnet, [Path.Combine(program, Workspace.ProgramOf("ApiGateway")), "migrate", "--accounts", accounts], program,
            line => { lock (output) output.Add(line); }, environment);
        if (await child.Exit(cancel) == 0) return true;
        throw new CommandFailedException($"The databases cannot be brought up to date:\n{string.Join('\n', output.TakeLast(6))}");
    }

    private static Dictionary<string, string?> Read(string file, string server)
    {
        var settings = File.ReadLines(file).Select(line => line.Split('=', 2)).ToDictionary(l => l[0], l => (string?)l[1]);
        settings[Server] = server;
        return settings;
    }

    /// <summary>Another one when the databases may have to change.</summary>
    private static string Stamp(string program)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var name in Making) hash.AppendData(File.ReadAllBytes(Path.Combine(program, Workspace.ProgramOf(name))));
        hash.AppendData(Encoding.UTF8.GetBytes(Environment.GetEnvironmentVariable("Commerce__Prefix") ?? ""));
        return Convert.ToHexString(hash.GetHashAndReset());
    }
}
