-- Who may do what in the cluster's database (decision 21); applied after every migration. The statements that Orleans' providers send are
-- rows here: who could write them could have every silo execute SQL.

revoke all on schema cluster from public, {app}, {view};
revoke all on all tables in schema cluster from public, {app}, {view};
grant usage on schema cluster to {app}, {view};
grant select on all tables in schema cluster to {app};
grant insert, update, delete on cluster.clusters, cluster.members, cluster.reminders, cluster.states to {app};

-- Gateways look for silos.
grant select on cluster.orleansquery, cluster.members, cluster.schema_version to {view};
