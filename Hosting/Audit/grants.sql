-- Who may do what in the database of the audit (decisions 21, 29); applied after every migration. Gateways add to it and show it; no role
-- changes or deletes an entry, nor chooses its time.

revoke all on schema audit from public, {app};
revoke all on all tables in schema audit from public, {app};
revoke all on all functions in schema audit from public, {app};
grant usage on schema audit to {app};
grant select on audit.entries, audit.schema_version to {app};
grant execute on function audit.record to {app};
