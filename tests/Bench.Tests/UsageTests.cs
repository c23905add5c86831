using System.Diagnostics;
using System.Globalization;
using System.Text.RegularExpressions;
using Commerce.Testing;
using Npgsql;
using Xunit;

namespace Commerce.Bench.Tests;

/// <summary>What a round has cost, when other systems and other programs are there too.</summary>
public sealed class UsageTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Of_PostgreSQL_only_sessions_in_the_systems_databases_count()
    {
        var (server, name) = (await TestPostgres.ConnectionString(), TestPostgres.NewPrefix());
        await using var postgres = NpgsqlDataSource.Create(server);
        await using var own = await Session(postgres, server, $"{name}a_orders");
        await using var other = await Session(postgres, server, $"{name}b");
        var postmaster = ProcessStat.Of(own.ProcessID)!.Value.Parent;
        var before = await ProcessUsage.Read([], postmaster, $"{name}a", postgres, Cancel);
        for (var n = 0; n < 50; n++) await Run(other);
        for (var n = 0; n < 7; n++) await Run(own);
        var used = (await ProcessUsage.Read([], postmaster, $"{name}a", postgres, Cancel)).Since(before);
        Assert.Contains(own.ProcessID, used.Postgres.Keys);
        Assert.Contains(postmaster, used.Postgres.Keys);
        Assert.DoesNotContain(other.ProcessID, used.Postgres.Keys);
        Assert.InRange(used.Commits, 7, 49);
        var all = await ProcessUsage.Read([], postmaster, "", postgres, Cancel);
        Assert.True(all.PostgresCpu >= used.PostgresCpu);
        Assert.True(all.Commits >= 57);
    }

    [Fact]
    public async Task A_program_that_was_started_counts_when_it_has_ended()
    {
        var before = ProcessStat.OfTree(Environment.ProcessId);
        using var child = Shell("n=0; while [ $n -lt 300000 ]; do n=$((n+1)); done; times");
        var times = Regex.Match(await child.StandardOutput.ReadToEndAsync(Cancel), "^0m([0-9.]+)s");
        await child.WaitForExitAsync(Cancel);
        var used = double.Parse(times.Groups[1].Value, CultureInfo.InvariantCulture);
        Assert.True(used > 0 && ProcessStat.OfTree(Environment.ProcessId) - before >= used - 0.01); // ticks are hundredths
    }

    [Fact]
    public async Task Work_of_others_is_seen_and_not_waited_for_longer_than_wanted()
    {
        using var parent = Shell("(while :; do :; done) >/dev/null 2>&1 & echo $!"); // it ends at once, and its child is not ours then
        using var stranger = Process.GetProcessById(int.Parse((await parent.StandardOutput.ReadLineAsync(Cancel))!));
        try
        {
            var told = new List<string>();
            await MachineCpu.UntilQuiet(TimeSpan.FromSeconds(1), told.Add, Cancel);
            Assert.Matches("^other work keeps [0-9.]+ cores busy: going on beside it$", Assert.Single(told));
        }
        finally
        {
            stranger.Kill();
        }
    }

    private static Process Shell(string script) =>
        Process.Start(new ProcessStartInfo("sh", ["-c", script]) { RedirectStandardOutput = true })!;

    private static async Task<NpgsqlConnection> Session(NpgsqlDataSource postgres, string server, string database)
    {
        await using var create = postgres.CreateCommand($"create database {database}");
        await create.ExecuteNonQueryAsync(Cancel);
        var session = new NpgsqlConnection(
            new NpgsqlConnectionStringBuilder(server) { Database = database, Pooling = false }.ConnectionString);
        await session.OpenAsync(Cancel);
        return session;
    }

    private static async Task Run(NpgsqlConnection session)
    {
        await using var command = new NpgsqlCommand("select count(*), pg_stat_force_next_flush() from pg_class", session);
        await command.ExecuteNonQueryAsync(Cancel);
    }
}
