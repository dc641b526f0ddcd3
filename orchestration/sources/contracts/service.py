"""Contracts of customer service: cases, live chats, inbound messages."""

from orchestration.sources.contracts.identifiers import app_id, email, member_id, openid, ouid, phone, shop_id
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

CASE = Contract(
    id="service.case",
    title="Service cases",
    description="One row per case in its newest state.",
    fields=(
        field("case_id", string, required, "the case"),
        field("channel", string, required, "where it came in: hotline, wechat, tmall, store, web, email …"),
        field("category", string, optional, "what it is about"),
        field("priority", string, optional, "how urgent it is"),
        field("status", string, required, "its state", allowed=("open", "pending", "solved", "closed")),
        field("opened_at", timestamp, required, "when it was opened"),
        field("first_reply_at", timestamp, optional, "when somebody first answered"),
        field("closed_at", timestamp, optional, "when it was closed"),
        field("told_count", integer, optional, "how many agents the customer had to tell the story"),
        field("order_id", string, optional, "the order it is about"),
        field("product_id", string, optional, "the product it is about"),
        field("staff_id", string, optional, "the agent"),
        member_id(),
        phone(meaning="the number it came from"),
        email(meaning="the address it came from"),
        app_id(),
        openid(),
        shop_id(),
        ouid(),
        field("subject", string, optional, "what was written or said", pii=personal("message_text")),
        field("resolution", string, optional, "how it ended: refund, exchange, advice …"),
    ),
    key=("case_id",),
    event_at="opened_at",
)

CHAT = Contract(
    id="service.chat",
    title="Live chats",
    description="One row per conversation, with its waiting times.",
    fields=(
        field("chat_id", string, required, "the conversation"),
        field("channel", string, required, "where: web, app, wechat, tmall …"),
        field("started_at", timestamp, required, "when the customer began"),
        field("first_reply_at", timestamp, optional, "when a person answered"),
        field("ended_at", timestamp, optional, "when it ended"),
        field("message_count", integer, optional, "messages of both sides"),
        field("is_transferred", boolean, optional, "whether it went from one agent to another"),
        field("case_id", string, optional, "the case it belongs to"),
        field("staff_id", string, optional, "the agent"),
        field("rating", integer, optional, "the customer's rating, 1 to 5"),
        member_id(),
        phone(),
        app_id(),
        openid(),
        shop_id(),
        ouid(),
    ),
    key=("chat_id",),
    event_at="started_at",
)

MESSAGE = Contract(
    id="service.message",
    title="Inbound messages",
    description="One row per message that came in outside of chats: letters, e-mails, comments, voice mails.",
    fields=(
        field("message_id", string, required, "the message"),
        field("channel", string, required, "where it came in"),
        field("received_at", timestamp, required, "when"),
        field("first_reply_at", timestamp, optional, "when somebody answered"),
        field("case_id", string, optional, "the case it belongs to"),
        member_id(),
        phone(),
        email(),
        field("text", string, optional, "what was written", pii=personal("message_text")),
    ),
    key=("message_id",),
    event_at="received_at",
)

CONTRACTS = (CASE, CHAT, MESSAGE)
