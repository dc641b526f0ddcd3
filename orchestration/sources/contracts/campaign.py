"""Contracts of campaigns run outside the platform."""

from orchestration.sources.contracts.model import Contract, date, field, identifier, optional, required, string

CAMPAIGN = Contract(
    id="campaign.campaign",
    title="Campaigns",
    description="One row per campaign: its channel and its window, first and last day included.",
    fields=(
        field("campaign_id", string, required, "the campaign, as its system names it"),
        field("campaign_name", string, optional, "what the marketers call it"),
        field("campaign_type", string, optional, "its kind"),
        field("channel", string, required, "the channel it goes out on"),
        field("starts_on", date, required, "first day, in the brand's zone"),
        field("ends_on", date, required, "last day, in the brand's zone"),
    ),
    key=("campaign_id",),
)

TARGET = Contract(
    id="campaign.target",
    title="Who a campaign was sent to",
    description="One row per member and campaign. Where the day of delivery is not known, the campaign's first day "
    "stands for it.",
    fields=(
        field("campaign_id", string, required, "the campaign"),
        field("member_id", string, required, "the member it was sent to", pii=identifier("member_id")),
        field("delivered_on", date, optional, "day of delivery, in the brand's zone"),
    ),
    key=("campaign_id", "member_id"),
)

CONTRACTS = (CAMPAIGN, TARGET)
