"""Where each person truly stands with the brand, day by day: the five As as intervals.

Here: the true stage, from what a person really saw, did and felt. Not here: what the product makes of the exports.

Rules. *aware*: saw the brand. *attempt*: did something of their own: followed, visited, looked. *adopt*: tried or
bought. *advocate*: from the fourth purchase within a year on. *abandon*: gave the brand up (which nobody outside
is told), or bought nothing for twice the own cycle and at least 90 days, until the next purchase; who never bought,
after 90 days without any touch, until the next.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from simulator.brand.draws import Bools, Ints
from simulator.brand.frames import NEVER, Frame, first_of_each
from simulator.brand.parameters import DAY_SECONDS, ZONE_SECONDS
from simulator.brand.story import Story

STAGES = ("aware", "attempt", "adopt", "advocate", "abandon")
AWARE, ATTEMPT, ADOPT, ADVOCATE, ABANDON = range(len(STAGES))
SEEN, ACTED, TRIED, BOUGHT, GONE, LAPSED, IDLE = range(7)
IDLE_SECONDS = 90 * DAY_SECONDS
LOYAL_ORDERS = 4
YEAR_SECONDS = 365 * DAY_SECONDS


@dataclass(frozen=True)
class Stages(Frame):
    """One row an interval, by person and time. Days since 1970; `last_day` is the first day after it, NEVER if open."""

    who: Ints
    stage: Ints
    first_day: Ints
    last_day: Ints


def stages(story: Story) -> Stages:
    """The intervals of a story's people, within the run."""
    who, at, what = _touches(story)
    more = _silences(story, who, at, what)
    who, at, what = (np.concatenate([one, two]) for one, two in zip((who, at, what), more, strict=True))
    order = np.lexsort((what, at, who))
    who, at, what = who[order], at[order], what[order]
    stage = _stage_after(who, at, what)
    day = (at + ZONE_SECONDS) // DAY_SECONDS
    is_last = np.append((who[1:] != who[:-1]) | (day[1:] != day[:-1]), np.ones(min(who.size, 1), np.bool_))
    who, day, stage = who[is_last], day[is_last], stage[is_last]
    starts = first_of_each(who)
    starts[1:] |= stage[1:] != stage[:-1]
    who, day, stage = who[starts], day[starts], stage[starts]
    last_day = np.full(day.size, NEVER)
    last_day[:-1] = np.where(who[1:] == who[:-1], day[1:], NEVER)
    return Stages(who, stage, day, last_day)


def _touches(story: Story) -> tuple[Ints, Ints, Ints]:
    """Everything that may move somebody: who, when, what."""
    people, start_at, end_at = story.people, story.world.parameters.start_at, story.world.parameters.end_at
    everybody = np.arange(len(people))
    tries = story.calls.tries
    parts = (
        (everybody, np.maximum(people.entry_at, start_at), SEEN),
        (story.seen_posts.who, story.seen_posts.at, SEEN),
        (story.seen_ads.who, story.seen_ads.at, SEEN),
        (everybody[people.follow_at < NEVER], np.maximum(people.follow_at[people.follow_at < NEVER], start_at), ACTED),
        (everybody[people.signup_at < NEVER], np.maximum(people.signup_at[people.signup_at < NEVER], start_at), ACTED),
        (story.visits.who, story.visits.at, ACTED),
        (story.calls.who[~tries], story.calls.at[~tries], ACTED),
        (story.calls.who[tries], story.calls.at[tries], TRIED),
        (story.bought.who, story.bought.at, BOUGHT),
        (np.flatnonzero(story.lives.used_before), np.full(int(story.lives.used_before.sum()), start_at), BOUGHT),
        (story.lives.gone_who, story.lives.gone_at, GONE),
    )
    who = np.concatenate([part[0] for part in parts])
    at = np.concatenate([part[1] for part in parts])
    what = np.concatenate([np.full(part[0].size, part[2], np.int64) for part in parts])
    is_within = (at >= start_at) & (at < end_at)
    return who[is_within], at[is_within], what[is_within]


def _silences(story: Story, who: Ints, at: Ints, what: Ints) -> tuple[Ints, Ints, Ints]:
    """The moments at which a silence has become too long."""
    order = np.lexsort((what, at, who))
    who, at, what = who[order], at[order], what[order]
    is_buy = what == BOUGHT
    limit = np.maximum(2 * story.people.cycle_days[who[is_buy]] * DAY_SECONDS, IDLE_SECONDS).astype(np.int64)
    lapsed_who, lapsed_at = _gaps(who[is_buy], at[is_buy], limit)
    first_buy = np.full(len(story.people), NEVER)
    np.minimum.at(first_buy, who[is_buy], at[is_buy])
    before = (at < first_buy[who]) & (what != GONE)
    idle_who, idle_at = _gaps(who[before], at[before], np.full(int(before.sum()), IDLE_SECONDS))
    still = idle_at < first_buy[idle_who]
    end_at = story.world.parameters.end_at
    all_who = np.concatenate([lapsed_who, idle_who[still]])
    all_at = np.concatenate([lapsed_at, idle_at[still]])
    kind = np.repeat(np.array([LAPSED, IDLE]), [lapsed_who.size, int(still.sum())])
    is_within = all_at < end_at
    return all_who[is_within], all_at[is_within], kind[is_within]


def _gaps(who: Ints, at: Ints, limit: Ints) -> tuple[Ints, Ints]:
    """Where the next row of the same person comes later than the limit: the moment at which it was reached."""
    follows = np.full(at.size, NEVER)
    follows[:-1] = np.where(who[1:] == who[:-1], at[1:], NEVER)
    is_long = follows > at + limit
    return who[is_long], at[is_long] + limit[is_long]


def _stage_after(who: Ints, at: Ints, what: Ints) -> Ints:
    """The stage after each row; rows by person and time."""
    starts = np.flatnonzero(first_of_each(who))
    base = np.repeat(starts, np.diff(np.append(starts, who.size)))
    buys = what == BOUGHT
    has_bought = _since(buys, base) >= 0
    has_tried = _since(what == TRIED, base) >= 0
    has_acted = _since(what == ACTED, base) >= 0
    stage = np.where(has_acted, ATTEMPT, AWARE)
    stage = np.where(has_tried | has_bought, ADOPT, stage)
    stage = np.where(_loyal(who, at, buys)[np.maximum(_since(buys, base), 0)] & has_bought, ADVOCATE, stage)
    last_buy = _since(buys, base)
    is_out = np.maximum(_since(what == GONE, base), _since(what == LAPSED, base)) > last_buy
    last_idle = _since(what == IDLE, base)
    touched = _since((what != IDLE) & (what != LAPSED) & (what != GONE), base)
    is_idle = ~has_bought & (last_idle > touched)
    return np.where(is_out | is_idle, ABANDON, stage)


def _since(condition: Bools, base: Ints) -> Ints:
    """The last row of the same person, up to each row, that fulfils the condition; -1 where none does."""
    last = np.maximum.accumulate(np.where(condition, np.arange(condition.size), -1))
    return np.where(last >= base, last, -1)


def _loyal(who: Ints, at: Ints, buys: Bools) -> Bools:
    """At which purchases it is at least the fourth within a year."""
    rows = np.flatnonzero(buys)
    span = 1 << 40
    where = who[rows] * span + at[rows]
    since = np.searchsorted(where, np.maximum(where - YEAR_SECONDS, who[rows] * span))
    is_loyal = np.zeros(who.size, np.bool_)
    is_loyal[rows] = np.arange(rows.size) - since + 1 >= LOYAL_ORDERS
    return is_loyal
