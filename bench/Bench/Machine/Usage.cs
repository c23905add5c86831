using System.Globalization;
using Npgsql;

namespace Commerce.Bench;

/// <summary>What a subject and PostgreSQL have used so far; the difference of two is what a round has cost.</summary>
/// <param name="SubjectCpu">Seconds of CPU of the subject's processes.</param>
/// <param name="PostgresCpu">Seconds of CPU of PostgreSQL, with all its processes.</param>
/// <param name="Commits">Transactions committed.</param>
/// <param name="Rows">Rows inserted, updated and deleted.</param>
/// <param name="WalBytes">Bytes of write-ahead log.</param>
/// <param name="ResidentBytes">Memory of the subject's processes now.</param>
internal sealed record Usage(double SubjectCpu, double PostgresCpu, long Commits, long Rows, long WalBytes, long ResidentBytes)
{
    private static readonly double TicksPerSecond = 100; // USER_HZ, which Linux shows to programs on every architecture

    private const string Sql = """
        select pg_stat_force_next_flush(), sum(xact_commit)::bigint, sum(tup_inserted + tup_updated + tup_deleted)::bigint,
               (select wal_bytes from pg_stat_wal)::bigint
        from pg_stat_database
        """;

    /// <summary>Looks.</summary>
    public static async Task<Usage> Of(Subject subject, int postmaster, NpgsqlDataSource postgres, CancellationToken cancel)
    {
        await using var command = postgres.CreateCommand(Sql);
        await using var row = await command.ExecuteReaderAsync(cancel);
        await row.ReadAsync(cancel);
        return new Usage(
            subject.Processes.Sum(p => Cpu(p.Id, withChildren: false)), Cpu(postmaster, withChildren: true), row.GetInt64(1),
            row.GetInt64(2), row.GetInt64(3), subject.Processes.Sum(p => Resident(p.Id)));
    }

    /// <summary>What was used since <paramref name="before"/>; the memory is the present one.</summary>
    public Usage Since(Usage before) => new(
        SubjectCpu - before.SubjectCpu, PostgresCpu - before.PostgresCpu, Commits - before.Commits, Rows - before.Rows,
        WalBytes - before.WalBytes, ResidentBytes);

    /// <summary>Seconds of CPU of PostgreSQL so far, with all its processes.</summary>
    public static double OfPostgres(int postmaster) => Cpu(postmaster, withChildren: true);

    // Children that have ended are in the parent's own figures; those that live are asked one by one.
    private static double Cpu(int process, bool withChildren)
    {
        var (own, ended, _) = Stat(process) ?? throw new BenchException($"Process {process} is gone.");
        if (!withChildren) return own;
        var living = Directory.EnumerateDirectories("/proc")
            .Select(folder => int.TryParse(Path.GetFileName(folder), out var id) ? Stat(id) : null)
            .Where(s => s?.Parent == process).Sum(s => s!.Value.Own);
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
