namespace Commerce.Journal;

/// <summary>
/// Migration 4: the function that commits a batch in which everything is as it should be, and keys that are compared by their bytes.
/// </summary>
/// <remarks>
/// <c>commit</c> writes first and counts afterwards: an entity that is at another version, or an operation that was committed before,
/// leaves a row fewer than there should be, and then the call fails as a whole, with <see cref="NotAsExpected"/>. Whoever calls it tells
/// by <c>append_in_turn</c> which those were. That is rare, and asking first would cost each batch two searches an append. It locks as
/// <c>append</c> and <c>append_in_turn</c> do, which other processes may call at the same time.
/// </remarks>
internal static class SchemaCommit
{
    public static string Sql => $"{Bytewise}\n{AsAWhole}";

    // Keys are compared, never shown in an order of letters: a language's rules make each comparison several times as dear.
    private const string Bytewise = """
        alter table journal.entities alter column id type text collate "C";
        alter table journal.facts alter column entity type text collate "C";
        alter table journal.operations alter column entity type text collate "C", alter column id type text collate "C";
        alter table journal.claims alter column scope type text collate "C", alter column value type text collate "C";
        alter table journal.checkpoints alter column subscription type text collate "C";
        """;

    /// <summary>The state of the error that is raised when not everything is as expected.</summary>
    public const string NotAsExpected = "CO409";

    private const string AsAWhole = $"""
        create function journal.commit(
            p_id smallint[], p_facts int[],   -- ascending; an entity's partition is among them even if it has no new facts
            h_entity text[], h_expected bigint[], h_version bigint[], h_wake_at timestamptz[],
            h_snapshot_shape text[], h_snapshot_version bigint[], h_snapshot text[],
            a_entity text[], a_expected bigint[], a_operation text[], a_at timestamptz[],   -- what was decided on top of what
            o_entity text[], o_id text[], o_fingerprint text[], o_answer text[], o_at timestamptz[],
            f_slot int[], f_offset int[],   -- the place in p_id, and the place among that partition's new facts; both from 1
            f_entity text[], f_version bigint[], f_type text[], f_data text[],
            f_at timestamptz[], f_operation text[], f_caller text[], f_trace text[])
        returns bigint[]   -- for each of p_id, the position before its first new fact
        language plpgsql as $$
        declare
            before   bigint[];
            known    bigint;
            fresh    bigint;
            answered bigint;
        begin
            select array_agg(p.position order by p.id) into before
            from (select id, position from journal.partitions where id = any(p_id) order by id for update) p;

            if cardinality(a_entity) > 0 and exists (
                select from unnest(a_entity, a_expected, a_operation, a_at) a(entity, expected, operation, at)
                where not exists (select from journal.facts f where f.entity = a.entity
                    and f.version = a.expected and f.operation = a.operation and f.at = a.at))
            then
                raise exception 'not on top of what it was decided on' using errcode = '{NotAsExpected}';
            end if;

            update journal.entities e set
                version = h.version, wake_at = h.wake_at,
                snapshot_shape = coalesce(h.shape, e.snapshot_shape),
                snapshot_version = coalesce(h.snapshot_version, e.snapshot_version),
                snapshot = coalesce(h.snapshot, e.snapshot)
            from unnest(h_entity, h_expected, h_version, h_wake_at, h_snapshot_shape, h_snapshot_version, h_snapshot)
                 h(entity, expected, version, wake_at, shape, snapshot_version, snapshot)
            where h.expected > 0 and e.id = h.entity and e.version = h.expected;
            get diagnostics known = row_count;

            fresh := 0;
            if known < cardinality(h_entity) then
                insert into journal.entities as e (id, version, wake_at, snapshot_shape, snapshot_version, snapshot)
                select h.entity, h.version, h.wake_at, h.shape, h.snapshot_version, h.snapshot
                from unnest(h_entity, h_expected, h_version, h_wake_at, h_snapshot_shape, h_snapshot_version, h_snapshot)
                     h(entity, expected, version, wake_at, shape, snapshot_version, snapshot)
                where h.expected = 0
                on conflict (id) do update set
                    version = excluded.version, wake_at = excluded.wake_at,
                    snapshot_shape = coalesce(excluded.snapshot_shape, e.snapshot_shape),
                    snapshot_version = coalesce(excluded.snapshot_version, e.snapshot_version),
                    snapshot = coalesce(excluded.snapshot, e.snapshot)
                where e.version = 0;   -- it has kept answers, and no facts
                get diagnostics fresh = row_count;
            end if;

            insert into journal.operations (entity, id, fingerprint, answer, at)
            select * from unnest(o_entity, o_id, o_fingerprint, o_answer, o_at)
            on conflict (entity, id) do nothing;
            get diagnostics answered = row_count;

            if known + fresh < cardinality(h_entity) or answered < cardinality(o_id) then
                raise exception 'an entity at another version, or an operation known' using errcode = '{NotAsExpected}';
            end if;

            insert into journal.facts (partition, position, entity, version, type, data, at, operation, caller, trace)
            select p_id[f.slot], before[f.slot] + f."offset",
                   f.entity, f.version, f.type, f.data::json, f.at, f.operation, f.caller, f.trace
            from unnest(f_slot, f_offset, f_entity, f_version, f_type, f_data, f_at, f_operation, f_caller, f_trace)
                 f(slot, "offset", entity, version, type, data, at, operation, caller, trace);

            update journal.partitions p set position = p.position + w.facts
            from unnest(p_id, p_facts) w(id, facts) where p.id = w.id and w.facts > 0;

            return before;
        end $$;
        """;
}
