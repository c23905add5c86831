using System.Globalization;
using Npgsql;

namespace Commerce.Bench;

/// <summary>What a system and PostgreSQL have used so far; the difference of two is the cost of a round.</summary>
/// <param name="SystemCpu">CPU seconds of the system's processes.</param>
/// <param name="PostgresCpu">CPU seconds of PostgreSQL, with all its processes.</param>
/// <param name="Commits">Transactions committed.</param>
/// <param name="Rows">Rows inserted, updated and deleted.</param>
/// <param name="WalBytes">Bytes of write-ahead log.</param>
/// <param name="ResidentBytes">Memory of the system's processes now.</param>
internal sealed record ProcessUsage(
    double SystemCpu, double PostgresCpu, long Commits, long Rows, long WalBytes, long ResidentBytes)
{
    private const double TicksPerSecond = 100; // USER_HZ, which Linux shows to programs on every architecture

    private const string Sql = """
        select pg_stat_force_next_flush(), sum(xact_commit)::bigint, sum(tup_inserted + tup_updated + tup_deleted)::bigint,
               (select wal_bytes from pg_stat_wal)::bigint
        from pg_stat_database
        """;

    public static async Task<ProcessUsage> Read(
        IReadOnlyList<int> processes, int postmaster, NpgsqlDataSource postgres, CancellationToken cancel)
    {
        await using var command = postgres.CreateCommand(Sql);
        await using var row = await command.ExecuteReaderAsync(cancel);
        await row.ReadAsync(cancel);
        return new ProcessUsage(
            processes.Sum(p => Stat(p)?.Own ?? throw new BenchException($"Process {p} of the system has ended.")),
            PostgresSeconds(postmaster), row.GetInt64(1), row.GetInt64(2), row.GetInt64(3), processes.Sum(Resident));
    }

    /// <summary>The usage since an earlier one; memory is the present one.</summary>
    public ProcessUsage Since(ProcessUsage before) => new(
        SystemCpu - before.SystemCpu, PostgresCpu - before.PostgresCpu, Commits - before.Commits, Rows - before.Rows,
        WalBytes - before.WalBytes, ResidentBytes);

    /// <summary>CPU seconds of PostgreSQL. Children that have ended count in their parent; living ones are read one by one.</summary>
    public static double PostgresSeconds(int postmaster)
    {
        var (own, ended, _) = Stat(postmaster) ?? throw new BenchException("PostgreSQL has ended.");
        var living = Directory.EnumerateDirectories("/proc")
            .Select(folder => int.TryParse(Path.GetFileName(folder), out var id) ? Stat(id) : null)
            .Where(s => s?.Parent == postmaster).Sum(s => s!.Value.Own);
        return own + ended + living;
    }

    private static (double Own, double Ended, int Parent)? Stat(int process)
    {
        try
        {
            var text = File.ReadAllText($"/proc/{process}/stat");
            var fields = text[(text.LastIndexOf(')') + 2)..].Split(' '); // from the third field on
            double Field(int n) => double.Parse(fields[n - 3], CultureInfo.InvariantCulture);
            return ((Field(14) + Field(15)) / TicksPerSecond, (Field(16) + Field(17)) / TicksPerSecond, (int)Field(4));
        }
        catch (IOException)
        {
            return null; // it has just ended
        }
    }

    private static long Resident(int process) =>
        long.Parse(File.ReadAllText($"/proc/{process}/statm").Split(' ')[1], CultureInfo.InvariantCulture) * Environment.SystemPageSize;
}
