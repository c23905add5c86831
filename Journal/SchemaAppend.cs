using System.Text.RegularExpressions;

namespace Commerce.Journal;

/// <summary>Migrations 2 and 3: the two functions that append. Each call is one statement, one round trip and one commit.</summary>
/// <remarks>
/// <c>append</c> takes the plain case as a whole: entities at the version expected, operations never seen, no claims. What does not fit it
/// leaves alone and names, and <c>append_in_turn</c> takes those one after the other. An entity's appends of one batch all go the same way.
/// Both lock the partitions first, in order, so everything they look at afterwards is settled, and no two batches can wait for each other.
/// </remarks>
internal static partial class SchemaAppend
{
    /// <summary>Migration 2.</summary>
    public static string Sql => OfThree().Replace(Functions, "");

    /// <summary>
    /// Migration 3: both functions once more, each beside its namesake, which older software calls. These also look whether it is the
    /// append that a decision was made on top of that has brought about the version expected.
    /// </summary>
    public static string AfterSql => OfThree().Replace(Functions, "$1");

    // What stands between « and » only migration 3 has.
    private const string Functions = """
        create function journal.append(
            touched smallint[],
            h_entity text[], h_expected bigint[],« h_after text[], h_after_at timestamptz[],» h_version bigint[], h_wake_at timestamptz[],
            h_snapshot_shape text[], h_snapshot_version bigint[], h_snapshot text[],
            o_head int[], o_entity text[], o_id text[], o_fingerprint text[], o_answer text[], o_at timestamptz[],
            f_head int[], f_partition smallint[], f_entity text[], f_version bigint[], f_type text[], f_data text[],
            f_at timestamptz[], f_operation text[], f_caller text[], f_trace text[])
        returns setof int   -- the heads (from 0) that nothing was done for
        language plpgsql as $$
        declare
            left_out int[];
        begin
            perform from journal.partitions where id = any(touched) order by id for update;

            select coalesce(array_agg(x.head), '{}') into left_out from (
                select h.n::int - 1 as head
                from unnest(h_entity, h_expected«, h_after, h_after_at»)
                     with ordinality h(entity, expected«, after, after_at», n)
                where coalesce((select e.version from journal.entities e where e.id = h.entity), 0) <> h.expected
                   «or (h.after is not null and not exists (select from journal.facts f where f.entity = h.entity
                       and f.version = h.expected and f.operation = h.after and f.at = h.after_at))»
                union
                select o.head
                from unnest(o_head, o_entity, o_id) o(head, entity, id)
                where (select true from journal.operations known where known.entity = o.entity and known.id = o.id)) x;

            with added as (
                insert into journal.facts (partition, position, entity, version, type, data, at, operation, caller, trace)
                select f.partition,
                       (select p.position from journal.partitions p where p.id = f.partition)
                           + row_number() over (partition by f.partition order by f.n),
                       f.entity, f.version, f.type, f.data::json, f.at, f.operation, f.caller, f.trace
                from unnest(f_head, f_partition, f_entity, f_version, f_type, f_data, f_at, f_operation, f_caller, f_trace)
                     with ordinality f(head, partition, entity, version, type, data, at, operation, caller, trace, n)
                where f.head <> all(left_out)
                returning partition)
            update journal.partitions p set position = p.position + more.facts
            from (select partition, count(*) as facts from added group by partition) more
            where p.id = more.partition;

            insert into journal.entities as e (id, version, wake_at, snapshot_shape, snapshot_version, snapshot)
            select h.entity, h.version, h.wake_at, h.shape, h.snapshot_version, h.snapshot
            from unnest(h_entity, h_version, h_wake_at, h_snapshot_shape, h_snapshot_version, h_snapshot)
                 with ordinality h(entity, version, wake_at, shape, snapshot_version, snapshot, n)
            where h.n - 1 <> all(left_out)
            on conflict (id) do update set
                version = excluded.version, wake_at = excluded.wake_at,
                snapshot_shape = coalesce(excluded.snapshot_shape, e.snapshot_shape),
                snapshot_version = coalesce(excluded.snapshot_version, e.snapshot_version),
                snapshot = coalesce(excluded.snapshot, e.snapshot);

            insert into journal.operations (entity, id, fingerprint, answer, at)
            select o.entity, o.id, o.fingerprint, o.answer, o.at
            from unnest(o_head, o_entity, o_id, o_fingerprint, o_answer, o_at) o(head, entity, id, fingerprint, answer, at)
            where o.head <> all(left_out);

            return query select unnest(left_out);
        end $$;

        create function journal.append_in_turn(
            touched smallint[],
            a_partition smallint[], a_entity text[], a_expected bigint[],« a_after text[], a_after_at timestamptz[],»
            a_facts int[], a_operation text[],
            a_fingerprint text[], a_answer text[], a_at timestamptz[], a_caller text[], a_trace text[], a_wake_at timestamptz[],
            a_snapshot_shape text[], a_snapshot_version bigint[], a_snapshot text[], a_claims int[],
            f_type text[], f_data text[],
            c_take boolean[], c_scope text[], c_value text[])
        returns table (n int, version bigint, fingerprint text, answer text, scope text, value text, owner text)
        language plpgsql as $$   -- returns those (from 1) that were not committed
        #variable_conflict use_column
        declare
            a       record;
            head    bigint;
            first   bigint;
            fact    int := 1;   -- where the append's facts and claims begin in their arrays
            claim   int := 1;
        begin
            perform from journal.partitions where id = any(touched) order by id for update;
            -- Claims belong to no partition; after the partitions, so that the order of locks is the same for everyone.
            if cardinality(c_scope) > 0 then
                perform pg_advisory_xact_lock('journal.claims'::regclass::oid::bigint);
            end if;

            for a in
                select * from unnest(
                    a_partition, a_entity, a_expected,« a_after, a_after_at,»
                    a_facts, a_operation, a_fingerprint, a_answer, a_at, a_caller,
                    a_trace, a_wake_at, a_snapshot_shape, a_snapshot_version, a_snapshot, a_claims)
                with ordinality x(partition, entity, expected,« after, after_at,» facts, operation, fingerprint, answer, at, caller,
                    trace, wake_at, snapshot_shape, snapshot_version, snapshot, claims, n)
            loop
                fact := fact + a.facts;
                claim := claim + a.claims;

                select a.n::int, null::bigint, o.fingerprint, o.answer, null::text, null::text, null::text
                into n, version, fingerprint, answer, scope, value, owner
                from journal.operations o where o.entity = a.entity and o.id = a.operation;
                if found then return next; continue; end if;

                select e.version into head from journal.entities e where e.id = a.entity;
                if coalesce(head, 0) <> a.expected
                    «or (a.after is not null and not exists (select from journal.facts f where f.entity = a.entity
                        and f.version = a.expected and f.operation = a.after and f.at = a.after_at))»
                then
                    select a.n::int, coalesce(head, 0), null, null, null, null, null
                    into n, version, fingerprint, answer, scope, value, owner;
                    return next; continue;
                end if;

                owner := null;
                for i in claim - a.claims .. claim - 1 loop
                    select c_scope[i], c_value[i], held.entity into scope, value, owner from journal.claims held
                    where c_take[i] and held.scope = c_scope[i] and held.value = c_value[i] and held.entity <> a.entity;
                    exit when owner is not null;
                end loop;
                if owner is not null then
                    n := a.n; version := null; fingerprint := null; answer := null;
                    return next; continue;
                end if;
                for i in claim - a.claims .. claim - 1 loop
                    if c_take[i] then
                        insert into journal.claims (scope, value, entity) values (c_scope[i], c_value[i], a.entity) on conflict do nothing;
                    else
                        delete from journal.claims held
                        where held.scope = c_scope[i] and held.value = c_value[i] and held.entity = a.entity;
                    end if;
                end loop;

                if a.facts > 0 then
                    update journal.partitions p set position = p.position + a.facts where p.id = a.partition
                    returning p.position - a.facts into first;
                    insert into journal.facts (partition, position, entity, version, type, data, at, operation, caller, trace)
                    select a.partition, first + f.n, a.entity, a.expected + f.n, f.type, f.data::json, a.at, a.operation, a.caller, a.trace
                    from unnest(f_type[fact - a.facts:fact - 1], f_data[fact - a.facts:fact - 1]) with ordinality f(type, data, n);
                end if;

                insert into journal.entities as e (id, version, wake_at, snapshot_shape, snapshot_version, snapshot)
                values (a.entity, a.expected + a.facts, a.wake_at, a.snapshot_shape, a.snapshot_version, a.snapshot)
                on conflict (id) do update set
                    version = excluded.version, wake_at = excluded.wake_at,
                    snapshot_shape = coalesce(excluded.snapshot_shape, e.snapshot_shape),
                    snapshot_version = coalesce(excluded.snapshot_version, e.snapshot_version),
                    snapshot = coalesce(excluded.snapshot, e.snapshot);
                insert into journal.operations (entity, id, fingerprint, answer, at)
                values (a.entity, a.operation, a.fingerprint, a.answer, a.at);
            end loop;
        end $$;
        """;

    [GeneratedRegex("«([^»]*)»")]
    private static partial Regex OfThree();
}
