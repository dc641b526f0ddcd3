"""Contracts of vouchers and coupons."""

from orchestration.sources.contracts.model import Contract, date, field, identifier, optional, required, string

OFFER = Contract(
    id="voucher.offer",
    title="Vouchers and what they are good for",
    description="One row per voucher, campaign and product. The same voucher may be handed out by several campaigns.",
    fields=(
        field("voucher_id", string, required, "the voucher or coupon, as printed"),
        field("campaign_id", string, required, "the campaign that hands it out"),
        field("product_id", string, required, "a product it is good for"),
    ),
    key=("voucher_id", "campaign_id", "product_id"),
)

REDEMPTION = Contract(
    id="voucher.redemption",
    title="Vouchers redeemed",
    description="One row per member, voucher, campaign and day.",
    fields=(
        field("member_id", string, required, "the member who redeemed it", pii=identifier("member_id")),
        field("voucher_id", string, required, "the voucher"),
        field("campaign_id", string, required, "the campaign it came from: a voucher alone does not say so"),
        field("redeemed_on", date, required, "day at the till, in the brand's zone"),
        field("order_id", string, optional, "the receipt, where the till says so"),
    ),
    key=("member_id", "voucher_id", "campaign_id", "redeemed_on"),
    event_at="redeemed_on",
    advances_clock=True,
)

CONTRACTS = (OFFER, REDEMPTION)
