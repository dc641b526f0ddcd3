"""How people decide: one moment after the other, whether to buy, where, how it went, whether they stay.

Here: the life of a chunk of people, in rounds: each round takes everybody's next moment, whatever it is, for all people
at once. What went wrong with an order lowers satisfaction, and the dissatisfied leave. Not here: what an order holds
(orders.py), what else it leads to (aftermath.py).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from simulator.brand.draws import Bools, Floats, Ints, generator
from simulator.brand.frames import NEVER, Frame
from simulator.brand.messages import Messages
from simulator.brand.outcomes import Outcomes, no_outcomes, outcomes
from simulator.brand.parameters import DAY_SECONDS, ZONE_SECONDS
from simulator.brand.people import People, hours
from simulator.brand.shopping import Sales, Scene, choose_shop
from simulator.brand.stimuli import GIFT, NEED, Stimuli
from simulator.brand.world import World

#                    need   ad    post  live  camp  sale  walk  friend gift signup search
BUY_RATE = np.array([0.93, 0.09, 0.10, 0.16, 0.24, 0.22, 0.16, 0.22, 0.30, 0.13, 0.18])
"""Buys at a moment of this kind, when ready and content."""

GONE_RATE = 0.05
"""What is left of the will to buy of somebody who gave the brand up."""


@dataclass(frozen=True)
class Purchases(Frame):
    """One row an order. `cause`: of CAUSES, `ref` and `stimulus`: which of them. `number`: the person's how-manieth.

    `incremental`: share of an order that would not have come by itself: 1 for a first purchase, 0 for a need; else the
    part of the person's cycle that was still ahead, for what is bought now is not bought then.
    """

    who: Ints
    at: Ints
    number: Ints
    shop: Ints
    cause: Ints
    ref: Ints
    stimulus: Ints
    incremental: Floats
    sale: Ints
    is_deposit: Bools
    is_gift: Bools
    outcome: Outcomes


@dataclass(frozen=True)
class Lives:
    """What became of a chunk of people: their orders by person and time, and when somebody gave the brand up.

    `used_before`: who had bought before the story began (people).
    """

    used_before: Bools
    purchases: Purchases
    gone_who: Ints
    gone_at: Ints


class _State:
    """Where everybody stands; arrays of people."""

    def __init__(self, scene: Scene, moments: Stimuli) -> None:
        people, rng, start_at = scene.people, scene.rng, scene.world.parameters.start_at
        count = len(people)
        self.next = np.searchsorted(moments.who, np.arange(count))
        self.last = np.searchsorted(moments.who, np.arange(count), side="right")
        used_before = (people.entry == 0) & (rng.random(count) < people.propensity)
        self.used_before = used_before
        first_need = start_at + rng.random(count) * people.cycle_days * DAY_SECONDS
        first_day = (first_need - start_at).astype(np.int64) // DAY_SECONDS
        first_need = start_at + first_day * DAY_SECONDS + hours(rng, count)
        self.need_at = np.where(used_before, first_need, NEVER)
        self.bought_at = np.where(used_before, self.need_at - (people.cycle_days * DAY_SECONDS).astype(np.int64), 0)
        self.is_buyer = used_before.copy()
        self.number = np.zeros(count, np.int64)
        self.content = np.clip(rng.normal(0.72, 0.1, count), 0.3, 1.0)
        self.is_gone = np.zeros(count, np.bool_)


def live(world: World, people: People, messages: Messages, stimuli: Stimuli, chunk: int) -> Lives:
    """Let these people live through the run."""
    scene = Scene(world, people, messages, Sales(world), generator(world.parameters.seed, "lives", chunk))
    moments = stimuli.joined([_end_of(people)])
    state = _State(scene, moments)
    bought: list[Purchases] = [_no_purchases()]
    gone: list[tuple[Ints, Ints]] = [(np.zeros(0, np.int64), np.zeros(0, np.int64))]
    awake = np.arange(len(people))
    while awake.size:
        at, row = _next_moment(state, moments, awake)
        is_within = at < world.parameters.end_at
        awake, at, row = awake[is_within], at[is_within], row[is_within]
        kind = np.where(row >= 0, moments.kind[row], NEED)
        state.next[awake[row >= 0]] += 1
        buys = scene.rng.random(awake.size) < _will(people, state, moments.strength, awake, at, kind, row)
        gone.append(_pass(scene, state, awake, at, (kind == NEED) & ~buys))
        part = _buy(scene, state, moments, awake[buys], at[buys], row[buys])
        bought.append(part)
        gone.append(_settle(scene, state, part))
    purchases = bought[0].joined(bought[1:])
    purchases = purchases.rows(np.lexsort((purchases.number, purchases.who)))
    return Lives(
        state.used_before, purchases, np.concatenate([who for who, _ in gone]), np.concatenate([at for _, at in gone])
    )


def _end_of(people: People) -> Stimuli:
    """A last row that never comes, so that every place in the table is one."""
    one = np.ones(1, np.int64)
    return Stimuli(one * (len(people) - 1), one * NEVER, one * NEED, -one, np.ones(1))


def _no_purchases() -> Purchases:
    none, never = np.zeros(0, np.int64), np.zeros(0, np.bool_)
    return Purchases(none, none, none, none, none, none, none, np.zeros(0), none, never, never, no_outcomes())


def _next_moment(state: _State, moments: Stimuli, awake: Ints) -> tuple[Ints, Ints]:
    """Everybody's next moment and its row, -1 for the need that comes by itself."""
    has_more = state.next[awake] < state.last[awake]
    row = np.where(has_more, np.minimum(state.next[awake], len(moments) - 1), len(moments) - 1)
    is_need = state.need_at[awake] <= moments.at[row]
    return np.where(is_need, state.need_at[awake], moments.at[row]), np.where(is_need, -1, row)


def _will(people: People, state: _State, strengths: Floats, who: Ints, at: Ints, kind: Ints, row: Ints) -> Floats:
    """How likely each buys at its moment."""
    strength = np.where(row >= 0, strengths[row], 1.0)
    since = (at - state.bought_at[who]) / (people.cycle_days[who] * DAY_SECONDS)
    ready = np.where(state.is_buyer[who], np.clip(since, 0.04, 1.5), 1.15 * people.propensity[who])
    ready = np.where(kind == NEED, 1.0, np.where(kind == GIFT, np.maximum(ready, 0.5), ready))
    content = np.clip(0.2 + 1.15 * state.content[who], 0, 1.3)
    left = np.where(state.is_gone[who], GONE_RATE, 1.0)
    return np.clip(BUY_RATE[kind] * strength * ready * content * left, 0, 0.96)


def _pass(scene: Scene, state: _State, awake: Ints, at: Ints, passed: Bools) -> tuple[Ints, Ints]:
    """A need that was not answered with a purchase here: put off, or the end of it for the dissatisfied."""
    who, at, rng = awake[passed], at[passed], scene.rng
    leaves = (rng.random(who.size) < np.clip(1.2 - 1.6 * state.content[who], 0.08, 0.9)) & ~state.is_gone[who]
    put_off = (scene.people.cycle_days[who] * rng.uniform(0.3, 0.7, who.size) * DAY_SECONDS).astype(np.int64)
    state.need_at[who] = np.where(leaves | state.is_gone[who], NEVER, at + put_off)
    state.is_gone[who] |= leaves
    return who[leaves], at[leaves]


def _buy(scene: Scene, state: _State, moments: Stimuli, who: Ints, moment: Ints, row: Ints) -> Purchases:
    people, sales, rng = scene.people, scene.sales, scene.rng
    kind = np.where(row >= 0, moments.kind[row], NEED)
    ref = np.where(row >= 0, moments.ref[row], -1)
    shop, at = choose_shop(scene, who, moment, kind, ref)
    ahead = (state.need_at[who] - moment) / (people.cycle_days[who] * DAY_SECONDS)
    own = np.where(kind == NEED, 0.0, np.clip(ahead, 0.0, 1.0))
    return Purchases(
        who=who,
        at=at,
        number=state.number[who],
        shop=shop,
        cause=kind,
        ref=ref,
        stimulus=row,
        incremental=np.where(state.is_buyer[who] | (kind == NEED), own, 1.0),
        sale=sales.at(at, shop),
        is_deposit=sales.is_deposit(at, shop),
        is_gift=(kind == GIFT) | (rng.random(who.size) < np.where(people.kind[who] == 5, 0.75, 0.03)),
        outcome=outcomes(rng, sales.load(at), shop, kind),
    )


def _settle(scene: Scene, state: _State, bought: Purchases) -> tuple[Ints, Ints]:
    """What a purchase leaves behind: experience, the next need, perhaps the end."""
    who, rng, people = bought.who, scene.rng, scene.people
    state.content[who] = 0.45 * state.content[who] + 0.55 * bought.outcome.satisfaction
    leaves = rng.random(who.size) < 0.02 + np.clip(1.45 - 2.1 * state.content[who], 0.0, 0.7)
    pace = rng.lognormal(0, 0.22, who.size) * (1 + 0.5 * np.clip(0.8 - state.content[who], 0, 1))
    need_at = bought.at + (people.cycle_days[who] * pace * DAY_SECONDS).astype(np.int64)
    need_at = (need_at + ZONE_SECONDS) // DAY_SECONDS * DAY_SECONDS - ZONE_SECONDS + hours(rng, who.size)
    waits = rng.random(who.size) < 0.75 * people.price_sensitivity[who]
    need_at = np.where(waits, scene.sales.awaited(need_at, bought.at, rng), need_at)
    keeps_pace = bought.is_gift & state.is_buyer[who] & (state.need_at[who] < NEVER)
    need_at = np.where(keeps_pace, np.maximum(state.need_at[who], bought.at + DAY_SECONDS), need_at)
    state.need_at[who] = np.where(leaves, NEVER, need_at)
    state.bought_at[who] = bought.at
    state.is_buyer[who] = True
    state.is_gone[who] = leaves
    state.number[who] += 1
    return who[leaves], bought.at[leaves]
