using Commerce.Journal;
using Microsoft.Extensions.Configuration;

namespace Commerce.Hosting;

/// <summary>
/// <c>./commerce migrate</c>: makes all databases and their roles, or brings them up to date, with an account that may (decision 21).
/// Wanted, it gives each role a new password and writes what each kind of process has to know.
/// </summary>
public static class Migration
{
    /// <summary>The word on the command line of the gateway's program that runs it.</summary>
    public const string Word = "migrate";

    /// <summary>The option that names the folder for the accounts.</summary>
    private const string Accounts = "accounts";

    private static readonly string[] Kinds = ["silo", "gateway", "single"];

    /// <summary>Reads the settings of all programs, and <c>--accounts DIR</c>.</summary>
    public static async Task Run(string[] args)
    {
        var configuration = new ConfigurationBuilder().AddEnvironmentVariables().AddCommandLine(args).Build();
        KnownSettings.Check(configuration);
        var (server, prefix) = (CommonSettings.Server(configuration), CommonSettings.Prefix.Read(configuration));
        var settings = Kinds.ToDictionary(kind => kind, _ => new List<string>());
        var folder = configuration[Accounts];
        await StartupRetry.Open(new PostgresAccounts(server), CommonSettings.StartupTimeout.Read(configuration), async () =>
        {
            foreach (var kept in settings.Values) kept.Clear();
            foreach (var capability in Capabilities.All)
            {
                var roles = await CommerceDatabases.Migrate(server, prefix, capability);
                if (folder is null) continue;
                var account = await roles.SetPasswords(server, CancellationToken.None);
                var journal = PostgresAccounts.OfJournal(capability.Name);
                foreach (var kind in new[] { "silo", "single" })
                    settings[kind].AddRange(
                    [
                        Line(journal, account[DatabaseRoles.App]),
                        Line(PostgresAccounts.OfReadModels(capability.Name), account[DatabaseRoles.Models]),
                        Line(PostgresAccounts.OfSeals(capability.Name), account[DatabaseRoles.Seals]),
                    ]);
                settings["gateway"].Add(Line(journal, account[DatabaseRoles.View]));
            }

            var cluster = await ClusterDatabase.Migrate(server, prefix, CancellationToken.None);
            var audit = await AuditDatabase.Migrate(server, prefix, CancellationToken.None);
            if (folder is null) return true;
            var own = await cluster.SetPasswords(server, CancellationToken.None);
            settings["silo"].Add(Line(PostgresAccounts.ClusterName, own[DatabaseRoles.App]));
            settings["gateway"].Add(Line(PostgresAccounts.ClusterName, own[DatabaseRoles.View]));
            var recording = await audit.SetPasswords(server, CancellationToken.None);
            foreach (var kind in new[] { "gateway", "single" })
                settings[kind].Add(Line(PostgresAccounts.AuditName, recording[DatabaseRoles.App]));
            settings["silo"].Add(Line(PostgresAccounts.AuditName, recording[DatabaseRoles.Recorder]));
            return true;
        });
        if (folder is not null) Write(folder, settings);
    }

    private static string Line(string account, string value) => $"{Setting.Variable($"{CommonSettings.Postgres.Key}:{account}")}={value}";

    /// <summary>A file for each kind of process, as systemd and containers read environments, for its owner only.</summary>
    private static void Write(string folder, IReadOnlyDictionary<string, List<string>> settings)
    {
        try
        {
            const UnixFileMode owner = UnixFileMode.UserRead | UnixFileMode.UserWrite;
            if (OperatingSystem.IsWindows()) Directory.CreateDirectory(folder);
            else Directory.CreateDirectory(folder, owner | UnixFileMode.UserExecute);
            foreach (var (kind, lines) in settings)
            {
                var file = Path.Combine(folder, $"{kind}.env");
                File.Delete(file);
                var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
                if (!OperatingSystem.IsWindows()) options.UnixCreateMode = owner;
                using var writer = new StreamWriter(file, options);
                foreach (var line in lines) writer.WriteLine(line);
            }
        }
        catch (UnauthorizedAccessException refused)
        {
            throw new IOException($"The accounts cannot be written to '{folder}': {refused.Message}", refused);
        }
    }
}
