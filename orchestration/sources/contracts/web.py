"""Contracts of the website: the events its SDK reports (names as in GA4 and Segment)."""

from orchestration.sources.contracts.identifiers import cookie_id, email, member_id, phone
from orchestration.sources.contracts.model import (
    Contract,
    attribute,
    decimal,
    field,
    integer,
    optional,
    personal,
    required,
    string,
    timestamp,
)

EVENT = Contract(
    id="web.event",
    title="Events of the website",
    description="One row per event: page_view, search, video_progress, view_item, add_to_cart, remove_from_cart, "
    "begin_checkout, form_submit, login, identify, purchase. Dwell is reported when a page is left.",
    fields=(
        field("event_id", string, required, "the event, as the SDK numbers it (`messageId`)"),
        field("event_name", string, required, "what happened"),
        field("event_at", timestamp, required, "when it happened in the browser (`originalTimestamp`)"),
        field("received_at", timestamp, optional, "when the collector got it"),
        cookie_id(required, "the browser, by its first-party cookie (`anonymousId`, `client_id`)"),
        member_id(meaning="the member who is logged in (`userId`)"),
        email(meaning="address given in a form or at login (`traits.email`)"),
        phone(meaning="number given in a form or at login (`traits.phone`)"),
        field("session_id", string, optional, "the visit"),
        field("page_url", string, optional, "address of the page, without what names a person"),
        field("page_path", string, optional, "path of the page"),
        field("page_title", string, optional, "title of the page"),
        field("referrer", string, optional, "address of the page before"),
        field("utm_source", string, optional, "campaign parameter: where from"),
        field("utm_medium", string, optional, "campaign parameter: by what"),
        field("utm_campaign", string, optional, "campaign parameter: which campaign"),
        field("utm_content", string, optional, "campaign parameter: which content"),
        field("utm_term", string, optional, "campaign parameter: which search word"),
        field("click_id", string, optional, "the ad platform's click (`gclid`, `fbclid` …)"),
        field("link_id", string, optional, "tracked link that led here"),
        field("search_term", string, optional, "what was searched for", pii=personal("search_term")),
        field("form_id", string, optional, "the form"),
        field("video_id", string, optional, "the video"),
        field("video_percent", integer, optional, "share of the video seen, in percent"),
        field("product_id", string, optional, "the product it is about"),
        field("quantity", integer, optional, "units put into or taken out of the cart"),
        field("order_id", string, optional, "the order it is about"),
        field("value_amount", decimal(12, 2), optional, "worth of the cart or order, in `currency`"),
        field("currency", string, optional, "ISO 4217 code; the brand's when empty"),
        field("dwell_seconds", integer, optional, "time on the page, in seconds"),
        field("device_category", string, optional, "desktop, mobile, tablet", pii=attribute),
        field("user_agent", string, optional, "the browser's own name", pii=attribute),
    ),
    key=("event_id",),
    event_at="event_at",
    advances_clock=True,
)

CONTRACTS = (EVENT,)
