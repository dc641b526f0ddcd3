"""What customers answer when asked: questionnaires after a purchase and on leaving the site, interviews.

Who leaves without buying is asked too: why, and what they think of the advertising.
"""

from __future__ import annotations

import numpy as np
import pyarrow as pa

from simulator.brand.columns import joined, moments, numbers, only, picked, repeated, text
from simulator.brand.draws import Ints
from simulator.brand.export import Batch, Batches, Export, stacked
from simulator.brand.exports.common import Rows, spread
from simulator.brand.exports.voice import said
from simulator.brand.frames import NEVER, repeated_rows
from simulator.brand.identifiers import OFFICIAL_APP
from simulator.brand.parameters import DAY_SECONDS
from simulator.brand.sessions import LOOK, Visits
from simulator.brand.shopping import STORE, WEB
from simulator.brand.story import Story
from simulator.brand.wording import INTERVIEWS
from simulator.brand.world import World

QUESTION = Export("survey_questions", "survey.question", is_daily=False)
INVITATION = Export("survey_invitations", "survey.invitation", required="survey", moment="invited_at", is_daily=False)
ANSWER = Export("survey_answers", "survey.answer", "parquet", required="question")
INTERVIEW = Export("interviews", "survey.interview", "jsonl", required="topic", is_daily=False)

BOUGHT, LEFT = "after_purchase", "exit"
QUESTIONS: tuple[tuple[str, str, str, str, str], ...] = (
    (BOUGHT, "q_nps", "nps", "您愿意把青岚推荐给朋友吗？", "brand"),
    (BOUGHT, "q_csat", "csat", "您对这次购物满意吗？", "store"),
    (BOUGHT, "q_ces", "ces", "解决问题是否轻松？", "delivery"),
    (BOUGHT, "q_why", "text", "您打分的原因是？", "product"),
    (LEFT, "q_stop", "choice", "这次没有下单的原因是？", "price"),
    (LEFT, "q_ad", "scale", "我们的广告给您的感受如何？", "advertising"),
    ("trial", "q_trial", "csat", "您对试用满意吗？", "product"),
)
"""Questionnaire, question, what is measured, wording, topic."""

REASONS = ("只是看看", "价格偏高", "想先试用", "没找到合适的", "广告说的和页面不一样")
NPS, CSAT, CES, WHY = range(4)
ASKED_SHARE, ANSWERED_SHARE = 0.05, 0.4


def export(story: Story) -> Batches:
    """All that single people were asked and answered."""
    leaving = _leaving(story)
    yield stacked(_invited_buyers(story), _invited_leavers(story, leaving))
    yield stacked(_answers_of_buyers(story), _answers_of_leavers(story, leaving))
    yield _interviews(story)


def reference(world: World) -> Batches:
    """The questionnaires."""
    yield _questions(world)


def _invited_buyers(story: Story) -> Batch:
    opinions = story.aftermath.opinions
    opinions = opinions.rows(opinions.invited_at < NEVER)
    order = opinions.order
    columns = {
        "invitation_no": numbers(story.order_numbers[order], 12, "IV"),
        "survey": repeated(BOUGHT, order.size),
        "version": repeated("1", order.size),
        "channel": picked(["qr", "link", "email", "sms", "popup"], story.bought.shop[order]),
        "invited_at": moments(opinions.invited_at),
        "trigger": repeated("purchase", order.size),
        "order_no": story.order_ids(order),
        **_buyer(story, order),
    }
    return Batch(INVITATION, columns, opinions.invited_at)


def _buyer(story: Story, order: Ints) -> dict[str, pa.Array]:
    """Asked as a member where known, else as a follower or by cookie."""
    who, at = story.bought.who[order], story.bought.at[order]
    is_known = story.membership.is_known[order]
    follows = ~is_known & (story.people.follow_at[who] <= at)
    by_cookie = ~is_known & ~follows & (story.bought.shop[order] != STORE)
    return {
        "member_no": only(story.ids.member_id(who), is_known),
        "cookie": only(story.ids.cookie(who, at), by_cookie),
        "appid": only(repeated(OFFICIAL_APP, order.size), follows),
        "openid": only(story.ids.openid(who), follows),
    }


def _answers_of_buyers(story: Story) -> Batch:
    opinions = story.aftermath.opinions
    opinions = opinions.rows(opinions.answered_at < NEVER)
    writes = opinions.wording % 5 < 2
    had_case = story.bought.outcome.has_case[opinions.order]
    row, place = repeated_rows(np.full(len(opinions), WHY + 1))
    asked = (place < CES) | ((place == CES) & had_case[row]) | ((place == WHY) & writes[row])
    row, place = row[asked], place[asked]
    part = opinions.rows(row)
    order, number = part.order, story.order_numbers[part.order]
    score = np.choose(np.minimum(place, CES), [part.nps, part.csat, part.ces])
    touchpoints = ["store_purchase", "tmall_purchase", "shop_purchase"]
    columns = {
        "response_no": numbers(number, 12, "RS"),
        "question": picked([name for _, name, *_ in QUESTIONS], place),
        "survey": repeated(BOUGHT, row.size),
        "version": repeated("1", row.size),
        "invitation_no": numbers(number, 12, "IV"),
        "answered_at": moments(part.answered_at),
        "score": only(text(score), place < WHY),
        "choice": pa.nulls(row.size, pa.large_string()),
        "text": only(said(story, part), place == WHY),
        "touchpoint": picked(touchpoints, np.minimum(story.bought.shop[order], 2)),
        **_buyer(story, order),
    }
    return Batch(ANSWER, columns, part.answered_at)


def _leaving(story: Story) -> Ints:
    """The visits to the website that ended without a purchase and with a question."""
    visits = story.visits
    looks = np.flatnonzero((visits.place == WEB) & (visits.goal == LOOK))
    return looks[_dice(story, looks).some("asked", ASKED_SHARE)]


def _dice(story: Story, visit: Ints) -> Rows:
    part = story.visits.rows(visit)
    return Rows(
        story.world.parameters.seed, "exit", spread(story.people.person[part.who], part.at % (1 << 30), 1 << 30)
    )


def _leaver(story: Story, part: Visits) -> dict[str, pa.Array]:
    """A browser, and the member where somebody is logged in."""
    none = pa.nulls(len(part), pa.large_string())
    return {
        "member_no": only(story.ids.member_id(part.who), part.logs_in),
        "cookie": story.ids.cookie(part.who, part.at),
        "appid": none,
        "openid": none,
    }


def _invited_leavers(story: Story, leaving: Ints) -> Batch:
    part, dice = story.visits.rows(leaving), _dice(story, leaving)
    at = part.at + 300
    columns = {
        "invitation_no": dice.id(12, "IX"),
        "survey": repeated(LEFT, leaving.size),
        "version": repeated("1", leaving.size),
        "channel": repeated("popup", leaving.size),
        "invited_at": moments(at),
        "trigger": repeated("exit", leaving.size),
        "order_no": pa.nulls(leaving.size, pa.large_string()),
        **_leaver(story, part),
    }
    return Batch(INVITATION, columns, at)


def _answers_of_leavers(story: Story, leaving: Ints) -> Batch:
    """The price is the reason of those who mind it; the advertising pleases the rested."""
    leaving = leaving[_dice(story, leaving).some("answers", ANSWERED_SHARE)]
    row, question = repeated_rows(np.full(leaving.size, 2))
    visit = leaving[row]
    part, dice = story.visits.rows(visit), _dice(story, visit)
    minds = dice.chance("price") < story.people.price_sensitivity[part.who]
    reason = np.where(minds, 1, np.array([0, 2, 3, 4])[dice.whole("reason", 4)])
    pleased = np.clip(np.round(4.4 - 2.2 * story.people.fatigue[part.who] + dice.chance("mood")), 1, 5).astype(np.int64)
    at = part.at + 330
    columns = {
        "response_no": dice.id(12, "RX"),
        "question": picked(["q_stop", "q_ad"], question),
        "survey": repeated(LEFT, visit.size),
        "version": repeated("1", visit.size),
        "invitation_no": dice.id(12, "IX"),
        "answered_at": moments(at),
        "score": only(text(pleased), question == 1),
        "choice": only(picked(REASONS, reason), question == 0),
        "text": pa.nulls(visit.size, pa.large_string()),
        "touchpoint": repeated("site_exit", visit.size),
        **_leaver(story, part),
    }
    return Batch(ANSWER, columns, at)


def _interviews(story: Story) -> Batch:
    """A few long talks each season, in several topics."""
    people, parameters = story.people, story.world.parameters
    chosen = Rows(parameters.seed, "interview", people.person).some("chosen", 0.015)
    who = np.flatnonzero((people.signup_at < NEVER) & chosen)
    row, topic = repeated_rows(np.full(who.size, len(INTERVIEWS)))
    who = who[row]
    dice = Rows(parameters.seed, "interview", people.person[who])
    start = np.maximum(people.signup_at[who], parameters.start_at)
    day = (start + (dice.chance("when") * (parameters.end_at - start)).astype(np.int64)) // DAY_SECONDS
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
    surveys, names, kinds, wordings, topics = (
        pa.array([question[n] for question in QUESTIONS], pa.large_string()) for n in range(5)
    )
    columns = {
        "survey": surveys,
        "version": repeated("1", len(QUESTIONS)),
        "question": names,
        "position": text(np.arange(1, len(QUESTIONS) + 1)),
        "type": kinds,
        "wording": wordings,
        "topic": topics,
        "name": joined("问卷 ", surveys),
    }
    return Batch(QUESTION, columns, np.full(len(QUESTIONS), world.parameters.start_at))
