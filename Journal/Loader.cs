using Commerce.Engine;
using Commerce.Kernel;
using Npgsql;

namespace Commerce.Journal;

/// <summary>An entity to be read, and from which version on.</summary>
internal readonly record struct LoadRequest(EntityId Entity, string Shape, long Known);

/// <summary>Reads many entities in one statement: the version, a snapshot if there is one, and by the index the facts since (J5).</summary>
internal sealed class Loader(NpgsqlDataSource source, string database)
{
    /// <remarks>
    /// One statement, so one snapshot of the database: version, state and facts belong together. To the newest append that is not the
    /// process's own it goes back row by row: where there is a condition besides the entity, the planner may sort all rows of it.
    /// </remarks>
    internal const string Sql = """
        with wanted as materialized (
            select w.n, w.id, head.version, s.state, s.keys,
                case when head.own then (
                    with recursive back as (
                        select head.based_on, head.own, head.origin
                        union all
                        select b.based_on, b.own, b.origin from back cross join lateral (
                            select based_on, own, coalesce(cause, caller) as origin from journal.appends
                            where entity = w.id and based_on < back.based_on order by based_on desc limit 1) b
                        where back.own)
                    select origin from back where not own) else head.origin end as origin,
                coalesce(s.version, case when w.known > head.version then 0 else w.known end) as since
            from unnest($1::text[], $2::text[], $3::bigint[]) with ordinality w(id, shape, known, n)
            cross join lateral (
                select based_on + facts as version, based_on, own, coalesce(cause, caller) as origin from journal.appends
                where entity = w.id order by based_on desc limit 1) head
            left join journal.snapshots s on s.entity = w.id and s.shape = w.shape
                and s.version > case when w.known > head.version then 0 else w.known end)
        select n, -1::bigint as based_on, since, null::int as facts, null as types, state as data, keys::text as keys, origin from wanted
        union all
        select w.n, a.based_on, w.since, a.facts, a.types, a.data, a.keys, null
        from wanted w
        cross join lateral (
            select based_on, facts, types, data::text, keys::text from journal.appends
            where entity = w.id and w.since < w.version and based_on >= coalesce(
                (select based_on from journal.appends where entity = w.id and based_on <= w.since order by based_on desc limit 1), 0)
            order by based_on offset 0) a
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
            if (reader.IsDBNull(3))
                (one.Since, one.Snapshot, one.Keys, one.Origin) = (reader.GetInt64(2), reader.Text(5), reader.Text(6), reader.Text(7));
            else one.Add(
                reader.GetInt64(1), FactColumns.Read(reader.GetInt32(3), reader.GetString(4), reader.GetString(5), reader.Text(6)));
        }

        return found;
    }

    private sealed class Found
    {
        public List<EncodedFact> Facts { get; } = [];

        public long Since { get; set; }

        public string? Snapshot { get; set; }

        public string? Keys { get; set; }

        public string? Origin { get; set; }

        /// <summary>Adds the facts of an append, of which the first may be in the snapshot, or known.</summary>
        public void Add(long basedOn, IReadOnlyList<EncodedFact> facts) => Facts.AddRange(facts.Skip((int)Math.Max(0, Since - basedOn)));

        public LoadResult ToLoaded(string shape) =>
            new(Since + Facts.Count, Snapshot is null ? null : new Snapshot(shape, Since, Snapshot, Keys), Facts) { Origin = Origin };
    }
}
