"""Contracts of product reviews."""

from orchestration.sources.contracts.identifiers import member_id, omid, ouid, shop_id
from orchestration.sources.contracts.model import (
    Contract,
    boolean,
    field,
    integer,
    optional,
    personal,
    required,
    string,
    timestamp,
)

REVIEW = Contract(
    id="review.review",
    title="Reviews",
    description="One row per review in its newest state, of whichever shop or platform.",
    fields=(
        field("review_id", string, required, "the review"),
        field("channel", string, required, "where: tmall, shop, app, dianping …"),
        field("product_id", string, optional, "the product"),
        field("store_id", string, optional, "the store, where it is about one"),
        field("order_id", string, optional, "the order"),
        field("order_line_id", string, optional, "the item of the order"),
        field("rating", integer, required, "stars, 1 to 5"),
        field("text", string, optional, "what was written", pii=personal("message_text")),
        field("has_picture", boolean, optional, "whether it shows a picture"),
        field("reviewed_at", timestamp, required, "when"),
        field("replied_at", timestamp, optional, "when the brand answered"),
        member_id(),
        shop_id(),
        ouid(),
        omid(),
    ),
    key=("channel", "review_id"),
    event_at="reviewed_at",
)

CONTRACTS = (REVIEW,)
