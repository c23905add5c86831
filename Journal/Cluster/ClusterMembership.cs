namespace Commerce.Journal;

/// <summary>
/// The membership table: who is in which cluster, and the version of that whole. Every change of it is made on the version that its
/// sender has read and makes the next one, so that of two silos that change it at once one has to read again. A sign of life is no change.
/// </summary>
internal static class ClusterMembership
{
    /// <summary>One row a cluster, one a start of a silo.</summary>
    public const string Tables = """
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
            suspected    text,               -- by whom and when, as Orleans writes it
            started_at   timestamptz not null,
            alive_at     timestamptz not null,
            constraint members_key primary key (cluster_id, address, port, generation)
        ) with (fillfactor = 50);
        comment on table cluster.members is 'Every start of a silo: where it is and how it is.';
        create index members_gateways on cluster.members (cluster_id, status) where gateway_port > 0;
        """;

    private const string Member =
        "m.cluster_id = @DeploymentId and m.address = @Address and m.port = @Port and m.generation = @Generation";

    /// <summary>A row without a member, only with the version, is how the provider learns that there is none.</summary>
    private const string Columns = """
        select c.version as "Version", m.address as "Address", m.port as "Port", m.generation as "Generation",
               m.silo_name as "SiloName", m.host_name as "HostName", m.status as "Status", m.gateway_port as "ProxyPort",
               m.suspected as "SuspectTimes", m.started_at as "StartTime", m.alive_at as "IAmAliveTime"
        from cluster.clusters as c
        """;

    /// <summary>The version moves only for who has seen it; whoever waited for the row's lock looks at the version again.</summary>
    private const string NextVersion =
        "update cluster.clusters set version = version + 1, changed_at = now() where cluster_id = @DeploymentId and version = @Version";

    /// <summary>Clusters of which nobody has given a sign for a week; every start of <c>./commerce up</c> makes a new one.</summary>
    public const string ForgetLongGone = """
        delete from cluster.clusters as c where c.changed_at < now() - interval '7 days' and not exists (
            select from cluster.members as m where m.cluster_id = c.cluster_id and m.alive_at >= now() - interval '7 days')
        """;

    /// <summary>By the names that the provider asks for.</summary>
    public static readonly IReadOnlyList<(string Name, string Sql)> Statements =
    [
        ("GatewaysQueryKey", """
            select address as "Address", gateway_port as "ProxyPort", generation as "Generation" from cluster.members
            where cluster_id = @DeploymentId and status = @Status and gateway_port > 0
            """),
        ("MembershipReadRowKey", $"{Columns} left join cluster.members as m on {Member} where c.cluster_id = @DeploymentId"),
        ("MembershipReadAllKey", $"""
            {Columns} left join cluster.members as m on m.cluster_id = c.cluster_id where c.cluster_id = @DeploymentId
            """),
        ("InsertMembershipVersionKey", """
            with made as (insert into cluster.clusters (cluster_id) values (@DeploymentId) on conflict do nothing returning 1)
            select exists (select from made)
            """),
        ("InsertMembershipKey", $"""
            with turn as ({NextVersion} and not exists (select from cluster.members as m where {Member}) returning cluster_id),
            made as (
                insert into cluster.members
                    (cluster_id, address, port, generation, silo_name, host_name, status, gateway_port, started_at, alive_at)
                select cluster_id, @Address, @Port, @Generation, @SiloName, @HostName, @Status, @ProxyPort, @StartTime, @IAmAliveTime
                from turn returning 1)
            select exists (select from made)
            """),
        ("UpdateMembershipKey", $"""
            with turn as ({NextVersion} and exists (select from cluster.members as m where {Member}) returning cluster_id),
            changed as (
                update cluster.members as m set status = @Status, suspected = @SuspectTimes, alive_at = @IAmAliveTime
                from turn where {Member} returning 1)
            select exists (select from changed)
            """),
        ("UpdateIAmAlivetimeKey", $"update cluster.members as m set alive_at = @IAmAliveTime where {Member}"),
        ("DeleteMembershipTableEntriesKey", "delete from cluster.clusters where cluster_id = @DeploymentId"),
        // Only the dead: one that is starting may have given its last sign of life a while ago.
        ("CleanupDefunctSiloEntriesKey",
            "delete from cluster.members where cluster_id = @DeploymentId and status = 6 and alive_at < @IAmAliveTime"),
    ];
}
