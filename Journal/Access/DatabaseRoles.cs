using System.Security.Cryptography;
using Commerce.Kernel;
using Npgsql;

namespace Commerce.Journal;

/// <summary>
/// The roles of one database (decision 21). All databases of a prefix belong to one role without a login; the others have a login and as
/// little as their processes need. An account that may make roles and databases makes them; a process that serves never does.
/// </summary>
/// <param name="prefix">What the database's name begins with.</param>
/// <param name="area">The rest of its name.</param>
/// <param name="kinds">What each role is for: the ends of their names.</param>
/// <param name="makers">Those of them that make schemas in the database.</param>
/// <param name="grants">A script that gives them their rights; <c>{app}</c> stands for the name of the role <c>app</c>.</param>
public sealed class DatabaseRoles(
    string prefix, string area, IReadOnlyList<string> kinds, IReadOnlyList<string> makers, string grants)
{
    /// <summary>The role of silos.</summary>
    public const string App = "app";

    /// <summary>The role that makes read models.</summary>
    public const string Models = "models";

    /// <summary>The role of gateways, which only reads.</summary>
    public const string View = "view";

    /// <summary>The role that seals the journal: it reads facts, and adds seals.</summary>
    public const string Seals = "seals";

    /// <summary>The role that adds to the audit, and reads nothing of it.</summary>
    public const string Recorder = "recorder";

    /// <summary>
    /// The limits of a session. A client waits for ten seconds at the most: these end what goes on although its client has gone.
    /// </summary>
    private static readonly IReadOnlyDictionary<string, string> Limits = new Dictionary<string, string>
    {
        ["statement_timeout"] = "60s", ["lock_timeout"] = "30s", ["idle_in_transaction_session_timeout"] = "60s",
    };

    /// <summary>What <c>public</c> may do, all may. In some databases the schema of that name is the server's own.</summary>
    private const string CloseToPublic = """
        do $$
        begin
            if pg_has_role(current_user, (select nspowner from pg_namespace where nspname = 'public'), 'usage') then
                revoke all on schema public from public;
            end if;
        end $$;

        """;

    /// <summary>More than any number of processes uses that one server can serve.</summary>
    private const int Connections = 500;

    /// <summary>An arbitrary number: the key of the lock that lets one process at a time change roles.</summary>
    private const long Lock = 7_235_914_480_024;

    public string Database => $"{prefix}_{area}";

    internal string Owner => $"{prefix}_owner";

    /// <summary>The name of a role.</summary>
    public string Of(string kind) => $"{Database}_{kind}";

    /// <summary>Those of a capability's database.</summary>
    public static DatabaseRoles OfCapability(string prefix, Capability capability) => new(
        prefix, capability.Name.ToLowerInvariant(), [App, Models, View, Seals], [Models],
        Migrations.Embedded(typeof(DatabaseRoles).Assembly, "grants"));

    /// <summary>Makes the roles and the database, as far as they are missing, and says who may connect to it.</summary>
    /// <exception cref="JournalSchemaException">The account may not, or the database belongs to another account.</exception>
    public async Task Prepare(string server, CancellationToken cancel)
    {
        await using var source = NpgsqlDataSource.Create(new NpgsqlConnectionStringBuilder(server) { Pooling = false });
        await using var connection = await source.OpenConnectionAsync(cancel);
        await using (var transaction = await connection.BeginTransactionAsync(cancel))
        {
            await Run(connection, $"select pg_advisory_xact_lock({Lock})", cancel);
            if (await Make(connection, Owner, "nologin", cancel)) await Run(connection, $"grant {Owner} to current_user", cancel);
            foreach (var role in kinds.Select(Of))
            {
                await Make(connection, role, "login", cancel);
                await Run(connection, $"alter role {role} connection limit {Connections}", cancel);
                foreach (var (limit, value) in Limits) await Run(connection, $"alter role {role} set {limit} = '{value}'", cancel);
            }

            // The owner sets what the schemas of these show to others.
            foreach (var role in makers.Select(Of)) await Run(connection, $"grant {role} to {Owner}", cancel);
            await transaction.CommitAsync(cancel);
        }

        if (await Ask(connection, "select 1 from pg_database where datname = $1", Database, cancel) is null)
            await Run(connection, $"create database {Database} owner {Owner} encoding 'UTF8' template template0", cancel);
        var owner = await Ask(connection, "select datdba::regrole::text from pg_database where datname = $1", Database, cancel) as string;
        if (owner != Owner)
            throw new JournalSchemaException(
                $"The database '{Database}' belongs to '{owner}', which has made it without roles. Nothing was changed. Give it and all "
                + $"that is in it to {Owner}, or use another prefix.");

        await Run(connection, $"revoke all on database {Database} from public, {string.Join(", ", kinds.Select(Of))}", cancel);
        await Run(connection, $"grant connect on database {Database} to {string.Join(", ", kinds.Select(Of))}", cancel);
        foreach (var role in makers.Select(Of)) await Run(connection, $"grant create on database {Database} to {role}", cancel);
    }

    /// <summary>In the database itself: what follows is done as its owner.</summary>
    public Task BecomeOwner(NpgsqlTransaction transaction, CancellationToken cancel) =>
        Run(transaction.Connection!, $"set local role {Owner}", cancel);

    /// <summary>In the database itself, as its owner: gives each role its rights, and takes away all others.</summary>
    public Task Grant(NpgsqlTransaction transaction, CancellationToken cancel) =>
        Run(
            transaction.Connection!, CloseToPublic + kinds.Aggregate(grants, (script, kind) => script.Replace($"{{{kind}}}", Of(kind))),
            cancel);

    /// <summary>
    /// Gives each role a new password, which only the caller knows; returns, by what the role is for, what its connections have to say.
    /// </summary>
    public async Task<IReadOnlyDictionary<string, string>> SetPasswords(string server, CancellationToken cancel)
    {
        await using var source = NpgsqlDataSource.Create(new NpgsqlConnectionStringBuilder(server) { Pooling = false });
        await using var connection = await source.OpenConnectionAsync(cancel);
        var accounts = new Dictionary<string, string>();
        foreach (var kind in kinds)
        {
            var password = RandomNumberGenerator.GetHexString(40, lowercase: true);
            await Run(connection, $"alter role {Of(kind)} password '{ScramVerifier.Of(password)}'", cancel);
            accounts.Add(kind, new NpgsqlConnectionStringBuilder { Username = Of(kind), Password = password }.ConnectionString);
        }

        return accounts;
    }

    private static async Task<bool> Make(NpgsqlConnection connection, string role, string kind, CancellationToken cancel)
    {
        if (await Ask(connection, "select 1 from pg_roles where rolname = $1", role, cancel) is not null) return false;
        await Run(connection, $"create role {role} {kind}", cancel);
        return true;
    }

    private static async Task<object?> Ask(NpgsqlConnection connection, string sql, string value, CancellationToken cancel)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        command.Parameters.Add(new() { Value = value });
        return await command.ExecuteScalarAsync(cancel);
    }

    private static async Task Run(NpgsqlConnection connection, string sql, CancellationToken cancel)
    {
        await using var command = new NpgsqlCommand(sql, connection) { CommandTimeout = 60 };
        await command.ExecuteNonQueryAsync(cancel);
    }
}
