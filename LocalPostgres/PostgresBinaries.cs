namespace Commerce.LocalPostgres;

/// <summary>Where PostgreSQL's programs are on this machine.</summary>
/// <param name="Folder">The folder that holds <c>initdb</c> and <c>postgres</c>.</param>
/// <param name="Major">Their major version.</param>
public sealed record PostgresBinaries(string Folder, int Major)
{
    /// <summary>The oldest major version that has all that the journal uses.</summary>
    public const int OldestMajor = 14;

    private static readonly string[] Parents =
    [
        "/usr/lib/postgresql", "/usr/local/lib/postgresql", "/usr/libexec/postgresql", "/opt/homebrew/opt", "/usr/local/opt",
        "/home/linuxbrew/.linuxbrew/opt", "/Library/PostgreSQL", "/Applications/Postgres.app/Contents/Versions",
    ];

    /// <summary>The path of one program.</summary>
    public string Program(string name) => Path.Combine(Folder, name);

    /// <summary>
    /// The newest installed, or the newest of <paramref name="major"/> when a data folder asks for one. The environment variable
    /// <c>PGBIN</c> goes before everything else.
    /// </summary>
    /// <exception cref="LocalPostgresException">None is installed; the message says how to install it.</exception>
    public static async Task<PostgresBinaries> Find(int? major = null, CancellationToken cancel = default)
    {
        var given = Environment.GetEnvironmentVariable("PGBIN");
        var folders = string.IsNullOrWhiteSpace(given) ? Candidates() : [given];
        var found = new List<PostgresBinaries>();
        foreach (var folder in folders.Where(IsComplete).Distinct())
            if (await MajorOf(folder, cancel) is { } version) found.Add(new(folder, version));

        return found.Where(b => b.Major >= OldestMajor && (major ?? b.Major) == b.Major).MaxBy(b => b.Major)
            ?? throw new LocalPostgresException(Missing(major, given, found));
    }

    private static IEnumerable<string> Candidates()
    {
        foreach (var folder in (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator))
            if (folder.Length > 0) yield return folder;
        foreach (var parent in Parents.Where(Directory.Exists))
            foreach (var version in Directory.EnumerateDirectories(parent))
                yield return Path.Combine(version, "bin");
        foreach (var version in Directory.EnumerateDirectories("/usr", "pgsql-*"))
            yield return Path.Combine(version, "bin");
        yield return "/usr/local/pgsql/bin";
    }

    private static bool IsComplete(string folder) =>
        File.Exists(Path.Combine(folder, "initdb")) && File.Exists(Path.Combine(folder, "postgres"));

    private static async Task<int?> MajorOf(string folder, CancellationToken cancel)
    {
        var (exit, output) = await PostgresCommand.Run(
            [Path.Combine(folder, "postgres"), "--version"], cancel); // postgres (PostgreSQL) 15.18 …
        var digits = new string([.. output.SkipWhile(c => !char.IsAsciiDigit(c)).TakeWhile(char.IsAsciiDigit)]);
        return exit == 0 && int.TryParse(digits, out var major) ? major : null;
    }

    private static string Missing(int? major, string? given, List<PostgresBinaries> found)
    {
        var wanted = major is null ? $"PostgreSQL {OldestMajor} or newer" : $"PostgreSQL {major}, which made this data folder,";
        var place = string.IsNullOrWhiteSpace(given) ? "on the PATH and in the usual folders" : $"in PGBIN ({given})";
        var seen = found.Count == 0 ? "" : $" (found: {string.Join(", ", found.Select(b => $"{b.Major} in {b.Folder}"))})";
        return $"""
            {wanted} was not found {place}{seen}.
              Debian, Ubuntu:  apt-get install postgresql
              Fedora, RHEL:    dnf install postgresql-server postgresql-contrib
              macOS:           brew install postgresql@17
            Or name the folder of its programs in the environment variable PGBIN, or use a server that runs already: --postgres CONNECTION.
            """;
    }
}
