-- The journal of one capability: its facts, which are also its outbox, and what belongs to them.
-- Facts are json: kept byte for byte as they were written, unlike jsonb, checked to be JSON at all, unlike text, and open to an
-- operator's queries. Answers and snapshots are read back only by the software that wrote them, so they are text.
-- Keys are compared, never shown in an order of letters. A language's rules make each comparison several times as dear, hence "C".

create table journal.partitions (
    id       smallint primary key,
    position bigint not null default 0   -- of the last fact; changed under a row lock that is held to commit, hence gapless (J2)
) with (fillfactor = 20);

create table journal.entities (
    id               text collate "C" primary key,
    version          bigint not null,
    wake_at          timestamptz,
    snapshot_shape   text,
    snapshot_version bigint,
    snapshot         text
) with (fillfactor = 80);
create index entities_wake_at on journal.entities (wake_at) where wake_at is not null;

create table journal.facts (
    partition smallint not null,
    position  bigint not null,
    entity    text collate "C" not null,
    version   bigint not null,
    type      text not null,
    data      json not null,
    at        timestamptz not null,
    operation text not null,
    caller    text not null,
    trace     text,
    primary key (partition, position),
    unique (entity, version)
);

create table journal.operations (
    entity      text collate "C" not null,
    id          text collate "C" not null,
    fingerprint text,
    answer      text not null,
    at          timestamptz not null,
    primary key (entity, id)
);
create index operations_at on journal.operations using brin (at);   -- for pruning; costs next to nothing to keep

create table journal.claims (
    scope  text collate "C" not null,
    value  text collate "C" not null,
    entity text not null,
    primary key (scope, value)
);

create table journal.checkpoints (
    subscription text collate "C" not null,
    partition    smallint not null,
    position     bigint not null,
    primary key (subscription, partition)
) with (fillfactor = 50);

create table journal.parked (   -- facts of another capability, so each is here as a whole
    subscription text not null,
    partition    smallint not null,
    position     bigint not null,
    entity       text not null,
    version      bigint not null,
    type         text not null,
    data         json not null,
    at           timestamptz not null,
    operation    text not null,
    caller       text not null,
    trace        text,
    reason       text not null,
    parked_at    timestamptz not null default now(),
    primary key (subscription, partition, position)
);

create table journal.families (   -- the kinds whose entities lie in the partition of their family, noted when the database is made
    kind text primary key
);

-- Appends are one statement, one round trip and one commit. Both functions lock the partitions first, in order: what they look at
-- afterwards is settled, and no two batches can wait for each other.

-- Commits a batch in which everything is as it should be. It writes first and counts afterwards: an entity at another version, or an
-- operation that was committed before, leaves a row fewer than there should be, and then the call fails as a whole with CO409. The caller
-- tells by append_in_turn which those were. That is rare, and asking first would cost each batch two searches an append.
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
        raise exception 'not on top of what it was decided on' using errcode = 'CO409';
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
        raise exception 'an entity at another version, or an operation known' using errcode = 'CO409';
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

-- Takes the appends one after the other: each is checked and kept before the next one is looked at.
create function journal.append_in_turn(
    touched smallint[],
    a_partition smallint[], a_entity text[], a_expected bigint[], a_after text[], a_after_at timestamptz[],
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
            a_partition, a_entity, a_expected, a_after, a_after_at,
            a_facts, a_operation, a_fingerprint, a_answer, a_at, a_caller,
            a_trace, a_wake_at, a_snapshot_shape, a_snapshot_version, a_snapshot, a_claims)
        with ordinality x(partition, entity, expected, after, after_at, facts, operation, fingerprint, answer, at, caller,
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
            or (a.after is not null and not exists (select from journal.facts f where f.entity = a.entity
                and f.version = a.expected and f.operation = a.after and f.at = a.after_at))
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
