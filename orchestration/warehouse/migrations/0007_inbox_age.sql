-- Landed pushes are forgotten after some days: they are found by their age.

create index inbox_landed on vault.inbox (source, received_at) where batch_id is not null;
