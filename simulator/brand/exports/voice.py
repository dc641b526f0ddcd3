"""What customers say: service cases, chats, letters, reviews, questionnaires, interviews."""

from __future__ import annotations

import numpy as np
import pyarrow as pa

from simulator.brand.aftermath import CASE_CHANNELS, TOPICS, Opinions
from simulator.brand.columns import either, joined, moments, numbers, only, picked, repeated, text
from simulator.brand.draws import Ints
from simulator.brand.export import Batch, Batches, Export
from simulator.brand.exports.common import Rows, passed, seen, versions
from simulator.brand.frames import NEVER, repeated_rows
from simulator.brand.identifiers import OFFICIAL_APP, SHOP
from simulator.brand.parameters import DAY_SECONDS
from simulator.brand.shopping import STORE, TMALL
from simulator.brand.story import Story
from simulator.brand.wording import INTERVIEWS, LATE, LETTERS, NEUTRAL, OUT, OVER, PRAISE, RETOLD, SUBJECTS
from simulator.brand.world import World

CASE = Export("service_cases", "service.case", "jsonl", required="channel", listed="status", is_state=True)
CHAT = Export(
    "service_chats", "service.chat", required="channel", typed="messages", moment="started_at", is_daily=False
)
LETTER = Export("service_letters", "service.message", "jsonl", required="channel", is_daily=False)
REVIEW = Export("reviews", "review.review", "jsonl", required="channel", typed="stars", is_gzip=True)
QUESTION = Export("survey_questions", "survey.question", is_daily=False)
INVITATION = Export("survey_invitations", "survey.invitation", required="survey", moment="invited_at", is_daily=False)
ANSWER = Export("survey_answers", "survey.answer", "parquet", required="question")
INTERVIEW = Export("interviews", "survey.interview", "jsonl", required="topic", is_daily=False)

SURVEY = "after_purchase"
QUESTIONS: tuple[tuple[str, str, str, str], ...] = (
    ("q_nps", "nps", "您愿意把青岚推荐给朋友吗？", "brand"),
    ("q_csat", "csat", "您对这次购物满意吗？", "store"),
    ("q_ces", "ces", "解决问题是否轻松？", "delivery"),
    ("q_why", "text", "您打分的原因是？", "product"),
)
MORE_QUESTIONS: tuple[tuple[str, str, str, str, str], ...] = (
    ("exit", "q_stop", "choice", "没有下单的原因是？", "price"),
    ("exit", "q_ad", "scale", "您如何看待我们的广告？", "advertising"),
    ("trial", "q_trial", "csat", "您对试用满意吗？", "product"),
)


def export(story: Story) -> Batches:
    """All that single people said."""
    yield _cases(story)
    yield _chats(story)
    yield _letters(story)
    yield _reviews(story)
    yield _invitations(story)
    yield _answers(story)
    yield _interviews(story)


def reference(world: World) -> Batches:
    """The questionnaires."""
    yield _questions(world)


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


def _said(story: Story, opinions: Opinions) -> pa.Array:
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
        "text": _said(story, opinions),
        "has_picture": pa.array(opinions.wording % 3 == 0),
        "reviewed_at": moments(opinions.reviewed_at),
        "replied_at": only(moments(opinions.reviewed_at + 600), replied),
        "member_no": only(story.ids.member_id(who), ~is_tmall & story.membership.is_known[order]),
        "sid": only(repeated(SHOP, order.size), is_tmall),
        "ouid": only(story.ids.ouid(who), is_tmall),
        "omid": only(story.ids.omid(who), is_tmall & story.membership.is_known[order]),
    }
    return Batch(REVIEW, columns, opinions.reviewed_at + 660)


def _invitations(story: Story) -> Batch:
    opinions = story.aftermath.opinions
    opinions = opinions.rows(opinions.invited_at < NEVER)
    order = opinions.order
    who, number = story.bought.who[order], story.order_numbers[order]
    names = _asked(story, who, order)
    columns = {
        "invitation_no": numbers(number, 12, "IV"),
        "survey": repeated(SURVEY, order.size),
        "version": repeated("1", order.size),
        "channel": picked(["qr", "wechat", "email", "sms", "popup"], story.bought.shop[order]),
        "invited_at": moments(opinions.invited_at),
        "trigger": repeated("purchase", order.size),
        "order_no": story.order_ids(order),
        **names,
    }
    return Batch(INVITATION, columns, opinions.invited_at)


def _asked(story: Story, who: Ints, order: Ints) -> dict[str, pa.Array]:
    """Asked as a member where known, else as a follower or by cookie."""
    is_known = story.membership.is_known[order]
    follows = ~is_known & (story.people.follow_at[who] <= story.bought.at[order])
    return {
        "member_no": only(story.ids.member_id(who), is_known),
        "cookie": only(
            story.ids.cookie(who, story.bought.at[order]), ~is_known & ~follows & (story.bought.shop[order] != STORE)
        ),
        "appid": only(repeated(OFFICIAL_APP, order.size), follows),
        "openid": only(story.ids.openid(who), follows),
    }


def _answers(story: Story) -> Batch:
    opinions = story.aftermath.opinions
    opinions = opinions.rows(opinions.answered_at < NEVER)
    writes = opinions.wording % 5 < 2
    had_case = story.bought.outcome.has_case[opinions.order]
    row, place = repeated_rows(np.full(len(opinions), len(QUESTIONS)))
    asked = (place < 2) | ((place == 2) & had_case[row]) | ((place == 3) & writes[row])
    row, place = row[asked], place[asked]
    part = opinions.rows(row)
    order, who, number = part.order, story.bought.who[part.order], story.order_numbers[part.order]
    score = np.choose(np.minimum(place, 2), [part.nps, part.csat, part.ces])
    columns = {
        "response_no": numbers(number, 12, "RS"),
        "question": picked([name for name, *_ in QUESTIONS], place),
        "survey": repeated(SURVEY, row.size),
        "version": repeated("1", row.size),
        "invitation_no": numbers(number, 12, "IV"),
        "answered_at": moments(part.answered_at),
        "score": only(text(score), place < 3),
        "text": only(_said(story, part), place == 3),
        "touchpoint": picked(
            ["store_purchase", "tmall_purchase", "shop_purchase"], np.minimum(story.bought.shop[order], 2)
        ),
        **_asked(story, who, order),
    }
    return Batch(ANSWER, columns, part.answered_at)


def _interviews(story: Story) -> Batch:
    """A few long talks each season, in several topics."""
    people, parameters = story.people, story.world.parameters
    who = np.flatnonzero(
        (people.signup_at < NEVER) & Rows(parameters.seed, "interview", people.person).some("i", 0.015)
    )
    row, topic = repeated_rows(np.full(who.size, len(INTERVIEWS)))
    who = who[row]
    keys = Rows(parameters.seed, "interview", people.person[who])
    start = np.maximum(people.signup_at[who], parameters.start_at)
    day = (start + (keys.chance("when") * (parameters.end_at - start)).astype(np.int64)) // DAY_SECONDS
    at = day * DAY_SECONDS + 6 * 3600
    columns = {
        "interview_no": numbers(people.person[who], 8, "IN"),
        "topic": picked([name for name, _, _ in INTERVIEWS], topic),
        "held_at": moments(at),
        "sentiment": picked([str(score) for _, _, score in INTERVIEWS], topic),
        "summary": picked([summary for _, summary, _ in INTERVIEWS], topic),
        "team": repeated("research", who.size),
        "member_no": story.ids.member_id(who),
    }
    return Batch(INTERVIEW, columns, at)


def _questions(world: World) -> Batch:
    rows = [(SURVEY, *question) for question in QUESTIONS] + list(MORE_QUESTIONS)
    columns = {
        "survey": pa.array([row[0] for row in rows], pa.large_string()),
        "version": repeated("1", len(rows)),
        "question": pa.array([row[1] for row in rows], pa.large_string()),
        "position": text(np.arange(1, len(rows) + 1)),
        "type": pa.array([row[2] for row in rows], pa.large_string()),
        "wording": pa.array([row[3] for row in rows], pa.large_string()),
        "topic": pa.array([row[4] for row in rows], pa.large_string()),
        "name": joined("问卷 ", pa.array([row[0] for row in rows], pa.large_string())),
    }
    return Batch(QUESTION, columns, np.full(len(rows), world.parameters.start_at))
