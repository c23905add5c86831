-- Who may do what in the database of one capability (decision 21). It is applied after every migration and says all of it anew: what is
-- not here is nobody's right. The names in braces are those of the roles.

revoke all on schema journal from public, {app}, {models}, {view}, {seals};
revoke all on all tables in schema journal from public, {app}, {models}, {view}, {seals};
revoke all on all functions in schema journal from public, {app}, {models}, {view}, {seals};

-- Silos commit by these functions, and otherwise only read: a fact is neither changed nor deleted.
grant usage on schema journal to {app};
grant select on all tables in schema journal to {app};
grant execute on function journal.commit, journal.append_in_turn, journal.move_alarm, journal.sweep, journal.head, journal.rewrap,
    journal.use_key_ring to {app};
grant insert, update on journal.checkpoints to {app};
grant insert, update, delete on journal.parked to {app};
grant delete on journal.answers to {app};   -- of refusals, when they are old

-- Gateways read what timelines, live streams and the operator's pages show.
grant usage on schema journal to {view};
grant select on journal.appends, journal.seals, journal.checkpoints, journal.parked, journal.layout, journal.families,
    journal.schema_version to {view};
grant execute on function journal.head to {view};

-- Seals are added by a role that can do nothing else, and taken away or exchanged by none (decision 29).
grant usage on schema journal to {seals};
grant select on journal.appends, journal.seals, journal.layout to {seals};
grant execute on function journal.seal to {seals};

-- Read models are made, and made again, by a role that sees nothing of the journal; gateways read them.
grant usage on schema public to {models}, {view};   -- of the functions of extensions
alter default privileges for role {models} grant usage on schemas to {view};
alter default privileges for role {models} grant select on tables to {view};
