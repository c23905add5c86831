using Commerce.LocalPostgres;

namespace Commerce.AppHost;

/// <summary>Where one running <c>up</c> keeps what it needs; only one at a time can have it.</summary>
internal sealed class DataFolder : IDisposable
{
    /// <summary>The names of all that this command keeps there.</summary>
    private static readonly string[] Ours =
    [
        "postgres", "logs", "control", "gateway", "silo", "identity", "keys.json", "home", "build.lock", "build.slnf",
        .. CertificateAuthority.Names, .. SessionSecrets.Names,
    ];

    private readonly string _path;
    private readonly FolderLock _lock;

    private DataFolder(string path, FolderLock held) => (_path, _lock) = (path, held);

    /// <summary>The private PostgreSQL's folder.</summary>
    public string Postgres => Path.Combine(_path, "postgres");

    /// <summary>
    /// The key ring, with which personal data is sealed, unless the environment names another. Without it that data is lost.
    /// </summary>
    public string Keys => Environment.GetEnvironmentVariable("Commerce__Keys__File") is { Length: > 0 } given
        ? given
        : Path.Combine(_path, "keys.json");

    /// <summary>The folder of what the processes say.</summary>
    public string Logs => Path.Combine(_path, "logs");

    /// <summary>The accounts on the private PostgreSQL, which go with its folder.</summary>
    public string Accounts => AccountsOf(_path);

    /// <summary>The same for any data folder.</summary>
    public static string AccountsOf(string path) => Path.Combine(Path.GetFullPath(path), "postgres", "accounts");

    /// <summary>The root of the certificates of all processes.</summary>
    public CertificateAuthority Authority() => CertificateAuthority.Of(_path);

    /// <summary>The secrets of its processes.</summary>
    public SessionSecrets Secrets() => SessionSecrets.Of(_path);

    /// <summary>The file that says how this run can be reached.</summary>
    public string Control => ControlFile(_path);

    /// <summary>The same for any data folder.</summary>
    public static string ControlFile(string path) => Path.Combine(Path.GetFullPath(path), "control");

    /// <summary>A copy of a built program: building again while it runs does not write into it.</summary>
    public string Program(string name) => Path.Combine(_path, name);

    /// <summary>What one process says.</summary>
    public LogFile Log(string process) => new(Path.Combine(Logs, $"{process}.log"));

    /// <summary>Takes the folder, making it when missing. No other user can look into it.</summary>
    public static DataFolder Take(string path)
    {
        var full = Path.GetFullPath(path);
        try
        {
            Make(full);
            PrivateFolder.Make(Path.Combine(full, "logs"));
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException)
        {
            throw new CommandFailedException($"The data folder '{full}' cannot be made: {problem.Message}\nGive another one: --data DIR");
        }

        try
        {
            return new DataFolder(full, FolderLock.Take(full));
        }
        catch (LocalPostgresException problem)
        {
            throw new CommandFailedException($"{problem.Message}\nA second one beside it: ./commerce up --data DIR --port 0");
        }
    }

    /// <summary>Makes a data folder when it is missing, for this user only.</summary>
    public static void Make(string path) => PrivateFolder.Make(path, [.. Ours, "lock", "lock.pid"]);

    public void Dispose() => _lock.Dispose();
}
