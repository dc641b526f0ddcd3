"""Contracts of the loyalty programme as the customer system keeps it."""

from orchestration.sources.contracts.identifiers import member_id
from orchestration.sources.contracts.model import (
    Contract,
    date,
    decimal,
    field,
    integer,
    optional,
    required,
    string,
    timestamp,
)

POINTS = Contract(
    id="loyalty.points",
    title="Movements of points",
    description="One row per movement in the customer system's ledger.",
    fields=(
        field("entry_id", string, required, "the movement"),
        member_id(required, "the member"),
        field(
            "entry_type", string, required, "what moved them", allowed=("earn", "redeem", "expire", "reverse", "adjust")
        ),
        field("points", integer, required, "points, negative where they leave"),
        field("posted_at", timestamp, required, "when"),
        field("order_id", string, optional, "the order they were earned with"),
        field("reward_id", string, optional, "the reward they were redeemed for"),
        field("reason", string, optional, "why, in words"),
        field("expires_on", date, optional, "last day they count, in the brand's zone"),
    ),
    key=("entry_id",),
    event_at="posted_at",
)

REWARD = Contract(
    id="loyalty.reward",
    title="Rewards redeemed",
    description="One row per reward a member took, in its newest state: gift, sample, service, voucher.",
    fields=(
        field("redemption_id", string, required, "the redemption"),
        member_id(required, "the member"),
        field("reward_id", string, required, "the reward"),
        field("reward_type", string, optional, "gift, sample, service, voucher, birthday_gift …"),
        field("points", integer, optional, "points it cost"),
        field("product_id", string, optional, "the product that was given"),
        field("store_id", string, optional, "where"),
        field("redeemed_at", timestamp, required, "when"),
        field("status", string, optional, "its state", allowed=("issued", "taken", "cancelled", "expired")),
    ),
    key=("redemption_id",),
    event_at="redeemed_at",
)

TIER = Contract(
    id="loyalty.tier",
    title="Changes of tier",
    description="One row per change, as the customer system made it.",
    fields=(
        member_id(required, "the member"),
        field("tier", string, required, "the tier from then on"),
        field("previous_tier", string, optional, "the tier before"),
        field("changed_at", timestamp, required, "when"),
        field("valid_until", date, optional, "last day it is granted for, in the brand's zone"),
        field("qualifying_amount", decimal(12, 2), optional, "spend that counted, in the brand's currency"),
        field("reason", string, optional, "why: spend, expiry, courtesy …"),
    ),
    key=("member_id", "changed_at"),
    event_at="changed_at",
)

CONTRACTS = (POINTS, REWARD, TIER)
