-- When a source was last read, whatever came of it: what is read at intervals counts from here.

create table ops.landing_attempt (
    source text primary key,
    tried_at timestamptz not null
);
comment on table ops.landing_attempt is 'When a landing last began to read a source beyond this machine, also one that found nothing or failed.';
