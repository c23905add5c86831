using System.Text.Json.Nodes;
using Commerce.Engine;
using Commerce.Kernel;
using Commerce.Testing;
using Npgsql;
using Xunit;
using static Commerce.Journal.Tests.Appends;

namespace Commerce.Journal.Tests;

/// <summary>What an append or a load may cost others, and how much is kept.</summary>
public sealed class BoundsTests(PostgresStore postgres) : IClassFixture<PostgresStore>
{
    private const string Read = "select seq_tup_read + idx_tup_fetch from pg_stat_xact_user_tables where relname = $1";

    private PostgresJournal Journal => postgres.Journal;

    [Fact]
    public async Task Loading_reads_the_snapshot_and_the_facts_since_however_long_the_history()
    {
        const int Long = 10_000;
        var entity = NewEntity();
        await Task.WhenAll(Enumerable.Range(0, Long).Select(n => Journal.Append(To(entity, n, $"op {n}"))));
        await Journal.Append(To(entity, Long, "snapshot", facts: 0) with { Snapshot = new("shape/1", Long, "{}") });
        for (var n = 0; n < 3; n++) await Journal.Append(To(entity, Long + n, $"few {n}"));

        var loaded = await Journal.Load(entity, "shape/1");
        Assert.Equal((Long + 3, 3), (loaded.Version, loaded.Facts.Count));
        const int Head = 1, Snapshot = 1, Since = 1;
        Assert.Equal(Head + Snapshot + Since + 3, await RowsRead(entity, "shape/1"));
        Assert.Equal(Head + Since + 2, await RowsRead(entity, "other/1", Long + 1)); // what is known is not read again
        Assert.Equal(Head + Since + Long + 3, await RowsRead(entity, "other/1")); // so it does count

        const int Own = 1, Origin = 1;
        await Journal.Append(To(entity, Long + 3, "step") with { Own = true });
        Assert.Equal(Head + Snapshot + Since + 3 + Own + Origin, await RowsRead(entity, "shape/1"));
    }

    [Theory]
    [InlineData("appends", "select journal.head(0::smallint)", 1)]
    [InlineData("alarms", "select journal.set_alarms(array['thing/other'], array['2099-01-01'::timestamptz])", 0)]
    public async Task A_plan_made_for_a_nearly_empty_table_reads_no_more_later(string table, string statement, int rows)
    {
        var (prefix, options) = (TestPostgres.NewPrefix(), new JournalOptions { Partitions = 1 });
        await using var fresh = await CommerceDatabases.Open(postgres.ConnectionString, prefix, [PostgresStore.Capability], options);
        await using var source = PostgresConnections.ConnectJournal(postgres.ConnectionString, $"{prefix}_journal", options);
        await using var session = await source.OpenConnectionAsync();
        await Ask(statement);
        await Ask("analyze journal.appends, journal.alarms");
        await Ask(statement);
        await Ask("delete from journal.alarms");

        var journal = fresh.Journal("Journal");
        await Task.WhenAll(Enumerable.Range(0, 1000).Select(n => journal.Append(To(NewEntity(), 0, $"op {n}") with { WakeAt = Noon })));
        await using var transaction = await session.BeginTransactionAsync();
        var before = await Ask(Read);
        await Ask(statement);
        Assert.Equal(before + rows, await Ask(Read));

        async Task<long> Ask(string sql)
        {
            await using var command = new NpgsqlCommand(sql, session);
            if (sql == Read) command.Parameters.Add(new() { Value = table });
            return await command.ExecuteScalarAsync() as long? ?? 0;
        }
    }

    [Theory]
    [InlineData('"')] // not JSON any more
    [InlineData('\0')]
    public async Task An_append_that_cannot_be_kept_fails_alone(char letter)
    {
        var json = $$"""{"text":"{{letter}}"}""";
        var entities = Enumerable.Range(0, 40).Select(_ => NewEntity()).ToList();
        var appends = entities.Select((e, n) => n == 17 ? To(e, 0, "op") with { Facts = [new("happened/1", json)] } : To(e, 0, "op"));
        var sent = appends.Select(Journal.Append).ToList();
        var problem = await Assert.ThrowsAsync<InvalidOperationException>(() => sent[17]);
        Assert.Contains(entities[17].ToString(), problem.Message, StringComparison.Ordinal);
        sent.RemoveAt(17);
        Assert.All(await Task.WhenAll(sent), o => Assert.Equal(new AppendResult.Committed(1), o));
        Assert.Equal(0, (await Journal.Load(entities[17], "shape/1")).Version);
        Assert.Equal(new AppendResult.Committed(1), await Journal.Append(To(entities[17], 0, "op")));
    }

    [Fact]
    public async Task Half_a_letter_is_refused_before_it_spoils_a_connection()
    {
        var entity = NewEntity();
        var half = new string((char)0xD800, 1);
        var append = To(entity, 0, "op");
        AppendRequest[] spoilt =
        [
            append with { Facts = [new("happened/1", $"\"{half}\"")] }, append with { Answer = half }, append with { OperationId = half },
            append with { Take = [Email(half)] }, append with { Cause = half }, append with { Entity = new("thing", half) },
        ];
        foreach (var one in spoilt) await Assert.ThrowsAsync<ArgumentException>(() => Journal.Append(one));
        await Assert.ThrowsAsync<ArgumentException>(() => Journal.Load(new("thing", half), "shape/1"));
        Assert.Equal(new AppendResult.Committed(1), await Journal.Append(append));
    }

    [Fact]
    public async Task A_server_timeout_leaves_the_outcome_unknown_and_the_next_append_is_served()
    {
        await using var hasty = await postgres.OpenAnother(new JournalOptions { CommandTimeout = TimeSpan.FromSeconds(1) });
        var (journal, entity) = (hasty.Journal("Journal"), NewEntity());
        await using (var connection = await postgres.DataSource.OpenConnectionAsync())
        await using (var transaction = await connection.BeginTransactionAsync())
        {
            var all = string.Join(", ", Enumerable.Range(0, Journal.Partitions));
            await using var hold = new NpgsqlCommand($"select journal.lock(array[{all}]::smallint[])", connection, transaction);
            await hold.ExecuteNonQueryAsync();
            var (first, second) = (journal.Append(To(entity, 0, "first")), journal.Append(To(NewEntity(), 0, "other")));
            var problem = await Assert.ThrowsAsync<OutcomeUnknownException>(() => first);
            Assert.NotSame(problem, await Assert.ThrowsAsync<OutcomeUnknownException>(() => second));
        }

        var settled = await journal.Append(To(entity, 0, "first"));
        Assert.True(settled is AppendResult.Committed or AppendResult.Duplicate, $"{settled}");
        Assert.Equal(1, (await journal.Load(entity, "shape/1")).Version);
    }

    [Fact]
    public async Task More_than_one_batch_at_once_is_committed_in_order()
    {
        var entities = Enumerable.Range(0, 500).Select(_ => NewEntity()).ToList();
        var outcomes = await Task.WhenAll(
            Enumerable.Range(0, 6).SelectMany(v => entities.Select(e => Journal.Append(To(e, v, $"op {v}")))));
        Assert.All(outcomes, o => Assert.IsType<AppendResult.Committed>(o));
    }

    [Fact]
    public async Task Old_answers_are_removed_where_nothing_was_changed_and_younger_ones_kept()
    {
        var entity = NewEntity();
        await Journal.Append(To(entity, 0, "done") with { At = Noon.AddYears(-3) });
        await Journal.Append(To(entity, 1, "old", facts: 0) with { At = Noon.AddYears(-3) });
        await Journal.Append(To(entity, 1, "young", facts: 0) with { At = Noon.AddYears(-1) });
        Assert.Equal(1, await Journal.PruneAnswers(Noon.AddYears(-2), CancellationToken.None));
        Assert.IsType<AppendResult.Conflict>(await Journal.Append(To(entity, 0, "old")));
        foreach (var kept in new[] { "young", "done" })
            Assert.IsType<AppendResult.Duplicate>(await Journal.Append(To(entity, 0, kept)));
    }

    [Fact]
    public async Task Old_answers_are_removed_in_the_background()
    {
        var entity = NewEntity();
        await Journal.Append(To(entity, 0, "old", facts: 0) with { At = DateTimeOffset.UtcNow.AddDays(-31) });
        await Journal.Append(To(entity, 0, "young", facts: 0) with { At = DateTimeOffset.UtcNow.AddDays(-29) });
        await using var busy = await postgres.OpenAnother(new JournalOptions { PruneInterval = TimeSpan.FromMilliseconds(10) });
        while (await Journal.Append(To(entity, 7, "old")) is AppendResult.Duplicate) await Task.Delay(10);
        Assert.IsType<AppendResult.Duplicate>(await Journal.Append(To(entity, 7, "young")));
    }

    [Fact]
    public async Task Nobody_is_woken_a_part_of_a_microsecond_early()
    {
        var (entity, wakeAt) = (NewEntity("finely"), Noon.AddYears(-5).AddTicks(3));
        await Journal.Append(To(entity, 0, "op") with { WakeAt = wakeAt });
        Assert.Empty(await Journal.Due(wakeAt.AddTicks(-1), 10, CancellationToken.None));
        Assert.Single(await Journal.Due(wakeAt.AddTicks(10), 10, CancellationToken.None));
    }

    /// <summary>The rows of tables that the load statement read, counted by PostgreSQL as it ran.</summary>
    private async Task<double> RowsRead(EntityId entity, string shape, long known = 0)
    {
        await using var command = postgres.DataSource.CreateCommand($"explain (analyze, format json) {Loader.Sql}");
        command.Parameters.Add(new NpgsqlParameter { Value = new[] { entity.ToString() } });
        command.Parameters.Add(new NpgsqlParameter { Value = new[] { shape } });
        command.Parameters.Add(new NpgsqlParameter { Value = new[] { known } });
        return Rows(JsonNode.Parse((string)(await command.ExecuteScalarAsync())!)![0]!["Plan"]!);

        static double Rows(JsonNode node) =>
            (node["Relation Name"] is null ? 0 : node["Actual Rows"]!.GetValue<double>() * node["Actual Loops"]!.GetValue<double>())
            + (node["Plans"]?.AsArray().Sum(child => Rows(child!)) ?? 0);
    }
}
