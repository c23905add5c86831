-- The tables of the cluster's database, and the statements that Orleans' ADO.NET providers read out of it and send.
-- The providers bring no SQL. They look up each statement in a table OrleansQuery by a name that they know, and give it parameters by name.
-- Names and types of parameters and columns are theirs, all else is ours. Each statement is a whole, and right when several silos send it
-- at once, because it changes a row only under the version that its sender has read.

create table cluster.orleansquery (
    querykey  text not null constraint orleansquery_key primary key,
    querytext text not null
);
comment on table cluster.orleansquery is 'The statements of the ADO.NET providers of Orleans, by the names that they know them by.';

-- Membership: the silos of each cluster, and the version of that whole. A change is made on the version that its sender has read and makes
-- the next one. Of two silos that change it at once, one has to read again. A sign of life is no change.

create table cluster.clusters (
    cluster_id text not null constraint clusters_key primary key,
    version    integer not null default 0,
    changed_at timestamptz not null default now()
) with (fillfactor = 50);
comment on table cluster.clusters is 'The version of each cluster''s membership: a change of its members raises it.';

create table cluster.members (
    cluster_id   text not null constraint members_cluster references cluster.clusters on delete cascade,
    address      text not null,
    port         integer not null,
    generation   integer not null,   -- tells one start of a silo at an address from the next
    silo_name    text not null,
    host_name    text not null,
    status       integer not null,   -- 3: active, 6: dead; the others are on the way from here to there
    gateway_port integer not null,   -- 0: takes no clients
    suspected    text,               -- by which silos and when, as Orleans writes it
    started_at   timestamptz not null,
    alive_at     timestamptz not null,
    constraint members_key primary key (cluster_id, address, port, generation)
) with (fillfactor = 50);
comment on table cluster.members is 'Every start of a silo: where it is and how it is.';
create index members_gateways on cluster.members (cluster_id, status) where gateway_port > 0;

insert into cluster.orleansquery (querykey, querytext) values
('GatewaysQueryKey', $$
    select address as "Address", gateway_port as "ProxyPort", generation as "Generation" from cluster.members
    where cluster_id = @DeploymentId and status = @Status and gateway_port > 0
$$),
-- A row without a member, only with the version, tells the provider that there is none.
('MembershipReadRowKey', $$
    select c.version as "Version", m.address as "Address", m.port as "Port", m.generation as "Generation",
           m.silo_name as "SiloName", m.host_name as "HostName", m.status as "Status", m.gateway_port as "ProxyPort",
           m.suspected as "SuspectTimes", m.started_at as "StartTime", m.alive_at as "IAmAliveTime"
    from cluster.clusters as c left join cluster.members as m
        on m.cluster_id = c.cluster_id and m.address = @Address and m.port = @Port and m.generation = @Generation
    where c.cluster_id = @DeploymentId
$$),
('MembershipReadAllKey', $$
    select c.version as "Version", m.address as "Address", m.port as "Port", m.generation as "Generation",
           m.silo_name as "SiloName", m.host_name as "HostName", m.status as "Status", m.gateway_port as "ProxyPort",
           m.suspected as "SuspectTimes", m.started_at as "StartTime", m.alive_at as "IAmAliveTime"
    from cluster.clusters as c left join cluster.members as m on m.cluster_id = c.cluster_id
    where c.cluster_id = @DeploymentId
$$),
('InsertMembershipVersionKey', $$
    with made as (insert into cluster.clusters (cluster_id) values (@DeploymentId) on conflict do nothing returning 1)
    select exists (select from made)
$$),
-- The version moves only for a sender that has read it; one that waited for the row's lock looks at the version again.
('InsertMembershipKey', $$
    with turn as (
        update cluster.clusters set version = version + 1, changed_at = now()
        where cluster_id = @DeploymentId and version = @Version and not exists (
            select from cluster.members as m
            where m.cluster_id = @DeploymentId and m.address = @Address and m.port = @Port and m.generation = @Generation)
        returning cluster_id),
    made as (
        insert into cluster.members
            (cluster_id, address, port, generation, silo_name, host_name, status, gateway_port, started_at, alive_at)
        select cluster_id, @Address, @Port, @Generation, @SiloName, @HostName, @Status, @ProxyPort, @StartTime, @IAmAliveTime
        from turn returning 1)
    select exists (select from made)
$$),
('UpdateMembershipKey', $$
    with turn as (
        update cluster.clusters set version = version + 1, changed_at = now()
        where cluster_id = @DeploymentId and version = @Version and exists (
            select from cluster.members as m
            where m.cluster_id = @DeploymentId and m.address = @Address and m.port = @Port and m.generation = @Generation)
        returning cluster_id),
    changed as (
        update cluster.members as m set status = @Status, suspected = @SuspectTimes, alive_at = @IAmAliveTime
        from turn
        where m.cluster_id = @DeploymentId and m.address = @Address and m.port = @Port and m.generation = @Generation
        returning 1)
    select exists (select from changed)
$$),
('UpdateIAmAlivetimeKey', $$
    update cluster.members set alive_at = @IAmAliveTime
    where cluster_id = @DeploymentId and address = @Address and port = @Port and generation = @Generation
$$),
('DeleteMembershipTableEntriesKey', $$
    delete from cluster.clusters where cluster_id = @DeploymentId
$$),
-- Only the dead: a silo that is starting may have given its last sign of life a while ago.
('CleanupDefunctSiloEntriesKey', $$
    delete from cluster.members where cluster_id = @DeploymentId and status = 6 and alive_at < @IAmAliveTime
$$),
-- The provider prefers this one: it chooses each row itself, and the row goes only if it still is what the provider has read.
('CleanupDefunctSiloEntryKey', $$
    delete from cluster.members
    where cluster_id = @DeploymentId and address = @Address and port = @Port and generation = @Generation
      and status = 6 and started_at = @StartTime and alive_at = @IAmAliveTime
      and coalesce(suspected, '') = coalesce(@SuspectTimes, '')
$$);

-- Reminders. Every silo serves a piece of the ring of hashes and reads the reminders of its piece. The provider sends the unsigned hashes
-- as signed numbers, which only turns the ring: a piece is what lies above its begin up to its end, or, when the end is not above the
-- begin, what lies on either side of the seam.

create table cluster.reminders (
    service_id text not null,
    grain_id   text not null,
    name       text not null,
    grain_hash integer not null,
    start_at   timestamptz not null,
    period_ms  bigint not null constraint reminders_period check (period_ms >= 0),
    version    integer not null default 1,
    constraint reminders_key primary key (service_id, grain_id, name)
);
comment on table cluster.reminders is 'Reminders of grains: first due at start_at, then once a period.';
create index reminders_ring on cluster.reminders (service_id, grain_hash);

insert into cluster.orleansquery (querykey, querytext) values
('ReadReminderRowsKey', $$
    select grain_id as "GrainId", name as "ReminderName", start_at as "StartTime", period_ms as "Period", version as "Version"
    from cluster.reminders where service_id = @ServiceId and grain_id = @GrainId
$$),
('ReadReminderRowKey', $$
    select grain_id as "GrainId", name as "ReminderName", start_at as "StartTime", period_ms as "Period", version as "Version"
    from cluster.reminders where service_id = @ServiceId and grain_id = @GrainId and name = @ReminderName
$$),
('ReadRangeRows1Key', $$
    select grain_id as "GrainId", name as "ReminderName", start_at as "StartTime", period_ms as "Period", version as "Version"
    from cluster.reminders where service_id = @ServiceId and grain_hash > @BeginHash and grain_hash <= @EndHash
$$),
('ReadRangeRows2Key', $$
    select grain_id as "GrainId", name as "ReminderName", start_at as "StartTime", period_ms as "Period", version as "Version"
    from cluster.reminders where service_id = @ServiceId and (grain_hash > @BeginHash or grain_hash <= @EndHash)
$$),
('UpsertReminderRowKey', $$
    insert into cluster.reminders as r (service_id, grain_id, name, grain_hash, start_at, period_ms)
    values (@ServiceId, @GrainId, @ReminderName, @GrainHash, @StartTime, @Period)
    on conflict on constraint reminders_key do update
    set grain_hash = excluded.grain_hash, start_at = excluded.start_at, period_ms = excluded.period_ms, version = r.version + 1
    returning version as "Version"
$$),
('DeleteReminderRowKey', $$
    with gone as (
        delete from cluster.reminders
        where service_id = @ServiceId and grain_id = @GrainId and name = @ReminderName and version = @Version returning 1)
    select exists (select from gone)
$$),
('DeleteReminderRowsKey', $$
    delete from cluster.reminders where service_id = @ServiceId
$$);

-- State of Orleans' own grains, such as who listens to which stream; the business keeps its state in the journals. A write that was not
-- made on the present version changes nothing and gives no row back, which the provider takes for a conflict. The provider sends hashes of
-- the key as well, for databases that cannot index a long text. Here the key itself is unique, so two keys with one hash are no special
-- case.

create table cluster.states (
    service_id  text not null,
    type        text not null,
    key_n0      bigint not null,             -- the key as the provider takes it apart: numbers, a text, or both
    key_n1      bigint not null,
    key_text    text not null default '',
    version     integer not null default 1,
    payload     bytea,                       -- null: cleared, and remembered for its version
    modified_at timestamptz not null default now(),
    constraint states_key primary key (service_id, type, key_n0, key_n1, key_text)
) with (fillfactor = 80);
comment on table cluster.states is 'State of Orleans'' own grains; nothing of the business.';

insert into cluster.orleansquery (querykey, querytext) values
('ReadFromStorageKey', $$
    select payload as "PayloadBinary", version as "Version" from cluster.states
    where service_id = @ServiceId and type = @GrainTypeString and key_n0 = @GrainIdN0 and key_n1 = @GrainIdN1
      and key_text = coalesce(@GrainIdExtensionString, '')
$$),
-- Without a version it is the first write; of two first writes at once, one finds the row there.
('WriteToStorageKey', $$
    with changed as (
        update cluster.states set payload = @PayloadBinary, version = version + 1, modified_at = now()
        where service_id = @ServiceId and type = @GrainTypeString and key_n0 = @GrainIdN0 and key_n1 = @GrainIdN1
          and key_text = coalesce(@GrainIdExtensionString, '') and version = @GrainStateVersion
        returning version),
    made as (
        insert into cluster.states (service_id, type, key_n0, key_n1, key_text, payload)
        select @ServiceId, @GrainTypeString, @GrainIdN0, @GrainIdN1, coalesce(@GrainIdExtensionString, ''), @PayloadBinary
        where @GrainStateVersion is null
        on conflict do nothing returning version)
    select version as "NewGrainStateVersion" from changed union all select version from made
$$),
('ClearStorageKey', $$
    update cluster.states set payload = null, version = version + 1, modified_at = now()
    where service_id = @ServiceId and type = @GrainTypeString and key_n0 = @GrainIdN0 and key_n1 = @GrainIdN1
      and key_text = coalesce(@GrainIdExtensionString, '') and version = @GrainStateVersion
    returning version as "NewGrainStateVersion"
$$),
('DeleteStorageKey', $$
    delete from cluster.states
    where service_id = @ServiceId and type = @GrainTypeString and key_n0 = @GrainIdN0 and key_n1 = @GrainIdN1
      and key_text = coalesce(@GrainIdExtensionString, '') and version = @GrainStateVersion
    returning version + 1 as "NewGrainStateVersion"
$$);
