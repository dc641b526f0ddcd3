"""What customers say by themselves: service cases, chats, letters, reviews."""

from __future__ import annotations

import numpy as np
import pyarrow as pa

from simulator.brand.aftermath import CASE_CHANNELS, TOPICS, Opinions
from simulator.brand.columns import either, moments, numbers, only, picked, repeated, text
from simulator.brand.draws import Ints
from simulator.brand.export import Batch, Batches, Export
from simulator.brand.exports.common import Rows, passed, seen, versions
from simulator.brand.frames import NEVER
from simulator.brand.identifiers import SHOP
from simulator.brand.shopping import TMALL
from simulator.brand.story import Story
from simulator.brand.wording import LATE, LETTERS, NEUTRAL, OUT, OVER, PRAISE, RETOLD, SUBJECTS

CASE = Export("service_cases", "service.case", "jsonl", required="channel", listed="status", is_state=True)
CHAT = Export(
    "service_chats", "service.chat", required="channel", typed="messages", moment="started_at", is_daily=False
)
LETTER = Export("service_letters", "service.message", "jsonl", required="channel", is_daily=False)
REVIEW = Export("reviews", "review.review", "jsonl", required="channel", typed="stars", is_gzip=True)


def export(story: Story) -> Batches:
    """All that single people said."""
    yield _cases(story)
    yield _chats(story)
    yield _letters(story)
    yield _reviews(story)


def _channel_names(story: Story, order: Ints) -> dict[str, pa.Array]:
    """How the service knows who asks: by what the shop they bought in calls them."""
    who, at = story.bought.who[order], story.bought.at[order]
    is_tmall = story.bought.shop[order] == TMALL
    is_known = story.membership.is_known[order]
    return {
        "member_no": only(story.ids.member_id(who), is_known),
        "phone": only(story.ids.phone(who, at), ~is_tmall),
        "sid": only(repeated(SHOP, order.size), is_tmall),
        "ouid": only(story.ids.ouid(who), is_tmall),
    }


def _cases(story: Story) -> Batch:
    cases = story.aftermath.cases
    row, at = versions(cases.opened_at, cases.replied_at, np.maximum(cases.closed_at, cases.replied_at + 1))
    part = cases.rows(row)
    closed_at = np.maximum(part.closed_at, part.replied_at + 1)
    state = passed(at, part.replied_at, closed_at)
    number = story.order_numbers[part.order]
    first_line = np.searchsorted(story.lines.order, part.order)
    columns = {
        "case_no": numbers(number, 12, "K"),
        "channel": picked(CASE_CHANNELS, part.channel),
        "category": picked(TOPICS, part.topic),
        "priority": picked(["normal", "high"], (part.told_count > 2).astype(np.int64)),
        "status": picked(["open", "pending", "closed"], state),
        "opened_at": moments(part.opened_at),
        "first_reply_at": seen(part.replied_at, at),
        "closed_at": seen(closed_at, at),
        "told_count": pa.array(np.minimum(part.told_count, 1 + state)),
        "order_no": story.order_ids(part.order),
        "sku": picked(story.world.catalogue.ids, story.lines.product[first_line]),
        "agent": picked(story.world.places.staff_ids, part.agent),
        **_channel_names(story, part.order),
        "subject": picked(SUBJECTS, part.topic),
        "resolution": only(picked(["advice", "refund", "exchange"], number % 3), state == 2),
    }
    return Batch(CASE, columns, at, number)


def _chats(story: Story) -> Batch:
    """A chat before every case that came in by chat, and some about nothing in particular."""
    cases = story.aftermath.cases
    by_chat = np.flatnonzero((cases.channel == 1) | (cases.channel == 2) | (cases.channel == 4))
    other = np.flatnonzero(Rows(story.world.parameters.seed, "chat", story.order_numbers).some("asks", 0.04))
    order = np.concatenate([cases.order[by_chat], other])
    is_case = np.arange(order.size) < by_chat.size
    number = story.order_numbers[order] * 2 + is_case
    keys = Rows(story.world.parameters.seed, "chat", number)
    at = np.concatenate([cases.opened_at[by_chat] - 400, story.bought.at[other] - 1200])
    reply = at + 15 + keys.whole("reply", 400)
    end = reply + 120 + keys.whole("talks", 900)
    told = np.concatenate([cases.told_count[by_chat], np.zeros(other.size, np.int64)])
    kind = np.where(is_case, np.concatenate([cases.channel[by_chat], np.full(other.size, 1)]), 1)
    columns = {
        "chat_no": numbers(number, 12, "CH"),
        "channel": picked(CASE_CHANNELS, kind),
        "started_at": moments(at),
        "replied_at": moments(reply),
        "ended_at": moments(end),
        "messages": text(4 + keys.whole("messages", 20)),
        "is_transferred": picked(["false", "true"], (told > 1).astype(np.int64)),
        "case_no": only(numbers(story.order_numbers[order], 12, "K"), is_case),
        "agent": picked(story.world.places.staff_ids, story.world.places.agents + keys.whole("agent", 6)),
        "rating": only(text(np.clip(5 - told, 1, 5)), keys.some("rates", 0.4)),
        "member_no": only(story.ids.member_id(story.bought.who[order]), story.membership.is_known[order]),
        "sid": only(repeated(SHOP, order.size), story.bought.shop[order] == TMALL),
        "ouid": only(story.ids.ouid(story.bought.who[order]), story.bought.shop[order] == TMALL),
    }
    return Batch(CHAT, columns, end)


def _letters(story: Story) -> Batch:
    people, parameters = story.people, story.world.parameters
    who = np.flatnonzero((people.signup_at < NEVER) & Rows(parameters.seed, "letter", people.person).some("w", 0.03))
    keys = Rows(parameters.seed, "letter", people.person[who])
    start = np.maximum(people.signup_at[who], parameters.start_at)
    at = start + (keys.chance("when") * (parameters.end_at - start)).astype(np.int64)
    by_mail = keys.some("mail", 0.5) & people.has_email[who]
    columns = {
        "message_no": numbers(people.person[who], 10, "LT"),
        "channel": picked(["letter", "email"], by_mail.astype(np.int64)),
        "received_at": moments(at),
        "replied_at": only(moments(at + 3600 + keys.whole("waits", 300_000)), keys.some("replied", 0.8)),
        "member_no": only(story.ids.member_id(who), keys.some("says", 0.4)),
        "phone": only(story.ids.phone(who, at), ~by_mail),
        "email": only(story.ids.email(who), by_mail),
        "text": picked(LETTERS, keys.whole("text", len(LETTERS))),
    }
    return Batch(LETTER, columns, at)


def said(story: Story, opinions: Opinions) -> pa.Array:
    """A text that says what really happened to the order, or how pleased somebody is."""
    out = story.bought.outcome.rows(opinions.order)
    texts = (PRAISE, NEUTRAL, LATE, OVER, OUT, RETOLD)
    which = np.where(out.satisfaction > 0.74, 0, 1)
    for code, happened in ((2, out.is_late), (3, out.is_over_promised), (4, out.is_stock_out), (5, out.told_count > 1)):
        which = np.where(happened, code, which)
    said = pa.nulls(len(opinions), pa.large_string())
    for code, choices in enumerate(texts):
        said = either(only(picked(choices, opinions.wording % len(choices)), which == code), said)
    return said


def _reviews(story: Story) -> Batch:
    opinions = story.aftermath.opinions
    opinions = opinions.rows(opinions.reviewed_at < NEVER)
    order = opinions.order
    who = story.bought.who[order]
    number = story.order_numbers[order]
    line = np.searchsorted(story.lines.order, order)
    is_tmall = story.bought.shop[order] == TMALL
    replied = Rows(story.world.parameters.seed, "review", number).some("replied", 0.5)
    columns = {
        "review_no": numbers(number, 12, "RV"),
        "channel": picked(["tmall", "shop"], (~is_tmall).astype(np.int64)),
        "sku": picked(story.world.catalogue.ids, story.lines.product[line]),
        "order_no": story.order_ids(order),
        "stars": pa.array(opinions.stars),
        "text": said(story, opinions),
        "has_picture": pa.array(opinions.wording % 3 == 0),
        "reviewed_at": moments(opinions.reviewed_at),
        "replied_at": only(moments(opinions.reviewed_at + 600), replied),
        "member_no": only(story.ids.member_id(who), ~is_tmall & story.membership.is_known[order]),
        "sid": only(repeated(SHOP, order.size), is_tmall),
        "ouid": only(story.ids.ouid(who), is_tmall),
        "omid": only(story.ids.omid(who), is_tmall & story.membership.is_known[order]),
    }
    return Batch(REVIEW, columns, opinions.reviewed_at + 660)
