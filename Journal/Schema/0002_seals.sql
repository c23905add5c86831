-- Signed statements about blocks of appends, from which a changed, missing or added one shows (decision 29).

create table journal.seals (
    number    bigint primary key,   -- from 1, without gaps
    partition smallint not null,
    after     bigint not null,      -- the position before the block
    upto      bigint not null,      -- the position of its last fact
    leaves    bytea not null,       -- of each append its position and its digest
    head      bytea not null,       -- the digest of the partition's head before, and the leaves
    before    bytea not null,       -- the digest of the seal before
    at        timestamptz not null,
    key       text not null,        -- the name of the key that signed
    signature bytea not null,
    unique (partition, upto)
);
alter table journal.seals alter column leaves set storage external;   -- digests cannot be compressed

-- Adds the next seal. That it is the next one is checked, so that of two sealers one goes on; what it says is for its reader to check.
create function journal.seal(
    p_number bigint, p_partition smallint, p_after bigint, p_upto bigint, p_leaves bytea, p_head bytea, p_before bytea, p_at timestamptz,
    p_key text, p_signature bytea) returns void
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
begin
    if p_number <> coalesce((select s.number from journal.seals s order by s.number desc limit 1), 0) + 1 then
        raise exception 'seal % is not the next one', p_number;
    end if;
    insert into journal.seals (number, partition, after, upto, leaves, head, before, at, key, signature)
    values (p_number, p_partition, p_after, p_upto, p_leaves, p_head, p_before, p_at, p_key, p_signature);
end $$;
