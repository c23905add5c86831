using System.Security.Cryptography;

namespace Commerce.LocalPostgres;

/// <summary>
/// The files of one private server: <c>cluster/</c> is PostgreSQL's own data directory, next to it its password, its log and a lock.
/// </summary>
internal sealed class DataDirectory(string folder)
{
    public const string Superuser = "commerce";

    /// <summary>The server's certificate, in its folder.</summary>
    public const string CertificateName = "server.crt";

    /// <summary>The key of that certificate.</summary>
    public const string KeyName = "server.key";

    /// <summary>The names of all that is in the folder, besides the lock; the accounts are for the server's clients.</summary>
    public static string[] Names { get; } = ["cluster", "cluster.partial", "password", "server.log", "server.log.1", "accounts"];

    public string Data { get; } = Path.Combine(folder, "cluster");

    public string Log { get; } = Path.Combine(folder, "server.log");

    public string Folder { get; } = folder;

    /// <summary>The file that says which major version made the data.</summary>
    public string Version => Path.Combine(Data, "PG_VERSION");

    public string Password => File.ReadAllText(PasswordFile).Trim();

    private string PasswordFile { get; } = Path.Combine(folder, "password");

    private string Partial { get; } = Path.Combine(folder, "cluster.partial");

    /// <summary>The major version that made the data, or null when there is none yet.</summary>
    public int? Major => File.Exists(Version) && int.TryParse(File.ReadAllText(Version), out var major) ? major : null;

    /// <summary>Who may connect: with the password, and where there is a certificate, with TLS.</summary>
    public async Task WriteAccess(ServerAccount account, PostgresServerOptions options, CancellationToken cancel)
    {
        var access = Path.Combine(Data, "pg_hba.conf");
        var (certificate, key) = (Path.Combine(Data, CertificateName), Path.Combine(Data, KeyName));
        PrivateFolder.Write(access, $"{(options.Tls is null ? "host" : "hostssl")} all all 127.0.0.1/32 scram-sha-256\n");
        if (options.Tls is { } tls)
        {
            PrivateFolder.Write(certificate, tls.Certificate);
            PrivateFolder.Write(key, tls.Key);
        }

        await account.Own(options.Tls is null ? [access] : [access, certificate, key], cancel);
    }

    /// <summary>
    /// Makes the database files if there are none, and gives all of them to the server's user. They get their name when complete, so
    /// half-made ones are made anew.
    /// </summary>
    public async Task Initialise(
        PostgresBinaries binaries,
        ServerAccount account,
        PostgresServerOptions options,
        IProgress<string>? progress,
        CancellationToken cancel)
    {
        if (Major is not null)
        {
            await account.Own([Data, PasswordFile], cancel);
            return;
        }

        if (Directory.Exists(Data) && Directory.EnumerateFileSystemEntries(Data).Any())
            throw new LocalPostgresException(
                $"'{Data}' holds files but no PostgreSQL database. Move them away, or use another folder; nothing was changed.");
        if (Directory.Exists(Partial))
        {
            progress?.Report("An earlier start stopped while it was making the database files; making them anew");
            Directory.Delete(Partial, recursive: true);
        }

        progress?.Report($"Making the database files in {Folder} (PostgreSQL {binaries.Major})");
        PrivateFolder.Make(Partial);
        PrivateFolder.Write(PasswordFile, RandomNumberGenerator.GetHexString(32));
        await account.Own([Partial, PasswordFile], cancel);
        var (exit, output) = (-1, "");
        foreach (var locale in new[] { "C.UTF-8", "C" }) // the first supports all letters; not every system has it
        {
            (exit, output) = await PostgresCommand.Run(account.Run(Partial, PasswordFile, (data, password) =>
            [
                binaries.Program("initdb"), "--pgdata", data, "--username", Superuser, "--pwfile", password,
                "--auth", "scram-sha-256", "--encoding", "UTF8", "--locale", locale, "--data-checksums",
                .. options.Durable ? Array.Empty<string>() : ["--no-sync"],
            ]), cancel);
            if (exit == 0 || !output.Contains("invalid locale", StringComparison.Ordinal)) break;
        }

        if (exit != 0) throw new LocalPostgresException($"PostgreSQL could not make its files in '{Folder}': {output.Trim()}");
        if (Directory.Exists(Data)) Directory.Delete(Data);
        Directory.Move(Partial, Data);
    }
}
