"""What an order leads to: parcels, refunds, service cases, reviews, questions and answers.

Here: the dated facts that follow from how an order went. Not here: how it went (outcomes.py), vendors' columns
(exports/).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from simulator.brand.draws import Bools, Ints, generator
from simulator.brand.frames import NEVER, Frame
from simulator.brand.journeys import Purchases
from simulator.brand.orders import Lines
from simulator.brand.outcomes import STORE
from simulator.brand.parameters import DAY_SECONDS
from simulator.brand.people import People
from simulator.brand.world import World

HOUR = 3600


@dataclass(frozen=True)
class Parcels(Frame):
    """One row an online order. Moments of packing, promise, arrival."""

    order: Ints
    shipped_at: Ints
    promised_at: Ints
    delivered_at: Ints


@dataclass(frozen=True)
class Refunds(Frame):
    """One row a line given back. `number` is unique among them."""

    order: Ints
    line: Ints
    requested_at: Ints
    refunded_at: Ints
    cents: Ints
    quantity: Ints
    reason: Ints
    has_goods: Bools


@dataclass(frozen=True)
class Cases(Frame):
    """One row a service case. `topic`: of TOPICS."""

    order: Ints
    opened_at: Ints
    replied_at: Ints
    closed_at: Ints
    told_count: Ints
    topic: Ints
    channel: Ints
    agent: Ints


@dataclass(frozen=True)
class Opinions(Frame):
    """One row an order whose buyer reviewed it or was asked about it; moments are NEVER where not."""

    order: Ints
    reviewed_at: Ints
    stars: Ints
    invited_at: Ints
    answered_at: Ints
    nps: Ints
    csat: Ints
    ces: Ints
    wording: Ints


REASONS = ("七天无理由", "物流太慢", "与描述不符", "缺货", "皮肤不适")
TOPICS = ("物流延迟", "缺货", "与宣传不符", "使用咨询", "会员积分")
CASE_CHANNELS = ("hotline", "wechat", "tmall", "store", "web", "email")


@dataclass(frozen=True)
class Aftermath:
    """All of it for a chunk of people."""

    parcels: Parcels
    refunds: Refunds
    cases: Cases
    opinions: Opinions


def aftermath(world: World, people: People, bought: Purchases, lines: Lines, chunk: int) -> Aftermath:
    """What followed; everything is told by its moment, even beyond the end of the run."""
    rng = generator(world.parameters.seed, "aftermath", chunk)
    parcels = _parcels(bought, rng)
    arrived = bought.at.copy()
    arrived[parcels.order] = parcels.delivered_at
    return Aftermath(
        parcels,
        _refunds(bought, lines, arrived, rng),
        _cases(world, bought, arrived, rng),
        _opinions(people, bought, arrived, rng),
    )


def _parcels(bought: Purchases, rng: np.random.Generator) -> Parcels:
    order = np.flatnonzero(bought.shop != STORE)
    count = order.size
    waits = np.where(bought.is_deposit[order], 12 * DAY_SECONDS, 0)
    shipped = bought.at[order] + waits + rng.integers(6 * HOUR, 40 * HOUR, count)
    promised = bought.at[order] + waits + 4 * DAY_SECONDS
    on_time = np.minimum(shipped + rng.integers(18 * HOUR, 52 * HOUR, count), promised - HOUR)
    late = promised + rng.integers(10 * HOUR, 6 * DAY_SECONDS, count)
    return Parcels(order, shipped, promised, np.where(bought.outcome.is_late[order], late, on_time))


def _refunds(bought: Purchases, lines: Lines, arrived: Ints, rng: np.random.Generator) -> Refunds:
    """A refunded order gives one line back, sometimes all that it has."""
    chosen = bought.outcome.is_refunded[lines.order] & ((lines.place == 0) | (rng.random(len(lines)) < 0.4))
    line = np.flatnonzero(chosen & (lines.sales_cents > 0))
    order = lines.order[line]
    out = bought.outcome.rows(order)
    reason = np.where(out.is_late, 1, np.where(out.is_over_promised, 2, np.where(out.is_stock_out, 3, 0)))
    reason = np.where((reason == 0) & (rng.random(line.size) < 0.3), 4, reason)
    requested = arrived[order] + rng.integers(2 * HOUR, 6 * DAY_SECONDS, line.size)
    takes = np.where(bought.shop[order] == STORE, 60, rng.integers(8 * HOUR, 4 * DAY_SECONDS, line.size))
    return Refunds(
        order, line, requested, requested + takes, lines.sales_cents[line], lines.quantity[line], reason, reason != 3
    )


def _cases(world: World, bought: Purchases, arrived: Ints, rng: np.random.Generator) -> Cases:
    order = np.flatnonzero(bought.outcome.has_case)
    out = bought.outcome.rows(order)
    count = order.size
    topic = np.where(out.is_late, 0, np.where(out.is_stock_out, 1, np.where(out.is_over_promised, 2, 3)))
    topic = np.where((topic == 3) & (rng.random(count) < 0.4), 4, topic)
    opened = np.where(topic == 0, arrived[order] - 20 * HOUR, arrived[order] + rng.integers(HOUR, 70 * HOUR, count))
    opened = np.maximum(opened, bought.at[order] + 1800)
    replied = opened + (rng.exponential(35.0, count) * 60).astype(np.int64) + 60
    closed = replied + (rng.exponential(14.0, count) * HOUR).astype(np.int64) * out.told_count + 900
    by_shop = np.array([3, 2, 4, 1, 0])[bought.shop[order]]
    channel = np.where(rng.random(count) < 0.3, rng.choice(np.array([0, 1, 5]), count), by_shop)
    agent = world.places.agents + rng.integers(0, 6, count)
    return Cases(order, opened, replied, closed, out.told_count, topic, channel, agent)


def _opinions(people: People, bought: Purchases, arrived: Ints, rng: np.random.Generator) -> Opinions:
    count = len(bought)
    felt = bought.outcome.satisfaction
    reviews = (rng.random(count) < 0.07 + 0.12 * np.abs(felt - 0.75)) & (bought.shop != STORE)
    invited = rng.random(count) < 0.22
    answers = invited & (rng.random(count) < 0.38 * np.minimum(people.engagement[bought.who], 1.6))
    reviewed_at = np.where(reviews, arrived + rng.integers(DAY_SECONDS, 12 * DAY_SECONDS, count), NEVER)
    invited_at = np.where(invited, arrived + rng.integers(6 * HOUR, 3 * DAY_SECONDS, count), NEVER)
    answered_at = np.where(answers, invited_at + rng.integers(60, 30 * HOUR, count), NEVER)
    nps = np.clip(np.round(10.6 * felt + rng.normal(0, 0.9, count)), 0, 10).astype(np.int64)
    csat = np.clip(np.round(5.2 * felt + rng.normal(0, 0.4, count)), 1, 5).astype(np.int64)
    effort = 5.4 * felt - 0.9 * np.maximum(bought.outcome.told_count - 1, 0) + rng.normal(0, 0.5, count)
    stars = np.clip(np.round(5.6 * felt + rng.normal(0, 0.4, count)), 1, 5).astype(np.int64)
    found = Opinions(
        np.arange(count),
        reviewed_at,
        stars,
        invited_at,
        answered_at,
        nps,
        csat,
        np.clip(np.round(effort), 1, 7).astype(np.int64),
        rng.integers(0, 1 << 20, count),
    )
    return found.rows(reviews | invited)
