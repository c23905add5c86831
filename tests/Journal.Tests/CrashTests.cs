using System.Collections.Concurrent;
using Commerce.Engine;
using Commerce.Kernel;
using Commerce.Testing;
using Npgsql;
using Xunit;
using static Commerce.Journal.Tests.Appends;

namespace Commerce.Journal.Tests;

/// <summary>The server is killed and started in the middle of the work (J1, J4).</summary>
public sealed class CrashTests : IAsyncLifetime
{
    private static readonly JournalOptions Options = new() { ConnectTimeout = TimeSpan.FromSeconds(2) };

    private PrivatePostgres? _server;

    private PrivatePostgres Server => _server!;

    public async ValueTask InitializeAsync() => _server = await TestPostgres.StartPrivate();

    public async ValueTask DisposeAsync() => await Server.DisposeAsync();

    [Fact]
    public async Task A_killed_server_loses_no_acknowledged_append_and_repeats_settle_the_unknown_ones()
    {
        await using var databases = await Open();
        var journal = databases.Journal("Journal");
        var acknowledged = new ConcurrentDictionary<EntityId, long>();
        var failures = new ConcurrentBag<UnavailableException>();
        using var stop = new CancellationTokenSource();
        var writers = Enumerable.Range(0, 24).Select(_ => Write(journal, acknowledged, failures, stop.Token)).ToList();
        for (var kill = 1; kill <= 2; kill++)
        {
            var goal = acknowledged.Values.Sum() + 200;
            while (acknowledged.Values.Sum() < goal) await Task.Delay(5);
            await Server.Kill();
            while (failures.IsEmpty) await Task.Delay(5);
            await Server.StartAgain();
        }

        var enough = acknowledged.Values.Sum() + 200; // it goes on by itself
        while (acknowledged.Values.Sum() < enough) await Task.Delay(5);
        await stop.CancelAsync();
        await Task.WhenAll(writers);

        foreach (var (entity, versions) in acknowledged)
            Assert.Equal([.. To(entity, 0, "x", facts: (int)versions).Facts], (await journal.Load(entity, "shape/1")).Facts);
        Assert.Equal(acknowledged.Values.Sum(), (await journal.Heads(CancellationToken.None)).Sum()); // nothing twice
        Assert.Equal(failures.Count, failures.Distinct(ReferenceEqualityComparer.Instance).Count()); // to each sender its own
    }

    [Fact]
    public async Task A_server_that_only_reads_for_a_while_counts_as_away_and_refuses_nothing()
    {
        await using var databases = await Open();
        var (journal, entity) = (databases.Journal("Journal"), NewEntity());
        await journal.Append(To(entity, 0, "before"));
        await Say("alter system set default_transaction_read_only = on");
        await Until(async () =>
        {
            var problem = await Record.ExceptionAsync(() => journal.Append(To(NewEntity(), 0, $"while {Guid.NewGuid()}")));
            if (problem is null) return false; // the server has not read its settings yet
            Assert.IsType<UnavailableException>(problem);
            return true;
        });

        await Say("alter system reset default_transaction_read_only");
        await Until(async () => await Record.ExceptionAsync(() => journal.Append(To(entity, 1, "after"))) is null);
        Assert.Equal(2, (await journal.Load(entity, "shape/1")).Version);
    }

    [Fact]
    public async Task Old_answers_that_cannot_be_removed_are_reported_and_tried_again()
    {
        var reported = new ConcurrentQueue<(string Database, Exception Problem)>();
        await using var databases = await CommerceDatabases.Open(
            Server.ConnectionString, "commerce", [PostgresStore.Capability],
            Options with { PruneInterval = TimeSpan.FromMilliseconds(20), ReportPruning = (d, p) => reported.Enqueue((d, p)) });
        await Server.Stop();
        await Until(() => Task.FromResult(reported.Count > 1));
        Assert.All(reported, r => Assert.Equal("commerce_journal", r.Database));
        await Server.StartAgain();
    }

    [Fact]
    public async Task Without_a_server_nothing_is_done_and_everyone_is_told_so()
    {
        await using var databases = await Open();
        var (journal, entity) = (databases.Journal("Journal"), NewEntity());
        await journal.Append(To(entity, 0, "before"));
        await Server.Stop();

        // The first may have been sent to a server that had gone already; once that is noticed, nothing is sent.
        UnavailableException problem;
        do problem = await Assert.ThrowsAnyAsync<UnavailableException>(() => journal.Append(To(entity, 1, "during")));
        while (problem is OutcomeUnknownException);
        Assert.DoesNotContain("_journal", problem.Message, StringComparison.Ordinal); // callers see it
        Assert.Contains("_journal", PostgresFailures.Cause(problem), StringComparison.Ordinal);
        Assert.True(problem.RetryAfter > TimeSpan.Zero);
        await Assert.ThrowsAsync<UnavailableException>(() => journal.Load(entity, "shape/1"));
        await Assert.ThrowsAsync<UnavailableException>(() => journal.Heads(CancellationToken.None));
        Assert.False(await databases.Ping(CancellationToken.None));

        await Server.StartAgain();
        Assert.True(await databases.Ping(CancellationToken.None));
        Assert.Equal(1, (await journal.Load(entity, "shape/1")).Version);
        Assert.Equal(new AppendResult.Committed(2), await journal.Append(To(entity, 1, "during")));
    }

    [Fact]
    public async Task A_tail_goes_on_after_the_server_was_away()
    {
        await using var databases = await Open();
        var (journal, entity) = (databases.Journal("Journal"), NewEntity());
        await Server.Kill();
        await Server.StartAgain();
        var changed = journal.Changed(CancellationToken.None);
        await using (var another = await Open()) await another.Journal("Journal").Append(To(entity, 0, "op"));
        await changed;
        Assert.Single(await journal.ReadAll());
    }

    [Fact]
    public async Task A_server_that_cannot_be_reached_is_named_when_opening()
    {
        await Server.Stop();
        var problem = await Assert.ThrowsAsync<UnavailableException>(Open);
        Assert.Contains("crash_journal", PostgresFailures.Cause(problem), StringComparison.Ordinal);
    }

    private Task<CommerceDatabases> Open() => CommerceDatabases.Open(Server.ConnectionString, "crash", [PostgresStore.Capability], Options);

    /// <summary>One entity's writer: after a failure it repeats the operation under its id until it has an answer.</summary>
    private static async Task Write(
        PostgresJournal journal,
        ConcurrentDictionary<EntityId, long> acknowledged,
        ConcurrentBag<UnavailableException> failures,
        CancellationToken stop)
    {
        var entity = NewEntity();
        for (var version = 0; !stop.IsCancellationRequested;)
        {
            try
            {
                var outcome = await journal.Append(To(entity, version, $"make {version + 1}"));
                Assert.True(outcome is AppendResult.Committed or AppendResult.Duplicate, $"{outcome}");
                acknowledged[entity] = ++version;
            }
            catch (UnavailableException problem)
            {
                failures.Add(problem);
                await Task.Delay(20);
            }
        }
    }

    private static async Task Until(Func<Task<bool>> isSo)
    {
        for (var patience = 600; !await isSo(); patience--)
        {
            Assert.True(patience > 0, "It never came to that.");
            await Task.Delay(50);
        }
    }

    private async Task Say(string statement)
    {
        await using var connection = new NpgsqlConnection(Server.ConnectionString);
        await connection.OpenAsync();
        foreach (var sql in (string[])[statement, "select pg_reload_conf()"])
        {
            await using var command = new NpgsqlCommand(sql, connection);
            await command.ExecuteNonQueryAsync();
        }
    }
}
