"""Contracts of the mini-program."""

from orchestration.sources.contracts.identifiers import app_id, member_id, openid, phone, unionid
from orchestration.sources.contracts.model import (
    Contract,
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
    id="miniprogram.event",
    title="Events of the mini-program",
    description="One row per event the mini-program's SDK reports: page, search, product, cart, form, login, booking, "
    "purchase. A login carries the number the customer let WeChat hand over.",
    fields=(
        field("event_id", string, required, "the event, as the SDK numbers it"),
        field("event_name", string, required, "what happened: page_view, search, view_item, add_to_cart, login …"),
        field("event_at", timestamp, required, "when it happened on the phone"),
        app_id(required),
        openid(required),
        unionid(),
        member_id(),
        phone(meaning="number handed over at login (`getPhoneNumber`)"),
        field("session_id", string, optional, "the visit"),
        field("scene", string, optional, "how it was opened (WeChat's scene number)"),
        field("page_path", string, optional, "the page"),
        field("query", string, optional, "parameters of the page"),
        field("referrer_app_id", string, optional, "the app it was opened from"),
        field("utm_source", string, optional, "campaign parameter: where from"),
        field("utm_medium", string, optional, "campaign parameter: by what"),
        field("utm_campaign", string, optional, "campaign parameter: which campaign"),
        field("search_term", string, optional, "what was searched for", pii=personal("search_term")),
        field("product_id", string, optional, "the product it is about"),
        field("store_id", string, optional, "the store it is about"),
        field("order_id", string, optional, "the order it is about"),
        field("value_amount", decimal(12, 2), optional, "worth of the cart or order, in `currency`"),
        field("currency", string, optional, "ISO 4217 code; the brand's when empty"),
        field("dwell_seconds", integer, optional, "time on the page, in seconds"),
    ),
    key=("event_id",),
    event_at="event_at",
    advances_clock=True,
)

CONTRACTS = (EVENT,)
