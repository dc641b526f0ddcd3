"""Contracts of promotions in stores and mailers."""

from orchestration.sources.contracts.model import Contract, date, decimal, field, optional, required, string, timestamp

PLACEMENT = Contract(
    id="promotion.placement",
    title="Products on display or in the mailer",
    description="One row per product, store, first day and place. Says what everybody could see, not who saw it.",
    fields=(
        field("product_id", string, required, "the product"),
        field("store_id", string, required, "the store"),
        field("starts_on", date, required, "first day, in the brand's zone"),
        field("ends_on", date, optional, "last day, in the brand's zone"),
        field("display_location", string, optional, "code of the place in the store; 0 is none"),
        field("mailer_location", string, optional, "code of the place in the mailer; 0 is none"),
    ),
    key=("product_id", "store_id", "starts_on", "display_location", "mailer_location"),
)

PROMOTION = Contract(
    id="promotion.promotion",
    title="Calendar of promotions",
    description="One row per promotion: what is offered where and when.",
    fields=(
        field("promotion_id", string, required, "the promotion"),
        field("promotion_name", string, required, "what the marketers call it"),
        field("mechanism", string, required, "discount, threshold, bundle, gift_with_purchase, double_points …"),
        field("starts_at", timestamp, required, "from when"),
        field("ends_at", timestamp, required, "until when"),
        field("channel", string, optional, "where it counts; everywhere when empty"),
        field("product_id", string, optional, "the product it is about; all when empty"),
        field("category", string, optional, "the category it is about"),
        field("discount_rate", decimal(5, 4), optional, "share taken off, 0 to 1"),
        field("discount_amount", decimal(12, 2), optional, "amount taken off, in the brand's currency"),
        field("threshold_amount", decimal(12, 2), optional, "least order it counts for, in the brand's currency"),
        field("campaign_id", string, optional, "the campaign it belongs to"),
    ),
    key=("promotion_id", "product_id"),
)

CONTRACTS = (PLACEMENT, PROMOTION)
