-- Who did what that matters, and who was refused: added to, and never changed (decision 29). No bodies, no names, no credentials.

create table audit.entries (
    number    bigint generated always as identity primary key,
    at        timestamptz not null default clock_timestamp(),
    event     text not null,    -- the operation of the API, or what it was part of
    outcome   text not null,    -- begun, done, refused, failed
    reason    text,             -- the code of the problem
    times     bigint not null,  -- of refusals in a flood, how many this one stands for
    caller    text not null,
    address   text,             -- of the caller, without its last part
    route     text not null,
    object    text,             -- the ids in the path
    operation text,             -- as the facts have it that followed
    request   text not null
);

-- Adds entries; their numbers and times are the database's own.
create function audit.record(
    e_event text[], e_outcome text[], e_reason text[], e_times bigint[], e_caller text[], e_address text[], e_route text[],
    e_object text[], e_operation text[], e_request text[]) returns void
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
begin
    insert into audit.entries (event, outcome, reason, times, caller, address, route, object, operation, request)
    select * from unnest(
        e_event, e_outcome, e_reason, e_times, e_caller, e_address, e_route, e_object, e_operation, e_request);
end $$;
