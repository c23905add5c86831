using System.Globalization;
using Npgsql;

namespace Commerce.Bench;

/// <summary>What a system and PostgreSQL have used so far; the difference of two is the cost of a round.</summary>
/// <param name="SystemCpu">CPU seconds of the system's processes.</param>
/// <param name="Postgres">CPU seconds of PostgreSQL, by process.</param>
/// <param name="Commits">Transactions committed.</param>
/// <param name="Rows">Rows inserted, updated and deleted.</param>
/// <param name="WalBytes">Bytes of write-ahead log, of the whole server.</param>
/// <param name="ResidentBytes">Memory of the system's processes now.</param>
internal sealed record ProcessUsage(
    double SystemCpu, IReadOnlyDictionary<int, double> Postgres, long Commits, long Rows, long WalBytes, long ResidentBytes)
{
    private const string Databases = """
        select pg_stat_force_next_flush(), coalesce(sum(xact_commit), 0)::bigint,
               coalesce(sum(tup_inserted + tup_updated + tup_deleted), 0)::bigint, (select wal_bytes from pg_stat_wal)::bigint,
               (select coalesce(array_agg(pid), '{}') from pg_stat_activity
                where datname is not null and not (datname = $1 or starts_with(datname, $1 || '_')))
        from pg_stat_database where $1 = '' or datname = $1 or starts_with(datname, $1 || '_')
        """;

    /// <summary>CPU seconds of PostgreSQL.</summary>
    public double PostgresCpu => Postgres.Values.Sum();

    /// <summary>
    /// Reads it. Systems that wait for their round are not idle: of PostgreSQL, only sessions in the system's own databases count, and what
    /// belongs to no database.
    /// </summary>
    /// <param name="processes">The system's.</param>
    /// <param name="postmaster">PostgreSQL's first process.</param>
    /// <param name="databases">
    /// The database <c>NAME</c> and those called <c>NAME_…</c>; empty: all, with sessions that have ended.
    /// </param>
    /// <param name="postgres">Where to ask.</param>
    /// <param name="cancel">Gives up.</param>
    public static async Task<ProcessUsage> Read(
        IReadOnlyList<int> processes, int postmaster, string databases, NpgsqlDataSource postgres, CancellationToken cancel)
    {
        await using var command = postgres.CreateCommand(Databases);
        command.Parameters.Add(new NpgsqlParameter { Value = databases });
        await using var row = await command.ExecuteReaderAsync(cancel);
        await row.ReadAsync(cancel);
        return new ProcessUsage(
            processes.Sum(p => ProcessStat.Of(p)?.Own ?? throw new BenchException($"Process {p} of the system has ended.")),
            PostgresOf(postmaster, databases.Length == 0 ? null : row.GetFieldValue<int[]>(4)),
            row.GetInt64(1), row.GetInt64(2), row.GetInt64(3), processes.Sum(Resident));
    }

    /// <summary>The usage since an earlier one; memory is the present one.</summary>
    public ProcessUsage Since(ProcessUsage before) => new(
        SystemCpu - before.SystemCpu, Postgres.ToDictionary(p => p.Key, p => p.Value - before.Postgres.GetValueOrDefault(p.Key)),
        Commits - before.Commits, Rows - before.Rows, WalBytes - before.WalBytes, ResidentBytes);

    /// <summary>
    /// CPU seconds of PostgreSQL's living processes without <paramref name="others"/>; null: of all, and of those that have ended.
    /// </summary>
    private static Dictionary<int, double> PostgresOf(int postmaster, IReadOnlyCollection<int>? others)
    {
        var all = ProcessStat.All();
        if (!all.TryGetValue(postmaster, out var first)) throw new BenchException("PostgreSQL has ended.");
        return others is null
            ? new() { [postmaster] = first.Own + first.Ended + all.Values.Where(s => s.Parent == postmaster).Sum(s => s.Own) }
            : all.Where(p => p.Key == postmaster || (p.Value.Parent == postmaster && !others.Contains(p.Key)))
                .ToDictionary(p => p.Key, p => p.Value.Own);
    }

    private static long Resident(int process) =>
        long.Parse(File.ReadAllText($"/proc/{process}/statm").Split(' ')[1], CultureInfo.InvariantCulture) * Environment.SystemPageSize;
}
