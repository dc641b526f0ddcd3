-- The inbox of the push endpoint: what was answered for and is not yet landed.

create table vault.inbox (
    inbox_id bigint generated always as identity primary key,
    push_id text not null unique,
    source text not null,
    received_at timestamptz not null,
    content_type text not null,
    layout text not null check (layout in ('document', 'lines')),
    records_path text not null,
    record_count bigint not null check (record_count > 0),
    body_bytes bigint not null,
    body bytea,
    attempts integer not null default 0,
    batch_id text references ops.batch (batch_id) deferrable initially deferred,
    constraint inbox_body_until_landed check ((body is null) = (batch_id is not null))
);
create index inbox_waiting on vault.inbox (source, inbox_id) where batch_id is null;
comment on table vault.inbox is 'One row per push that was answered with a 2xx. Bodies are clear text; they stay until their batch commits.';
comment on column vault.inbox.push_id is 'Keyed hash of source and body: the same delivery twice is one push, also after it was landed.';
comment on column vault.inbox.records_path is 'Where in the body the records are, as the brand file said when it came.';
comment on column vault.inbox.record_count is 'Counted at the door, by another reader than the one that lands.';
comment on column vault.inbox.attempts is 'How often a batch with it was begun: one that failed before is tried in smaller company.';
comment on column vault.inbox.batch_id is 'The batch that landed it, set in the transaction of that batch; null while it waits.';

create view ops.push as
select inbox_id, source, received_at, record_count, body_bytes, attempts, batch_id from vault.inbox;
comment on view ops.push is 'Pushes and the batches that landed them, without what they held.';
