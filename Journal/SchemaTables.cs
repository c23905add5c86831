namespace Commerce.Journal;

/// <summary>Migration 1: the tables.</summary>
internal static class SchemaTables
{
    /// <remarks>
    /// Facts are <c>json</c>: kept byte for byte as they were written, unlike <c>jsonb</c>, checked to be JSON at all, unlike <c>text</c>,
    /// and open to an operator's queries. Answers and snapshots are only ever read back by who wrote them, so they are <c>text</c>.
    /// </remarks>
    public const string Sql = """
        create table journal.partitions (
            id       smallint primary key,
            position bigint not null default 0   -- of the last fact; changed under a row lock that is held to commit, hence gapless (J2)
        ) with (fillfactor = 20);

        create table journal.entities (
            id               text primary key,
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
            entity    text not null,
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
            entity      text not null,
            id          text not null,
            fingerprint text,
            answer      text not null,
            at          timestamptz not null,
            primary key (entity, id)
        );
        create index operations_at on journal.operations using brin (at);   -- for pruning; costs next to nothing to keep

        create table journal.claims (
            scope  text not null,
            value  text not null,
            entity text not null,
            primary key (scope, value)
        );

        create table journal.checkpoints (
            subscription text not null,
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
        """;
}
