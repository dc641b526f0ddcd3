-- Builds and gates: what was computed from what, and whether it may be sent from.

create table ops.build (
    build_id bigint generated always as identity primary key,
    phase text not null check (phase in ('foundation', 'serving', 'partial')),
    as_of date not null,
    known_at timestamptz not null,
    input_fingerprint text not null,
    state text not null check (state in ('running', 'done', 'failed')),
    owner text not null,
    started_at timestamptz not null,
    finished_at timestamptz,
    counts jsonb not null default '{}'
);
comment on table ops.build is 'One row per dbt invocation that may change tables. A row left running by a killed process is no finished build.';
comment on column ops.build.input_fingerprint is 'Hash of landed batches, as_of, code and settings: equal means the result would be equal.';

create table ops.gate (
    build_id bigint not null references ops.build (build_id),
    gate text not null,
    state text not null check (state in ('green', 'red')),
    evidence jsonb not null,
    judged_at timestamptz not null,
    primary key (build_id, gate, judged_at)
);
comment on table ops.gate is 'Verdicts of blocking checks on one build. Sending needs every required gate green on the newest build.';

create table ops.check_result (
    check_result_id bigint generated always as identity primary key,
    door text not null check (door in ('landing', 'marts', 'payload')),
    subject text not null,
    state text not null check (state in ('green', 'red')),
    evidence jsonb not null,
    build_id bigint references ops.build (build_id),
    judged_at timestamptz not null
);
create index check_result_by_subject on ops.check_result (subject, judged_at);
comment on table ops.check_result is 'Verdicts of the suites at the doors, one row per suite and judgement. The newest of each subject counts.';
comment on column ops.check_result.build_id is 'The newest build when it was judged; null before the first.';
