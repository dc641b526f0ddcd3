-- Identity: what a person decided about identifiers, which values are on a block list, and whom every key named when.

create table ops.identity_decision (
    decision_id bigint generated always as identity primary key,
    decision text not null check (decision in ('release', 'refuse', 'withdraw')),
    left_key text not null,
    right_key text not null,
    as_of date not null,
    decided_at timestamptz not null,
    decided_by text not null,
    reason text not null,
    constraint identity_decision_pair check (left_key < right_key collate "C")
);
comment on table ops.identity_decision is 'Insert-only: dated evidence given by a person. Of one pair the latest release or refusal holds.';
comment on column ops.identity_decision.as_of is 'The as_of of the build it was made on: from that day on it counts.';
comment on column ops.identity_decision.decision is
'release: the two are one person. refuse: they are not. withdraw: what records said of the pair until that day no longer counts.';

create table ops.blocked_identifier (
    identifier_key text primary key,
    namespace text not null,
    reason text not null,
    listed_at timestamptz not null
);
comment on table ops.blocked_identifier is 'Values on a block list (seeds/identifier_block_list.csv): they name nobody. Kept equal to the list.';

create table ops.identity_publication (
    build_id bigint primary key references ops.build (build_id),
    as_of date not null,
    counts jsonb not null,
    published_at timestamptz not null
);
comment on table ops.identity_publication is 'Insert-only: foundations whose customers became the state, with what they changed.';

create table ops.identity_approval (
    approval_id bigint generated always as identity primary key,
    as_of date not null,
    approved_by text not null,
    reason text not null,
    approved_at timestamptz not null
);
comment on table ops.identity_approval is 'Insert-only: a person has looked at unusual changes of identity and lets the build of this as_of publish them.';

create table ops.published_customer (
    identifier_key text primary key,
    customer_key text not null,
    namespace text not null
);
comment on table ops.published_customer is 'The customer of every identifier that has one, as the newest foundation published it.';

create table ops.customer_key_log (
    log_id bigint generated always as identity primary key,
    build_id bigint not null references ops.build (build_id),
    as_of date not null,
    identifier_key text not null,
    namespace text not null,
    change text not null check (change in ('merged', 'split', 'renamed', 'left')),
    old_customer_key text not null,
    new_customer_key text,
    recorded_at timestamptz not null
);
create index customer_key_log_by_identifier on ops.customer_key_log (identifier_key, log_id);
comment on table ops.customer_key_log is 'Insert-only: what each published build changed about whom an identifier names. No model reads it.';
comment on column ops.customer_key_log.change is
'merged: into a customer that was there. split: away from one that stays. renamed: the customer has another key. left: nobody''s now.';
