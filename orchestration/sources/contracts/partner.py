"""Contracts of data that agencies, analytics vendors and partners hold."""

from orchestration.sources.contracts.identifiers import email, member_id, phone, unionid
from orchestration.sources.contracts.model import (
    Contract,
    decimal,
    field,
    identifier,
    optional,
    required,
    string,
    timestamp,
)

RECORD = Contract(
    id="partner.record",
    title="Records held by partners",
    description="One row per fact a partner tells about a person: whose data it is and on which consent it stands "
    "are part of it. Nothing of it is used for contact without that basis.",
    fields=(
        field("partner_id", string, required, "who holds it"),
        field("record_id", string, required, "the record, as the partner names it"),
        field(
            "owner",
            string,
            required,
            "whose data it is: brand, partner or joint",
            allowed=("brand", "partner", "joint"),
        ),
        field(
            "consent_basis",
            string,
            required,
            "what allows its use",
            allowed=("consent", "contract", "legitimate_interest", "aggregate_only"),
        ),
        field("record_type", string, required, "kind of fact: event, segment, score, visit …"),
        field("recorded_at", timestamp, required, "when it happened or was found"),
        field("name", string, optional, "name of the fact"),
        field("text_value", string, optional, "its value, where it is text"),
        field("number_value", decimal(18, 4), optional, "its value, where it is a number"),
        field("campaign_id", string, optional, "the campaign it is about"),
        member_id(),
        phone(),
        email(),
        unionid(),
        field(
            "partner_person_id",
            string,
            optional,
            "the partner's own name for the person",
            pii=identifier("partner_person_id", scope="partner_id"),
        ),
    ),
    key=("partner_id", "record_id"),
    event_at="recorded_at",
)

CONTRACTS = (RECORD,)
