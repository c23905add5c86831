-- Who may do what in the database of the audit (decisions 21, 29); applied after every migration. Gateways add to it and show it, silos
-- only add to it; no role changes or deletes an entry, nor chooses its time.

revoke all on schema audit from public, {app}, {recorder};
revoke all on all tables in schema audit from public, {app}, {recorder};
revoke all on all functions in schema audit from public, {app}, {recorder};
grant usage on schema audit to {app}, {recorder};
grant select on audit.schema_version to {app}, {recorder};
grant select on audit.entries to {app};
grant execute on function audit.record to {app}, {recorder};
