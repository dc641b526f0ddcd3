-- The send ledger: decisions, intents, batches, receipts. Rows are never deleted; states move one way.

create table ops.destination (
    destination_id text primary key,
    kind text not null,
    capabilities jsonb not null,
    is_enabled boolean not null default true
);

create table ops.sync (
    sync_id text primary key,
    destination_id text not null references ops.destination (destination_id),
    campaign_id text not null,
    mode text not null check (mode in ('mirror', 'upsert', 'add_only', 'send_once', 'send_recurring')),
    state text not null check (state in ('draft', 'shadow', 'active', 'paused')),
    unique (destination_id, campaign_id)
);

create table ops.sync_run (
    run_id uuid primary key,
    sync_id text not null references ops.sync (sync_id),
    build_id bigint not null references ops.build (build_id),
    delivery text not null check (delivery in ('dry_run', 'test', 'live')),
    as_of date not null,
    state text not null check (
        state in ('diffing', 'held', 'approved', 'dispatching', 'draining', 'done', 'failed', 'cancelled')
    ),
    counts jsonb not null default '{}',
    held_reason text,
    started_at timestamptz not null,
    finished_at timestamptz
);
create index sync_run_by_sync on ops.sync_run (sync_id, started_at);

create table ops.decision (
    decision_id uuid primary key,
    run_id uuid not null references ops.sync_run (run_id),
    campaign_id text not null,
    candidate text not null,
    identifier_key text,
    channel text,
    occasion_key text not null,
    outcome text not null check (outcome in ('send', 'suppressed')),
    reason text not null,
    delivery text not null check (delivery in ('dry_run', 'test', 'live')),
    as_of date not null,
    business_at timestamptz not null,
    recorded_at timestamptz not null,
    unique (delivery, campaign_id, candidate, occasion_key, as_of)
);
comment on table ops.decision is 'Insert-only: every candidate of every campaign and day, with its outcome and the reason.';
comment on column ops.decision.candidate is 'The customer''s key at that moment, which is an identifier_key: it resolves through the bridge for ever.';
comment on column ops.decision.identifier_key is 'The address that would be used; null when the candidate was not reachable.';
comment on column ops.decision.business_at is 'The end of the as_of day: the moment at which what was decided on was known.';

create table ops.operation (
    op_id uuid primary key,
    run_id uuid not null references ops.sync_run (run_id),
    sync_id text not null references ops.sync (sync_id),
    campaign_id text not null,
    candidate text not null,
    identifier_key text not null,
    channel text not null,
    purpose text not null,
    kind text not null check (kind in ('add', 'update', 'remove', 'send')),
    occasion_key text not null,
    idem_key text not null unique,
    delivery text not null check (delivery in ('dry_run', 'test', 'live')),
    state text not null check (
        state in (
            'pending', 'in_flight', 'unknown', 'acked', 'dead', 'superseded', 'suppressed', 'expired', 'cancelled', 'abandoned'
        )
    ),
    attempts integer not null default 0,
    next_at timestamptz,
    batch_id uuid,
    provider_id text,
    error_class text,
    error_code text,
    error_text text,
    as_of date not null,
    business_at timestamptz not null,
    valid_until timestamptz,
    recorded_at timestamptz not null,
    sent_at timestamptz,
    acked_at timestamptz
);
create unique index operation_one_message_per_occasion
on ops.operation (delivery, channel, identifier_key, campaign_id, occasion_key) where kind = 'send' and delivery <> 'dry_run';
create unique index operation_one_open_per_member on ops.operation (delivery, sync_id, identifier_key)
where kind <> 'send' and state in ('pending', 'in_flight', 'unknown');
create index operation_pending on ops.operation (sync_id, next_at, op_id) where state = 'pending';
create index operation_open on ops.operation (sync_id, batch_id) where state in ('in_flight', 'unknown');
create index operation_by_run on ops.operation (run_id, state);
create index operation_by_identifier on ops.operation (identifier_key, business_at);
comment on column ops.operation.idem_key is 'Hash of delivery, sync, identifier, channel and occasion (never of a run): what makes a second message impossible.';
comment on index ops.operation_one_message_per_occasion is
'The second lock beside idem_key. A rehearsal is whole every day, so dry runs stand outside it.';
comment on index ops.operation_one_open_per_member is 'Changes of one list member go in order; messages are kept apart by their occasion.';
comment on column ops.operation.purpose is 'Of the campaign when the intent was written: caps count by it and the claim re-checks opt-outs by it.';
comment on column ops.operation.attempts is 'How often it was claimed for sending.';
comment on column ops.operation.error_text is 'What the provider answered, with every address cut out.';

create table ops.operation_identifier (
    op_id uuid not null references ops.operation (op_id),
    identifier_key text not null,
    primary key (op_id, identifier_key)
);
create index operation_identifier_by_identifier on ops.operation_identifier (identifier_key);
comment on table ops.operation_identifier is
'Every identifier the customer had when the intent was written: an opt-out or an earlier message on any of them counts.';

create table ops.desired_member (
    op_id uuid primary key references ops.operation (op_id),
    sync_id text not null references ops.sync (sync_id),
    identifier_key text not null,
    content_key text not null,
    payload jsonb not null
);
comment on table ops.desired_member is 'What a message needs beside its address: figures as they are, personal values as tokens.';

create table ops.send_batch (
    batch_id uuid primary key,
    sync_id text not null references ops.sync (sync_id),
    attempt_out_id text not null unique,
    lease_owner text not null,
    lease_until timestamptz not null,
    fence bigint generated always as identity,
    op_count integer not null,
    opened_at timestamptz not null,
    sent_at timestamptz,
    settle_at timestamptz,
    polls integer not null default 0,
    outcome text check (outcome in ('ok', 'partial', 'rejected', 'ambiguous'))
);
alter table ops.operation add foreign key (batch_id) references ops.send_batch (batch_id);

create table ops.suppression (
    suppression_id text primary key,
    identifier_key text not null,
    channel text not null,
    purpose text not null,
    is_suppressed boolean not null,
    occurred_at timestamptz not null,
    batch_id text not null references ops.batch (batch_id),
    recorded_at timestamptz not null
);
create index suppression_by_identifier on ops.suppression (identifier_key, channel);
comment on table ops.suppression is 'Opt-outs and later opt-ins as they land, in the landing transaction. The latest by occurred_at holds; at the same moment the opt-out.';
