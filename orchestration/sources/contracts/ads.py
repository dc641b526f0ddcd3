"""Contracts of paid advertising: campaigns, what they cost and reached, clicks."""

from orchestration.sources.contracts.identifiers import cookie_id, device_id
from orchestration.sources.contracts.model import (
    Contract,
    date,
    decimal,
    field,
    integer,
    optional,
    personal,
    required,
    string,
    timestamp,
)

CAMPAIGN = Contract(
    id="ads.campaign",
    title="Campaigns at ad platforms",
    description="One row per campaign and platform.",
    fields=(
        field("platform", string, required, "the platform: tencent_ads, ocean_engine, alimama, google, meta …"),
        field("account_id", string, optional, "the brand's account there"),
        field("campaign_id", string, required, "the campaign at the platform"),
        field("campaign_name", string, optional, "what the marketers call it"),
        field("objective", string, optional, "what it is to reach"),
        field("starts_on", date, required, "first day, in the brand's zone"),
        field("ends_on", date, optional, "last day, in the brand's zone"),
        field("budget_amount", decimal(14, 2), optional, "budget of the whole campaign, in `currency`"),
        field("currency", string, optional, "ISO 4217 code; the brand's when empty"),
    ),
    key=("platform", "campaign_id"),
)

DAILY = Contract(
    id="ads.daily",
    title="Impressions, clicks and spend by day",
    description="One row per platform, campaign, ad and day. Platforms correct recent days: the newest row counts.",
    fields=(
        field("platform", string, required, "the platform"),
        field("campaign_id", string, required, "the campaign at the platform"),
        field("ad_id", string, optional, "the ad within the campaign"),
        field("stat_on", date, required, "the day, in the brand's zone"),
        field("impression_count", integer, required, "times it was shown"),
        field("click_count", integer, required, "clicks"),
        field("spend_amount", decimal(14, 2), required, "what it cost, in `currency`"),
        field("currency", string, optional, "ISO 4217 code; the brand's when empty"),
    ),
    key=("platform", "campaign_id", "ad_id", "stat_on"),
    event_at="stat_on",
)

CLICK = Contract(
    id="ads.click",
    title="Clicks on ads",
    description="One row per click that led to the brand's own pages, with the browser or device it led to.",
    fields=(
        field("click_id", string, required, "the click, as the platform names it (`gclid`, `fbclid` …)"),
        field("platform", string, required, "the platform"),
        field("campaign_id", string, required, "the campaign at the platform"),
        field("ad_id", string, optional, "the ad within the campaign"),
        field("content_key", string, optional, "its content, as campaigns name it"),
        field("clicked_at", timestamp, required, "when"),
        cookie_id(meaning="the browser it led to"),
        device_id(meaning="the device it led to"),
        field("oaid", string, optional, "advertising id: it rotates, and never links", pii=personal("oaid")),
        field("landing_url", string, optional, "where it led"),
    ),
    key=("platform", "click_id"),
    event_at="clicked_at",
)

CONTRACTS = (CAMPAIGN, DAILY, CLICK)
