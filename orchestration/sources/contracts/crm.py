"""Contracts of the member master and of consent."""

from orchestration.sources.contracts.model import (
    Contract,
    attribute,
    boolean,
    field,
    identifier,
    optional,
    personal,
    required,
    string,
    timestamp,
)

MEMBER = Contract(
    id="crm.member",
    title="Members",
    description="One row per member and source, with the ways to reach them and what they told the brand about "
    "themselves. The newest row of a source counts; sources complete each other.",
    fields=(
        field("member_id", string, required, "the member", pii=identifier("member_id")),
        field("email", string, optional, "e-mail address", pii=identifier("email")),
        field(
            "phone",
            string,
            optional,
            "mobile number, with country code or in the brand's country",
            pii=identifier("phone"),
        ),
        field("full_name", string, optional, "name as the member writes it", pii=personal("full_name")),
        field("registered_at", timestamp, optional, "when the member joined; empty where the system does not know"),
        field("age_band", string, optional, "age in years, as a range", pii=attribute),
        field(
            "income_band",
            string,
            optional,
            "yearly household income in thousands of `currency`, as a range",
            pii=attribute,
        ),
        field("home_ownership", string, optional, "owner or renter, known or probable", pii=attribute),
        field("marital_status", string, optional, "married or not", pii=attribute),
        field("household_size", string, optional, "people in the household; may end with +", pii=attribute),
        field("household_composition", string, optional, "adults and children, in words", pii=attribute),
        field("children_count", string, optional, "children in the household; may end with +", pii=attribute),
        field("is_synthetic", boolean, optional, "true when the row was made up for a demonstration"),
    ),
    key=("member_id",),
)

CONSENT = Contract(
    id="crm.consent",
    title="Consent given and withdrawn",
    description="One row per change: who, for which channel and purpose, given or withdrawn, when and where. Nothing "
    "is sent without one.",
    fields=(
        field("member_id", string, optional, "the member who said it", pii=identifier("member_id")),
        field("email", string, optional, "the address it was said for", pii=identifier("email")),
        field("phone", string, optional, "the number it was said for", pii=identifier("phone")),
        field(
            "channel",
            string,
            required,
            "the channel it is about",
            allowed=("email", "sms", "wechat", "push", "mail", "all"),
        ),
        field("purpose", string, required, "what for", allowed=("marketing", "service", "survey", "all")),
        field("is_granted", boolean, required, "true: given; false: withdrawn"),
        field("changed_at", timestamp, required, "when it was said"),
        field("said_where", string, optional, "the form, till or reply that holds the proof"),
        field("is_synthetic", boolean, optional, "true when the row was made up for a demonstration"),
    ),
    key=("member_id", "email", "phone", "channel", "purpose", "changed_at"),
    event_at="changed_at",
    any_of=(("member_id", "email", "phone"),),
    is_opt_out_record=True,
)

CONTRACTS = (MEMBER, CONSENT)
