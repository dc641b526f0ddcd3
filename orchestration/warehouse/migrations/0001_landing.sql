-- Landing: what came in, what was turned away, and the clear text behind the tokens.
-- The raw tables themselves follow from the contracts (warehouse/raw_tables.py).

create schema raw;
create schema quarantine;
create schema vault;
create schema ml;

create table ops.setting (
    name text primary key,
    value text not null
);
comment on table ops.setting is 'Facts fixed once for this database: its brand, the fingerprint of its PII key.';

create table ops.batch (
    batch_id text primary key,
    source text not null,
    contract text not null,
    name text not null,
    landed bigint not null,
    accepted bigint not null,
    duplicate bigint not null,
    quarantined bigint not null,
    source_columns text[] not null,
    unmapped_columns text[] not null,
    replayed_from text references ops.batch (batch_id),
    first_event_date date,
    last_event_date date,
    loaded_at timestamptz not null,
    constraint batch_adds_up check (landed = accepted + duplicate + quarantined)
);
comment on table ops.batch is 'One row per landed file or page. landed is counted by a reader of its own, the other three by the lander.';
comment on column ops.batch.batch_id is 'Hash of source, contract and content: the same content lands once.';
comment on column ops.batch.unmapped_columns is 'Columns of the input that the brand file neither maps nor ignores: not landed, and said so.';
comment on column ops.batch.first_event_date is 'Least event day in the brand''s zone, where the contract advances the clock.';

create table ops.refused_file (
    refused_id bigint generated always as identity primary key,
    source text not null,
    contract text not null,
    name text not null,
    content_digest text not null,
    reason text not null,
    detail text not null,
    refused_at timestamptz not null,
    unique (source, contract, name, content_digest)
);
comment on table ops.refused_file is 'Files that could not be read at all (truncated, wrong encoding, empty): refused whole, by name.';

create table ops.source_cursor (
    source text primary key,
    cursor jsonb not null,
    updated_at timestamptz not null
);
comment on table ops.source_cursor is 'How far each source was read; written in the transaction that lands the batch.';

create table quarantine.row (
    quarantine_id text primary key,
    batch_id text not null references ops.batch (batch_id),
    source text not null,
    contract text not null,
    row_number bigint not null,
    reason text not null,
    field text,
    expected text,
    quarantined_at timestamptz not null,
    replayed_batch_id text references ops.batch (batch_id),
    replayed_at timestamptz
);
comment on table quarantine.row is 'Rows that break their contract, each with its reason. Their original text lies in the vault.';
create index row_by_batch on quarantine.row (batch_id, row_number);

create table quarantine.value (
    quarantine_id text primary key,
    batch_id text not null references ops.batch (batch_id),
    source text not null,
    contract text not null,
    row_number bigint not null,
    reason text not null,
    field text not null,
    quarantined_at timestamptz not null
);
comment on table quarantine.value is 'Identifiers that could not be read, in rows that were accepted without them. The text lies in the vault.';
create index value_by_batch on quarantine.value (batch_id, row_number);

create table vault.quarantined_row (
    quarantine_id text primary key,
    format text not null,
    original bytea not null
);
comment on column vault.quarantined_row.format is 'json: an object of the source''s columns. text: the line as it stood in the file.';

comment on table vault.quarantined_row is 'The original text of quarantined rows and values.';

create table vault.clear_value (
    value_key text primary key,
    namespace text not null,
    value text not null,
    first_batch_id text not null,
    added_at timestamptz not null
);
comment on table vault.clear_value is 'The dictionary of tokens: identifiers and personal values, once each. value_key is the identifier_key used everywhere else.';
create index clear_value_by_value on vault.clear_value (namespace, value);
