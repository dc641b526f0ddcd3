"""Contracts of the brand's app: events, push tokens, receipts of push and in-app messages."""

from orchestration.sources.contracts.identifiers import app_instance_id, device_id, email, member_id, phone
from orchestration.sources.contracts.model import (
    Contract,
    attribute,
    boolean,
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
    id="app.event",
    title="Events of the app",
    description="One row per event: app_open, screen_view, search, view_item, add_to_cart, begin_checkout, "
    "form_submit, login, logout, purchase.",
    fields=(
        field("event_id", string, required, "the event, as the SDK numbers it"),
        field("event_name", string, required, "what happened"),
        field("event_at", timestamp, required, "when it happened on the device"),
        field("received_at", timestamp, optional, "when the collector got it"),
        app_instance_id(required),
        device_id(),
        field("oaid", string, optional, "advertising id: it rotates, and never links", pii=personal("oaid")),
        member_id(meaning="the member who is logged in"),
        email(meaning="address given in a form or at login"),
        phone(meaning="number given in a form or at login"),
        field("session_id", string, optional, "the visit"),
        field("screen_name", string, optional, "the screen"),
        field("utm_source", string, optional, "campaign parameter: where from"),
        field("utm_medium", string, optional, "campaign parameter: by what"),
        field("utm_campaign", string, optional, "campaign parameter: which campaign"),
        field("link_id", string, optional, "tracked link that led here"),
        field("search_term", string, optional, "what was searched for", pii=personal("search_term")),
        field("product_id", string, optional, "the product it is about"),
        field("store_id", string, optional, "the store it is about"),
        field("order_id", string, optional, "the order it is about"),
        field("quantity", integer, optional, "units put into or taken out of the cart"),
        field("value_amount", decimal(12, 2), optional, "worth of the cart or order, in `currency`"),
        field("currency", string, optional, "ISO 4217 code; the brand's when empty"),
        field("dwell_seconds", integer, optional, "time on the screen, in seconds"),
        field("app_version", string, optional, "version of the app"),
        field("os_name", string, optional, "operating system", pii=attribute),
    ),
    key=("event_id",),
    event_at="event_at",
    advances_clock=True,
)

PUSH_TOKEN = Contract(
    id="app.push_token",
    title="Push tokens",
    description="One row per installation: the token under which it can be pushed to, and whether its owner lets it.",
    fields=(
        app_instance_id(required),
        member_id(),
        field("push_token", string, required, "the token or registration id", pii=personal("push_token")),
        field("push_service", string, required, "who delivers", allowed=("jpush", "fcm", "apns", "huawei", "xiaomi")),
        field("is_enabled", boolean, required, "whether the system lets the app notify"),
        field("registered_at", timestamp, required, "when it was registered or refreshed"),
    ),
    key=("app_instance_id", "registered_at"),
    event_at="registered_at",
)

PUSH_RECEIPT = Contract(
    id="app.push_receipt",
    title="Receipts of push messages",
    description="One row per message and what became of it.",
    fields=(
        field("message_id", string, required, "the message, as the push service names it"),
        app_instance_id(required),
        field(
            "status",
            string,
            required,
            "what became of it",
            allowed=("sent", "delivered", "opened", "dismissed", "failed"),
        ),
        field("event_at", timestamp, required, "when"),
        field("campaign_id", string, optional, "the campaign"),
        field("content_key", string, optional, "its content, as campaigns name it"),
        field("error_code", string, optional, "why it failed, as the service says it"),
    ),
    key=("message_id", "app_instance_id", "status"),
    event_at="event_at",
)

IN_APP_RECEIPT = Contract(
    id="app.in_app_receipt",
    title="Receipts of in-app messages",
    description="One row per message shown inside the app and what its reader did.",
    fields=(
        field("message_id", string, required, "the message"),
        app_instance_id(required),
        member_id(),
        field("status", string, required, "what happened", allowed=("shown", "clicked", "closed")),
        field("event_at", timestamp, required, "when"),
        field("campaign_id", string, optional, "the campaign"),
        field("content_key", string, optional, "its content, as campaigns name it"),
        field("screen_name", string, optional, "where it was shown"),
    ),
    key=("message_id", "app_instance_id", "status", "event_at"),
    event_at="event_at",
)

CONTRACTS = (EVENT, PUSH_TOKEN, PUSH_RECEIPT, IN_APP_RECEIPT)
