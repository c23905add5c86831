using System.Security.Cryptography;

namespace Commerce.LocalPostgres;

/// <summary>
/// The files of one private server: <c>cluster/</c> is PostgreSQL's own data directory, next to it its password, its log and a lock.
/// </summary>
internal sealed class DataDirectory(string folder)
{
    public const string Superuser = "commerce";

    public string Data { get; } = Path.Combine(folder, "cluster");

    public string Log { get; } = Path.Combine(folder, "server.log");

    public string Folder { get; } = folder;

    public string Password => File.ReadAllText(PasswordFile).Trim();

    private string PasswordFile { get; } = Path.Combine(folder, "password");

    private string Partial { get; } = Path.Combine(folder, "cluster.partial");

    /// <summary>The major version that made the data, or null when there is none yet.</summary>
    public int? Major
    {
        get
        {
            var file = Path.Combine(Data, "PG_VERSION");
            return File.Exists(file) && int.TryParse(File.ReadAllText(file), out var major) ? major : null;
        }
    }

    /// <summary>
    /// Makes the database files if there are none. They get their name when complete, so half-made ones are made anew.
    /// </summary>
    public async Task Initialise(
        PostgresBinaries binaries,
        ServerAccount account,
        PostgresServerOptions options,
        IProgress<string>? progress,
        CancellationToken cancel)
    {
        if (Major is not null) return;
        if (Directory.Exists(Data) && Directory.EnumerateFileSystemEntries(Data).Any())
            throw new LocalPostgresException(
                $"'{Data}' holds files but no PostgreSQL database. Move them away, or use another folder; nothing was changed.");
        if (Directory.Exists(Partial))
        {
            progress?.Report("An earlier start stopped while it was making the database files; making them anew");
            Directory.Delete(Partial, recursive: true);
        }

        progress?.Report($"Making the database files in {Folder} (PostgreSQL {binaries.Major})");
        await WritePassword(account, cancel);
        var (exit, output) = (-1, "");
        foreach (var locale in new[] { "C.UTF-8", "C" }) // the first supports all letters; not every system has it
        {
            (exit, output) = await PostgresCommand.Run(account.As(
            [
                binaries.Program("initdb"), "--pgdata", Partial, "--username", Superuser, "--pwfile", PasswordFile,
                "--auth", "scram-sha-256", "--encoding", "UTF8", "--locale", locale, "--data-checksums",
                .. options.Durable ? Array.Empty<string>() : ["--no-sync"],
            ]), cancel);
            if (exit == 0 || !output.Contains("invalid locale", StringComparison.Ordinal)) break;
        }

        if (exit != 0) throw new LocalPostgresException($"PostgreSQL could not make its files in '{Folder}': {output.Trim()}");
        if (Directory.Exists(Data)) Directory.Delete(Data);
        Directory.Move(Partial, Data);
    }

    private async Task WritePassword(ServerAccount account, CancellationToken cancel)
    {
        File.Delete(PasswordFile);
        var (exit, output) = await PostgresCommand.Run(account.As(
            "sh", "-c", "umask 077 && printf '%s\\n' \"$2\" > \"$1\"", "sh", PasswordFile, RandomNumberGenerator.GetHexString(32)), cancel);
        if (exit != 0) throw new LocalPostgresException($"'{PasswordFile}' cannot be written: {output.Trim()}");
    }
}
