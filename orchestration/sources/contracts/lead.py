"""Contracts of leads."""

from orchestration.sources.contracts.identifiers import app_id, cookie_id, email, member_id, openid, phone
from orchestration.sources.contracts.model import (
    Contract,
    attribute,
    date,
    field,
    optional,
    personal,
    required,
    string,
    timestamp,
)

LEAD = Contract(
    id="lead.lead",
    title="Leads",
    description="One row per lead in its newest state: somebody who showed interest and may be won or lost.",
    fields=(
        field("lead_id", string, required, "the lead"),
        field("lead_source", string, required, "where it came from: form, event, ad, hotline, store …"),
        field("status", string, required, "its state", allowed=("new", "working", "won", "lost")),
        field("created_at", timestamp, required, "when it came in"),
        field("assigned_at", timestamp, optional, "when somebody took it up"),
        field("closed_at", timestamp, optional, "when it was won or lost"),
        field("lost_reason", string, optional, "why it was lost: price, competitor, no_reply, not_suitable …"),
        field("campaign_id", string, optional, "the campaign that brought it"),
        field("product_id", string, optional, "the product of interest"),
        field("store_id", string, optional, "the store it was given to"),
        field("staff_id", string, optional, "who works on it"),
        member_id(),
        phone(),
        email(),
        cookie_id(),
        app_id(),
        openid(),
        field("full_name", string, optional, "name as given", pii=personal("full_name")),
        field("birthday", date, optional, "date of birth; year 1900 where only day and month are known", pii=attribute),
        field("home_city", string, optional, "where the lead lives", pii=attribute),
        field("address", string, optional, "where the lead lives, to the door", pii=personal("address")),
        field("note", string, optional, "what was noted", pii=personal("note")),
    ),
    key=("lead_id",),
    event_at="created_at",
)

CONTRACTS = (LEAD,)
