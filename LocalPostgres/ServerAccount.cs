namespace Commerce.LocalPostgres;

/// <summary>
/// The user that PostgreSQL's programs run as. They refuse root, so for root they run as a user of their own, which has no privilege: what
/// that user could not reach by its path, because the data lies below a folder that only root may enter, is opened for it.
/// </summary>
internal sealed class ServerAccount
{
    // A shell opens the folder, and the file, for the program that takes its place, before that becomes the user.
    private const string Opening = "exec 9<\"$1\" 8<\"$2\"; shift 2; exec \"$@\"";

    private readonly string? _user;

    private ServerAccount(string? user) => _user = user;

    /// <summary>What has to go before a program's name: nothing, unless this process is root.</summary>
    public IReadOnlyList<string> Become =>
        _user is null ? [] : ["setpriv", $"--reuid={_user}", $"--regid={_user}", "--init-groups"];

    /// <summary>A command as that user.</summary>
    /// <param name="folder">The folder that it works in.</param>
    /// <param name="file">A file that it reads.</param>
    /// <param name="command">The command, made of the names that it has for both.</param>
    public IReadOnlyList<string> Run(string folder, string file, Func<string, string, IReadOnlyList<string>> command) =>
        _user is null ? command(folder, file)
            : ["sh", "-c", Opening, "sh", folder, file, .. Become, .. command(NameOf(folder), "/proc/self/fd/8")];

    /// <summary>What the server calls a folder that was opened as its file descriptor 9.</summary>
    public string NameOf(string folder) => _user is null ? folder : "/proc/self/fd/9";

    /// <summary>Settles the user.</summary>
    public static async Task<ServerAccount> Find(string user, CancellationToken cancel)
    {
        if (!Environment.IsPrivilegedProcess) return new ServerAccount(null);
        var (known, _) = await PostgresCommand.Run(["id", "-u", user], cancel);
        return known == 0 ? new ServerAccount(user) : throw new LocalPostgresException(
            $"PostgreSQL does not run as root, and there is no user '{user}' to run it as. Create one: useradd --system {user}");
    }

    /// <summary>Gives it files and folders, with all that is in them.</summary>
    public async Task Own(IReadOnlyList<string> paths, CancellationToken cancel)
    {
        if (_user is null) return;
        var (owned, complaint) = await PostgresCommand.Run(["chown", "-R", _user, .. paths], cancel);
        if (owned != 0) throw new LocalPostgresException($"'{paths[0]}' cannot be given to the user '{_user}': {complaint}");
    }
}
