using Commerce.Engine;
using Commerce.Kernel;
using Npgsql;

namespace Commerce.Journal;

/// <summary>An entity to be read, and from which version on.</summary>
internal readonly record struct LoadRequest(EntityId Entity, string Shape, long Known);

/// <summary>Reads many entities in one statement: the head row with its snapshot, and by the index the facts since (J5).</summary>
internal sealed class Loader(NpgsqlDataSource source, string database)
{
    /// <remarks>One statement, so one snapshot of the database: head and facts belong together.</remarks>
    internal const string Sql = """
        with heads as materialized (
            select w.n, w.id, h.version, h.since, h.snapshot
            from unnest($1::text[], $2::text[], $3::bigint[]) with ordinality w(id, shape, known, n)
            left join lateral (
                select e.version,
                       case when e.snapshot_shape = w.shape and e.snapshot_version > own.since then e.snapshot_version
                            else own.since end as since,
                       case when e.snapshot_shape = w.shape and e.snapshot_version > own.since then e.snapshot end as snapshot
                from journal.entities e, lateral (select case when w.known > e.version then 0 else w.known end as since) own
                where e.id = w.id offset 0) h on true)
        select n, 0::bigint as version, since, null as type, snapshot as data from heads where version is not null
        union all
        select h.n, f.version, null, f.type, f.data
        from heads h
        cross join lateral (
            select version, type, data::text from journal.facts where entity = h.id and version > h.since order by version offset 0) f
        order by 1, 2
        """;

    public async Task Serve(IReadOnlyList<Pending<LoadRequest, LoadResult>> batch)
    {
        try
        {
            var found = await source.ReadWithRetry(() => Read(batch));
            for (var i = 0; i < batch.Count; i++) batch[i].Complete(found[i].ToLoaded(batch[i].Request.Shape));
        }
        catch (Exception problem)
        {
            if (problem is not PostgresException) source.Clear(); // after half a conversation the connection is not used again
            foreach (var pending in batch) pending.Fail(PostgresFailures.Unavailable(database, problem));
        }
    }

    private async Task<Found[]> Read(IReadOnlyList<Pending<LoadRequest, LoadResult>> batch)
    {
        var found = new Found[batch.Count];
        for (var i = 0; i < found.Length; i++) found[i] = new Found();
        await using var connection = await source.OpenConnectionAsync();
        await using var command = new NpgsqlCommand(Sql, connection);
        command.Parameters.AddTexts(batch.Select(p => p.Request.Entity.ToString())).AddTexts(batch.Select(p => p.Request.Shape))
            .AddLongs(batch.Select(p => (long?)p.Request.Known));
        await command.PrepareAsync();
        await using var reader = await command.ExecuteReaderAsync();
        while (await reader.ReadAsync())
        {
            var one = found[reader.GetInt64(0) - 1];
            if (reader.Text(3) is { } type) one.Facts.Add(new EncodedFact(type, reader.GetString(4)));
            else (one.Since, one.Snapshot) = (reader.GetInt64(2), reader.Text(4));
        }

        return found;
    }

    private sealed class Found
    {
        public List<EncodedFact> Facts { get; } = [];

        public long Since { get; set; }

        public string? Snapshot { get; set; }

        public LoadResult ToLoaded(string shape) =>
            new(Since + Facts.Count, Snapshot is null ? null : new Snapshot(shape, Since, Snapshot), Facts);
    }
}
