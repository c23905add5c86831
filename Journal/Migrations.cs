using System.Reflection;
using Npgsql;

namespace Commerce.Journal;

/// <summary>Brings the tables and functions of a database up to date when it is opened.</summary>
public static class Migrations
{
    /// <summary>An arbitrary number: the key of the lock that lets one process at a time migrate.</summary>
    private const long Lock = 7_235_914_480_023;

    /// <summary>
    /// The scripts of an assembly, in the order of their numbers: <c>0001_journal.sql</c> brings a database to version 1. One that was
    /// released is never edited: a change is a further one.
    /// </summary>
    public static IReadOnlyList<string> Embedded(Assembly assembly) =>
    [
        .. assembly.GetManifestResourceNames().Where(n => n.EndsWith(".sql", StringComparison.Ordinal)).Order(StringComparer.Ordinal)
            .Select(name => Embedded(assembly, name)),
    ];

    /// <summary>One script of an assembly.</summary>
    public static string Embedded(Assembly assembly, string name)
    {
        using var reader = new StreamReader(assembly.GetManifestResourceStream(name)!);
        return reader.ReadToEnd();
    }

    /// <summary>Applies the migrations that the database lacks, in the transaction, which holds off other processes to its end.</summary>
    /// <param name="transaction">What it is part of.</param>
    /// <param name="database">The database's name, for the error message.</param>
    /// <param name="schema">Where the database notes its version.</param>
    /// <param name="migrations">In order; the first one makes version 1.</param>
    /// <exception cref="JournalSchemaException">The database was made by newer software.</exception>
    public static async Task Apply(
        NpgsqlTransaction transaction, string database, string schema, IReadOnlyList<string> migrations, CancellationToken cancel)
    {
        await Run($"select pg_advisory_xact_lock({Lock})");
        await Run($"create schema if not exists {schema}");
        await Run(
            $"create table if not exists {schema}.schema_version (version int not null, applied_at timestamptz not null default now())");
        var version = Convert.ToInt32(await Run($"select coalesce(max(version), 0) from {schema}.schema_version"));
        if (version > migrations.Count) throw Newer(database, schema, version, migrations.Count);

        for (var next = version; next < migrations.Count; next++)
        {
            await Run(migrations[next]);
            await Run($"insert into {schema}.schema_version (version) values ({next + 1})");
        }

        async Task<object?> Run(string sql)
        {
            await using var command = new NpgsqlCommand(sql, transaction.Connection, transaction);
            return await command.ExecuteScalarAsync(cancel);
        }
    }

    /// <summary>Makes sure that the database is at a version, and changes nothing.</summary>
    /// <exception cref="JournalSchemaException">It is at another one.</exception>
    public static async Task Check(
        NpgsqlTransaction transaction, string database, string schema, int newest, CancellationToken cancel)
    {
        await using var ask = new NpgsqlCommand(
            $"select coalesce(max(version), 0) from {schema}.schema_version", transaction.Connection, transaction);
        int version;
        try
        {
            version = Convert.ToInt32(await ask.ExecuteScalarAsync(cancel));
        }
        catch (PostgresException none) when (none.SqlState is PostgresErrorCodes.InvalidSchemaName or PostgresErrorCodes.UndefinedTable)
        {
            version = 0;
        }

        if (version > newest) throw Newer(database, schema, version, newest);
        if (version < newest)
            throw new JournalSchemaException(
                $"The database '{database}' has {schema} version {version}, and this software needs {newest}. "
                + "Bring it up to date with ./commerce migrate; this account may not.");
    }

    private static JournalSchemaException Newer(string database, string schema, int version, int newest) => new(
        $"The database '{database}' has {schema} version {version}, but this software knows only up to {newest}. "
        + "Start the software version that last used it, or a newer one; nothing was changed.");
}
