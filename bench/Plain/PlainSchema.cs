namespace Commerce.Plain;

/// <summary>Ordinary tables in one database. What must never be is a constraint.</summary>
internal static class PlainSchema
{
    public const string Sql = """
        create table if not exists products (
            sku text primary key, name text not null, currency text not null, unit_price bigint not null check (unit_price >= 0));

        create table if not exists stock (
            sku text primary key, on_hand bigint not null, held bigint not null default 0,
            constraint no_oversell check (held >= 0 and on_hand >= held));

        create table if not exists orders (
            id text primary key, currency text not null, total bigint not null, payment_method text not null, status text not null,
            reason text, placed_at timestamptz not null default now());

        create table if not exists order_lines (
            order_id text not null references orders, line int not null, sku text not null, quantity bigint not null check (quantity > 0),
            unit_price bigint not null, total bigint not null, primary key (order_id, line));

        create table if not exists payments (
            order_id text primary key references orders, authorized bigint not null, captured bigint not null default 0,
            constraint no_overcapture check (captured >= 0 and authorized >= captured));

        create table if not exists ledger (
            entry text not null, account text not null, currency text not null, amount bigint not null,
            at timestamptz not null default now(), primary key (entry, account));

        create table if not exists operations (
            key text primary key, fingerprint bytea not null, order_id text not null, at timestamptz not null default now());
        """;
}
