namespace Commerce.LocalPostgres;

/// <summary>
/// The user that PostgreSQL's programs run as. They refuse root, so for root they run as a user of their own, with the privilege to walk
/// through folders that only root may enter when the data lies below one.
/// </summary>
internal sealed class ServerAccount
{
    private readonly string[] _prefix;

    private ServerAccount(params string[] prefix) => _prefix = prefix;

    /// <summary>The command as that user.</summary>
    public IReadOnlyList<string> As(params IReadOnlyList<string> command) => [.. _prefix, .. command];

    /// <summary>Settles the user, and gives it the folder.</summary>
    public static async Task<ServerAccount> For(string folder, string user, CancellationToken cancel)
    {
        if (!Environment.IsPrivilegedProcess) return new ServerAccount();
        var (known, _) = await PostgresCommand.Run(["id", "-u", user], cancel);
        if (known != 0)
            throw new LocalPostgresException(
                $"PostgreSQL does not run as root, and there is no user '{user}' to run it as. Create one: useradd --system {user}");

        var (owned, complaint) = await PostgresCommand.Run(["chown", "-R", user, folder], cancel);
        if (owned != 0) throw new LocalPostgresException($"The folder '{folder}' cannot be given to the user '{user}': {complaint}");

        string[] become = ["setpriv", $"--reuid={user}", $"--regid={user}", "--init-groups"];
        foreach (var account in new[]
        {
            new ServerAccount(become),
            new ServerAccount([.. become, "--inh-caps=+dac_override", "--ambient-caps=+dac_override"]),
        })
            if ((await PostgresCommand.Run(account.As("ls", folder), cancel)).Exit == 0) return account;

        throw new LocalPostgresException(
            $"The user '{user}', as whom PostgreSQL runs when started by root, cannot enter '{folder}'. "
            + "Use a folder whose parents it can enter.");
    }
}
