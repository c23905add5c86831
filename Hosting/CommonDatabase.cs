using Commerce.Engine;
using Commerce.Journal;
using Npgsql;

namespace Commerce.Hosting;

/// <summary>
/// A database that belongs to no capability: <c>PREFIX_AREA</c>, with all of it in the schema of that name, made and opened like those of
/// capabilities (decision 21).
/// </summary>
/// <param name="Area">The end of its name, and its schema.</param>
/// <param name="Account">What its account is called among the settings.</param>
/// <param name="Scripts">The migrations, in their order.</param>
/// <param name="Roles">Who may do something in it.</param>
/// <param name="Grants">The script that says what.</param>
/// <param name="Describe">How connections are made, of a connection string, the name of the database and the options.</param>
internal sealed record CommonDatabase(
    string Area, string Account, IReadOnlyList<string> Scripts, IReadOnlyList<string> Roles, string Grants,
    Func<string, string, JournalOptions, string> Describe)
{
    /// <summary>What is removed whenever it is brought up to date; nothing unless it is given.</summary>
    public string? Tidy { get; init; }

    /// <summary>Reads a script that is part of this program.</summary>
    public static string Script(string name) => Migrations.Embedded(typeof(CommonDatabase).Assembly, name);

    /// <summary>
    /// Opens it. With one account for everything, it creates and migrates what needs it, perhaps at the same time as other processes; with
    /// an account of its own, all has to be there.
    /// </summary>
    /// <exception cref="UnavailableException">The server cannot be reached.</exception>
    /// <exception cref="JournalSchemaException">It cannot be created, or is of another version of the software.</exception>
    public Task<(string ConnectionString, NpgsqlDataSource Source)> Open(
        PostgresAccounts accounts, string prefix, JournalOptions options, CancellationToken cancel)
    {
        var database = $"{prefix}_{Area}";
        return PostgresConnections.Guarded(database, async () =>
        {
            var account = accounts.AreSeparate ? accounts.Journal(Account) : accounts.Server;
            if (!accounts.AreSeparate) await PostgresConnections.EnsureDatabase(account, database, options, cancel);
            var described = Describe(account, database, options);
            var source = NpgsqlDataSource.Create(described);
            try
            {
                await using var connection = await source.OpenConnectionAsync(cancel);
                await using var transaction = await connection.BeginTransactionAsync(cancel);
                if (accounts.AreSeparate) await Migrations.Check(transaction, database, Area, Scripts.Count, cancel);
                else await Bring(transaction, database, cancel);
                await transaction.CommitAsync(cancel);
                return (described, source);
            }
            catch
            {
                await source.DisposeAsync();
                throw;
            }
        });
    }

    /// <summary>Makes the database and its roles, or brings them up to date. The account may make both; it needs no other right.</summary>
    /// <returns>The roles.</returns>
    public Task<DatabaseRoles> Migrate(string server, string prefix, CancellationToken cancel)
    {
        var roles = new DatabaseRoles(prefix, Area, Roles, [], Grants);
        return PostgresConnections.Guarded(roles.Database, async () =>
        {
            await roles.Prepare(server, cancel);
            await using var source = NpgsqlDataSource.Create(Describe(server, roles.Database, new JournalOptions()));
            await using var connection = await source.OpenConnectionAsync(cancel);
            await using var transaction = await connection.BeginTransactionAsync(cancel);
            await roles.BecomeOwner(transaction, cancel);
            await Bring(transaction, roles.Database, cancel);
            await roles.Grant(transaction, cancel);
            await transaction.CommitAsync(cancel);
            return roles;
        });
    }

    private async Task Bring(NpgsqlTransaction transaction, string database, CancellationToken cancel)
    {
        await Migrations.Apply(transaction, database, Area, Scripts, cancel);
        if (Tidy is null) return;
        await using var tidy = new NpgsqlCommand(Tidy, transaction.Connection, transaction);
        await tidy.ExecuteNonQueryAsync(cancel);
    }
}
