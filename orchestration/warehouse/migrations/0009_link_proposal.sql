-- Probable links: pairs of customers without a shared identifier that a model takes for one person, for a person to look at.

create table ops.link_proposal (
    proposal_id bigint generated always as identity primary key,
    left_key text not null,
    right_key text not null,
    probability numeric(5, 4) not null check (probability between 0 and 1),
    agreement jsonb not null,
    both_hold text,
    model_name text not null,
    model_version text not null,
    as_of date not null,
    scored_at timestamptz not null,
    state text not null check (state in ('open', 'released', 'refused', 'lapsed')),
    settled_at timestamptz,
    constraint link_proposal_pair check (left_key < right_key collate "C"),
    constraint link_proposal_settled check ((state = 'open') = (settled_at is null))
);
create unique index link_proposal_one_open_per_pair on ops.link_proposal (left_key, right_key) where state = 'open';
comment on table ops.link_proposal is
'Rows are never deleted. A proposal links nothing: only a release of its pair (ops.identity_decision) does.';
comment on column ops.link_proposal.left_key is 'With right_key: of each customer the usable strong identifier of highest priority, when it was scored.';
comment on column ops.link_proposal.agreement is 'How name, birthday and address agree, in words; what is not known of both is left out. No value is told.';
comment on column ops.link_proposal.both_hold is
'A namespace of which a customer may have one value and both have one: no release joins them, the system that gave the values must.';
comment on column ops.link_proposal.as_of is 'The as_of of the build whose customers were compared.';
comment on column ops.link_proposal.state is
'open: waits. released, refused: a person said so. lapsed: a later run found it no longer so, or scored it anew.';
