-- The journal of one capability: one row an append, which is also its outbox, and what belongs to it (decision 15).
-- Facts are json: kept byte for byte as they were written, unlike jsonb, checked to be JSON at all, unlike text, and open to an
-- operator's queries. Answers and snapshots are read back only by the software that wrote them, so they are text.
-- Keys are compared, never shown in an order of letters. A language's rules make each comparison several times as dear, hence "C".

create table journal.appends (
    position    bigint not null,        -- of its last fact: a partition's facts are counted without gaps, in the order of commits (J2)
    based_on    bigint not null,        -- the version of the entity that it was decided on
    at          timestamptz not null,
    facts       int not null,           -- how many, at least one
    partition   smallint not null,
    own         boolean not null,       -- an outcome of the entity's own process: the state shows whether it is recorded
    unfinished  boolean not null,       -- the process has a next step, and no alarm is set for it
    entity      text collate "C" not null,
    operation   text collate "C" not null,
    caller      text not null,
    cause       text,                   -- the caller that this followed from by itself, where that is another one (decision 31)
    types       text not null,          -- NAME/VERSION of each fact, with blanks between them
    data        json not null,          -- an array with the members of each fact
    trace       text,
    fingerprint text,
    answer      text,                   -- null where the state tells it
    keys        jsonb,                  -- by purpose, what opens the personal parts of data and answer, wrapped
    primary key (partition, position),
    unique (entity, based_on)
);
create unique index appends_operation on journal.appends (entity, operation) where not own;

create table journal.answers (   -- of operations that have changed nothing: mostly refusals
    entity      text collate "C" not null,
    operation   text collate "C" not null,
    fingerprint text,
    answer      text not null,
    at          timestamptz not null,
    keys        jsonb,
    primary key (entity, operation)
);
create index answers_at on journal.answers using brin (at);   -- for pruning; costs next to nothing to keep

create table journal.snapshots (
    entity  text collate "C" primary key,
    version bigint not null,
    shape   text not null,
    state   text not null,
    keys    jsonb
);

create table journal.alarms (
    entity  text collate "C" primary key,
    wake_at timestamptz not null
) with (fillfactor = 80);
create index alarms_wake_at on journal.alarms (wake_at);

create table journal.swept (   -- up to here, unfinished processes have either gone on or got an alarm
    partition smallint primary key,
    position  bigint not null
) with (fillfactor = 20);

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

create table journal.parked (   -- facts of another capability, so each is here as a whole; without keys, as reactions need nothing personal
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
    cause        text,
    reason       text not null,
    parked_at    timestamptz not null default now(),
    primary key (subscription, partition, position)
);

create table journal.families (   -- the kinds whose entities lie in the partition of their family, noted when the database is made
    kind text primary key
);

create table journal.layout (   -- one row, noted when the database is made
    partitions smallint not null,
    key_ring   text        -- a token of it: a database that was sealed with one is not opened with another
);

-- No function here is in the language sql: PostgreSQL parses and plans the body of one that it cannot inline with every call, which took a
-- third of a commit (docs/performance.md).

-- The position of a partition's last fact. Not by max(): the plan that a session makes while the table is empty, and keeps, would read the
-- whole partition.
create function journal.head(p_partition smallint) returns bigint
language plpgsql stable as $$
begin
    return coalesce((select position from journal.appends where partition = p_partition order by position desc limit 1), 0);
end $$;

-- The functions that are called from outside have the rights of the schema's owner: a process may commit by them, and change nothing else
-- (decision 21). Their search_path is pinned, so that no name in them can be made to mean something of the caller's.

-- Appends are one statement, one round trip and one commit. All functions that write lock the partitions first, in ascending order, until
-- they commit: what they look at afterwards is settled, and no two batches can wait for each other. The lock is advisory: to lock a row
-- would write it.
create function journal.lock(p_id smallint[]) returns void
language plpgsql as $$
begin
    for i in 1 .. cardinality(p_id) loop
        perform pg_advisory_xact_lock(1, p_id[i]);
    end loop;
end $$;

-- An alarm rings early rather than late: an earlier one stays, and the entity moves it when it has rung. The condition leaves one index to
-- choose: a plan made while the table is empty would take all alarms before a time.
create function journal.set_alarms(w_entity text[], w_at timestamptz[]) returns void
language plpgsql as $$
begin
    insert into journal.alarms (entity, wake_at)
    select w.entity, w.at from unnest(w_entity, w_at) w(entity, at)
    where coalesce(w.at < (select a.wake_at from journal.alarms a where a.entity = w.entity), true)
    on conflict (entity) do update set wake_at = excluded.wake_at;
end $$;

-- Commits a batch in which everything is as it should be. An entity at another version, or an operation that was committed before, fails
-- the call as a whole, with CO409 or a unique key. The caller tells by append_in_turn which those were. That is rare.
create function journal.commit(
    p_id smallint[],   -- ascending
    h_entity text[], h_version bigint[], h_operation text[], h_at timestamptz[],   -- at which version, and if known, by what
    a_slot int[], a_last int[],   -- the place in p_id, and the place of its last fact among that partition's new facts; both from 1
    a_entity text[], a_based_on bigint[], a_facts int[], a_types text[], a_data text[], a_at timestamptz[], a_operation text[],
    a_own boolean[], a_unfinished boolean[], a_caller text[], a_cause text[], a_trace text[], a_fingerprint text[], a_answer text[],
    a_keys text[],
    o_entity text[], o_operation text[], o_fingerprint text[], o_answer text[], o_at timestamptz[], o_keys text[],   -- without facts
    s_entity text[], s_version bigint[], s_shape text[], s_state text[], s_keys text[],
    w_entity text[], w_at timestamptz[], d_entity text[])   -- alarms to set, and those to delete
returns bigint[]   -- for each of p_id, the position before its first new fact
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare
    before bigint[];
begin
    perform journal.lock(p_id);

    if exists (
            select from unnest(h_entity, h_version, h_operation, h_at) h(entity, version, operation, at)
            left join lateral (
                select a.based_on + a.facts as version, a.operation, a.at from journal.appends a
                where a.entity = h.entity order by a.based_on desc limit 1) last on true
            where coalesce(last.version, 0) <> h.version
                or (h.operation is not null and (last.operation, last.at) is distinct from (h.operation, h.at)))
        or exists (
            select from unnest(a_entity, a_operation) a(entity, operation)
            where exists (select from journal.answers k where k.entity = a.entity and k.operation = a.operation))
        or exists (
            select from unnest(o_entity, o_operation) o(entity, operation)
            where exists (select from journal.appends k where k.entity = o.entity and k.operation = o.operation and not k.own))
    then
        raise exception 'an entity at another version, or an operation known' using errcode = 'CO409';
    end if;

    select array_agg(journal.head(p.id) order by p.n) into before from unnest(p_id) with ordinality p(id, n);

    insert into journal.appends (
        partition, position, entity, based_on, facts, types, data, at, operation, own, unfinished, caller, cause, trace, fingerprint,
        answer, keys)
    select p_id[a.slot], before[a.slot] + a.last, a.entity, a.based_on, a.facts, a.types, a.data::json, a.at, a.operation, a.own,
        a.unfinished, a.caller, a.cause, a.trace, a.fingerprint, a.answer, a.keys::jsonb
    from unnest(
        a_slot, a_last, a_entity, a_based_on, a_facts, a_types, a_data, a_at, a_operation, a_own, a_unfinished, a_caller, a_cause,
        a_trace, a_fingerprint, a_answer, a_keys)
        a(slot, last, entity, based_on, facts, types, data, at, operation, own, unfinished, caller, cause, trace, fingerprint, answer,
            keys);

    if cardinality(o_entity) > 0 then
        insert into journal.answers (entity, operation, fingerprint, answer, at, keys)
        select o.entity, o.operation, o.fingerprint, o.answer, o.at, o.keys::jsonb
        from unnest(o_entity, o_operation, o_fingerprint, o_answer, o_at, o_keys) o(entity, operation, fingerprint, answer, at, keys);
    end if;
    if cardinality(s_entity) > 0 then
        insert into journal.snapshots (entity, version, shape, state, keys)
        select s.entity, s.version, s.shape, s.state, s.keys::jsonb
        from unnest(s_entity, s_version, s_shape, s_state, s_keys) s(entity, version, shape, state, keys)
        on conflict (entity) do update set
            version = excluded.version, shape = excluded.shape, state = excluded.state, keys = excluded.keys;
    end if;
    if cardinality(w_entity) > 0 then
        perform journal.set_alarms(w_entity, w_at);
    end if;
    if cardinality(d_entity) > 0 then
        delete from journal.alarms where entity = any(d_entity);
    end if;
    return before;
end $$;

-- Takes personal data of an entity away, by purpose. What is left of it is ciphertext that nothing opens; facts stay byte for byte. The
-- digest of a command goes, too: who guesses its content could be sure.
create function journal.erase(p_entity text, p_purposes text[]) returns void
language plpgsql as $$
begin
    update journal.appends a set keys = nullif(a.keys - p_purposes, '{}'), fingerprint = null
    where a.entity = p_entity and (a.keys ?| p_purposes or a.fingerprint is not null);
    delete from journal.answers where entity = p_entity;
    delete from journal.snapshots where entity = p_entity;
end $$;

-- Wraps keys anew in some rows of a table, each of which still has the keys that it had before: what was erased meanwhile stays so. Rows
-- that an erasure has locked are left for the next time, since each of the two would wait for rows of the other.
create function journal.rewrap(p_table text, p_place text[], p_before text[], p_after text[]) returns void
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
begin
    if p_table not in ('appends', 'answers', 'snapshots') then
        raise exception 'the journal keeps no keys in %', p_table;
    end if;
    execute format(
        'with free as (
            select t.ctid as place, new.after from unnest($1, $2, $3) new(place, before, after)
            join journal.%1$I t on t.ctid = new.place::tid and t.keys = new.before::jsonb
                and (select array_agg(k order by k) from jsonb_object_keys(t.keys) k)
                    = (select array_agg(k order by k) from jsonb_object_keys(new.after::jsonb) k)
            for update of t skip locked)
        update journal.%1$I t set keys = free.after::jsonb from free where t.ctid = free.place', p_table)
    using p_place, p_before, p_after;
end $$;

-- Notes the token of the key ring that the database is sealed with; false when it is sealed with another one.
create function journal.use_key_ring(p_ring text) returns boolean
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
begin
    update journal.layout set key_ring = p_ring where key_ring is null;
    return (select key_ring = p_ring from journal.layout);
end $$;

-- Takes the appends one after the other: each is checked and kept before the next one is looked at.
create function journal.append_in_turn(
    touched smallint[],
    a_partition smallint[], a_entity text[], a_based_on bigint[], a_after text[], a_after_at timestamptz[],
    a_facts int[], a_types text[], a_data text[], a_at timestamptz[], a_operation text[], a_own boolean[], a_unfinished boolean[],
    a_caller text[], a_cause text[], a_trace text[], a_fingerprint text[], a_answer text[], a_keys text[],
    a_erases text[],   -- with blanks between
    a_snapshot_shape text[], a_snapshot_version bigint[], a_snapshot text[], a_snapshot_keys text[], a_wake_at timestamptz[],
    a_alarm_over boolean[], a_claims int[], c_take boolean[], c_scope text[], c_value text[])
returns table (n int, version bigint, fingerprint text, answer text, scope text, value text, owner text, keys text)
-- Returns those (from 1) that were not committed; of a known operation, neither version nor owner.
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
#variable_conflict use_column
declare
    a       record;
    last    record;
    claim   int := 1;   -- where the append's claims begin in their arrays
begin
    perform journal.lock(touched);
    -- Claims belong to no partition; after the partitions, so that the order of locks is the same for everyone.
    if cardinality(c_scope) > 0 then
        perform pg_advisory_xact_lock(2, 0);
    end if;

    for a in
        select * from unnest(
            a_partition, a_entity, a_based_on, a_after, a_after_at, a_facts, a_types, a_data, a_at, a_operation, a_own, a_unfinished,
            a_caller, a_cause, a_trace, a_fingerprint, a_answer, a_keys, a_erases, a_snapshot_shape, a_snapshot_version, a_snapshot,
            a_snapshot_keys, a_wake_at, a_alarm_over, a_claims)
        with ordinality x(partition, entity, based_on, after, after_at, facts, types, data, at, operation, own, unfinished, caller, cause,
            trace, fingerprint, answer, keys, erases, snapshot_shape, snapshot_version, snapshot, snapshot_keys, wake_at, alarm_over,
            claims, n)
    loop
        claim := claim + a.claims;

        select a.n::int, null::bigint, k.fingerprint, k.answer, null::text, null::text, null::text, k.keys::text
        into n, version, fingerprint, answer, scope, value, owner, keys
        from (
            select k.fingerprint, k.answer, k.keys from journal.appends k
            where k.entity = a.entity and k.operation = a.operation and not k.own
            union all
            select k.fingerprint, k.answer, k.keys from journal.answers k where k.entity = a.entity and k.operation = a.operation) k
        where not a.own
        limit 1;
        if found then return next; continue; end if;

        select k.based_on + k.facts as version, k.operation, k.at into last
        from journal.appends k where k.entity = a.entity order by k.based_on desc limit 1;
        if coalesce(last.version, 0) <> a.based_on
            or (a.after is not null and (last.operation, last.at) is distinct from (a.after, a.after_at))
        then
            select a.n::int, coalesce(last.version, 0), null, null, null, null, null, null
            into n, version, fingerprint, answer, scope, value, owner, keys;
            return next; continue;
        end if;

        owner := null;
        for i in claim - a.claims .. claim - 1 loop
            select c_scope[i], c_value[i], held.entity into scope, value, owner from journal.claims held
            where c_take[i] and held.scope = c_scope[i] and held.value = c_value[i] and held.entity <> a.entity;
            exit when owner is not null;
        end loop;
        if owner is not null then
            n := a.n; version := null; fingerprint := null; answer := null; keys := null;
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

        if a.erases is not null then
            perform journal.erase(a.entity, string_to_array(a.erases, ' '));
        end if;
        if a.facts > 0 then
            insert into journal.appends (
                partition, position, entity, based_on, facts, types, data, at, operation, own, unfinished, caller, cause, trace,
                fingerprint, answer, keys)
            values (
                a.partition, journal.head(a.partition) + a.facts, a.entity, a.based_on, a.facts, a.types, a.data::json, a.at, a.operation,
                a.own, a.unfinished, a.caller, a.cause, a.trace, a.fingerprint, a.answer, a.keys::jsonb);
        else
            insert into journal.answers (entity, operation, fingerprint, answer, at, keys)
            values (a.entity, a.operation, a.fingerprint, a.answer, a.at, a.keys::jsonb);
        end if;
        if a.snapshot is not null then
            insert into journal.snapshots (entity, version, shape, state, keys)
            values (a.entity, a.snapshot_version, a.snapshot_shape, a.snapshot, a.snapshot_keys::jsonb)
            on conflict (entity) do update set
                version = excluded.version, shape = excluded.shape, state = excluded.state, keys = excluded.keys;
        end if;
        if a.wake_at is not null then
            perform journal.set_alarms(array[a.entity], array[a.wake_at]);
        elsif a.alarm_over then
            delete from journal.alarms where entity = a.entity;
        end if;
    end loop;
end $$;

-- Moves an entity's alarm to p_wake_at, or deletes it, unless the entity has gone on since p_version.
create function journal.move_alarm(p_partition smallint, p_entity text, p_version bigint, p_wake_at timestamptz) returns void
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
begin
    perform journal.lock(array[p_partition]);
    if p_version <> coalesce(
        (select a.based_on + a.facts from journal.appends a where a.entity = p_entity order by a.based_on desc limit 1), 0)
    then
        return;
    end if;
    if p_wake_at is null then
        delete from journal.alarms where entity = p_entity;
    else
        insert into journal.alarms (entity, wake_at) values (p_entity, p_wake_at)
        on conflict (entity) do update set wake_at = excluded.wake_at;
    end if;
end $$;

-- Sets an alarm for every entity of a partition whose process was unfinished before p_until and has not gone on since.
create function journal.sweep(p_partition smallint, p_until timestamptz) returns bigint   -- the position that was looked at last
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare
    low  bigint;
    high bigint;
begin
    perform journal.lock(array[p_partition]);   -- or it could wait for a commit that waits for it
    low := coalesce((select position from journal.swept where partition = p_partition), 0);
    select coalesce(min(a.position) filter (where a.at > p_until) - 1, max(a.position)) into high
    from journal.appends a where a.partition = p_partition and a.position > low;
    if high is null or high <= low then
        return low;
    end if;

    insert into journal.alarms (entity, wake_at)
    select a.entity, p_until from journal.appends a
    where a.partition = p_partition and a.position > low and a.position <= high and a.unfinished
        and not exists (select from journal.appends b where b.entity = a.entity and b.based_on > a.based_on)
    on conflict (entity) do update set wake_at = excluded.wake_at where alarms.wake_at > excluded.wake_at;
    insert into journal.swept (partition, position) values (p_partition, high)
    on conflict (partition) do update set position = excluded.position;
    return high;
end $$;
