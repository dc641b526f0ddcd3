"""Points and tiers as the member system keeps them: a pure function of the orders that named a member.

Here: one point for each whole yuan paid net, taken back with refunds, spent on rewards, expired at the end of the year
after they were earned; tiers by spend in twelve months. Not here: who shows a code (membership.py).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import numpy as np

from simulator.brand.aftermath import Refunds
from simulator.brand.draws import Floats, Ints, unit
from simulator.brand.frames import Frame, first_of_each, place_in_group
from simulator.brand.parameters import DAY_SECONDS, Parameters
from simulator.brand.people import People

TIERS = ("Bronze", "Silver", "Gold")
TIER_YUAN = (0, 2000, 4000)
YEAR_SECONDS = 365 * DAY_SECONDS
EARN, REVERSE, REDEEM, EXPIRE, ADJUST = range(5)
ENTRY_TYPES = ("earn", "reverse", "redeem", "expire", "adjust")
REWARDS: tuple[tuple[str, str, int, str], ...] = (
    ("R-mini", "gift", 500, "QL-CLE-09"),
    ("R-mask", "gift", 1000, "QL-MSK-01"),
    ("R-facial", "service", 2000, ""),
    ("R-50", "voucher", 800, ""),
)
"""Reward, type, points, product."""

CHEAPEST = 0

FRAUD_KIND = 2
REDEEM_SHARE = 0.3
"""Orders after which a member with enough points takes a reward."""


@dataclass(frozen=True)
class Entries(Frame):
    """One movement of points. `order`: row of the purchase or -1; `reward`: place in REWARDS or -1."""

    who: Ints
    at: Ints
    kind: Ints
    points: Ints
    order: Ints
    reward: Ints


@dataclass(frozen=True)
class TierChanges(Frame):
    """One change of tier; `tier` and `before` are places in TIERS, -1 for none; `spend_cents` in twelve months."""

    who: Ints
    at: Ints
    tier: Ints
    before: Ints
    spend_cents: Ints


@dataclass(frozen=True)
class Spend(Frame):
    """What the rules look at: one row an order that named a member, by person and time."""

    who: Ints
    at: Ints
    cents: Ints
    order: Ints


@dataclass(frozen=True)
class Ledger:
    """Both books."""

    entries: Entries
    tiers: TierChanges


def ledger(parameters: Parameters, people: People, spend: Spend, refunds: Refunds) -> Ledger:
    """The books of these orders; `refunds` of other orders are not looked at."""
    person = people.person
    row_of = np.full(int(spend.order.max(initial=-1)) + 2, -1, np.int64)
    row_of[spend.order] = np.arange(len(spend))
    at_most = np.minimum(refunds.order, row_of.size - 1)
    counted = refunds.rows((row_of[at_most] >= 0) & (refunds.order == at_most))
    spend_row = row_of[counted.order]
    earned = _earned(spend)
    back = _taken_back(spend, counted, spend_row)
    entries = earned.joined(
        [back, _redeemed(parameters, person, spend, counted, spend_row), _booked(parameters, people)]
    )
    entries = entries.joined([_expired(parameters, entries, person.size)])
    entries = entries.rows(entries.points != 0)
    return Ledger(entries.rows(np.lexsort((entries.kind, entries.at, entries.who))), _tiers(parameters, spend))


def _earned(spend: Spend) -> Entries:
    none = np.full(len(spend), -1, np.int64)
    return Entries(spend.who, spend.at, none * 0 + EARN, spend.cents // 100, spend.order, none)


def _booked(parameters: Parameters, people: People) -> Entries:
    """Points that fraudsters had booked by hand, month after month, without an order."""
    fraud = np.flatnonzero((people.kind == FRAUD_KIND) & (people.signup_at < parameters.end_at))
    months = np.arange(1, max(parameters.days // 30, 1))
    who, month = (axis.ravel() for axis in np.meshgrid(fraud, months, indexing="ij"))
    points = 300 + (unit(people.person[who] * 64 + month, parameters.seed, "fraud") * 12).astype(np.int64) * 100
    at = parameters.start_at + month * 30 * DAY_SECONDS + 11 * 3600 + who % 3600
    none = np.full(who.size, -1, np.int64)
    booked = Entries(who, at, none * 0 + ADJUST, points, none, none)
    return booked.rows(at > people.signup_at[who])


def _taken_back(spend: Spend, refunds: Refunds, row: Ints) -> Entries:
    none = np.full(len(refunds), -1, np.int64)
    points = -(refunds.cents // 100)
    return Entries(spend.who[row], refunds.refunded_at, none * 0 + REVERSE, points, refunds.order, none)


def _redeemed(parameters: Parameters, person: Ints, spend: Spend, refunds: Refunds, row: Ints) -> Entries:
    """After some orders a reward is taken, from the second on, where what is left certainly suffices.

    Sure points are those of earlier orders, less every refund of theirs and every reward before.
    """
    lost = np.bincount(row, refunds.cents // 100, len(spend)).astype(np.int64)
    sure = spend.cents // 100 - lost
    first = first_of_each(spend.who)
    total = np.cumsum(sure) - sure
    before = total - np.repeat(total[first], np.diff(np.append(np.flatnonzero(first), len(spend))))
    place = place_in_group(spend.who)
    before -= _gone_by_then(parameters, spend, sure)
    wants = unit(person[spend.who] * 512 + place, parameters.seed, "redeems") < REDEEM_SHARE
    reward = (unit(person[spend.who] * 512 + place, parameters.seed, "reward") * len(REWARDS)).astype(np.int64)
    cost = np.array([points for _, _, points, _ in REWARDS])
    spent = np.zeros(int(spend.who.max(initial=0)) + 1, np.int64)
    takes = np.zeros(len(spend), np.bool_)
    for nth in range(1, int(place.max(initial=0)) + 1):
        rows = np.flatnonzero((place == nth) & wants)
        left = before[rows] - spent[spend.who[rows]]
        reward[rows] = np.where(left >= cost[reward[rows]], reward[rows], CHEAPEST)
        takes[rows] = left >= cost[reward[rows]]
        np.add.at(spent, spend.who[rows[takes[rows]]], cost[reward[rows[takes[rows]]]])
    rows = np.flatnonzero(takes)
    none = np.full(rows.size, -1, np.int64)
    return Entries(spend.who[rows], spend.at[rows] + 7200, none * 0 + REDEEM, -cost[reward[rows]], none, reward[rows])


def _expiries(parameters: Parameters) -> list[tuple[int, int]]:
    """When points leave, and before when they were earned; within the run."""
    found: list[tuple[int, int]] = []
    for year in range(parameters.start.year, parameters.end.year):
        at = parameters.start_at + parameters.day_of(date(year + 2, 1, 1)) * DAY_SECONDS - 60
        year_end = parameters.start_at + parameters.day_of(date(year + 1, 1, 1)) * DAY_SECONDS
        if parameters.start_at <= at < parameters.end_at:
            found.append((at, year_end))
    return found


def _gone_by_then(parameters: Parameters, spend: Spend, sure: Ints) -> Ints:
    """Points of each person's orders that have expired by the moment of each order."""
    gone = np.zeros(len(spend), np.int64)
    for at, year_end in _expiries(parameters):
        old = np.bincount(spend.who, sure * (spend.at < year_end), int(spend.who.max(initial=0)) + 1).astype(np.int64)
        gone = np.where(spend.at + 7200 >= at, old[spend.who], gone)
    return gone


def _expired(parameters: Parameters, entries: Entries, people: int) -> Entries:
    """Points of one year leave at the end of the next: those that nothing has used up, the oldest first."""
    parts = [entries.rows(np.zeros(0, np.int64))]
    for at, year_end in _expiries(parameters):
        is_old = (entries.kind == EARN) & (entries.at < year_end)
        is_out = (entries.points < 0) & (entries.at < at)
        gained = np.bincount(entries.who[is_old], entries.points[is_old], people)
        used = np.bincount(entries.who[is_out], entries.points[is_out], people)
        left = np.maximum(gained + used, 0).astype(np.int64)
        who = np.flatnonzero(left)
        none = np.full(who.size, -1, np.int64)
        parts.append(Entries(who, np.full(who.size, at), none * 0 + EXPIRE, -left[who], none, none))
    return parts[0].joined(parts[1:])


def spend_within_year(spend: Spend) -> Ints:
    """What was spent in the 365 days up to and with each order, in hundredths; rows by person and time."""
    span = 1 << 40
    where = spend.who * span + spend.at
    total = np.cumsum(spend.cents)
    since = np.searchsorted(where, np.maximum(where - YEAR_SECONDS + 1, spend.who * span))
    return total - np.where(since > 0, total[since - 1], 0)


def _level(cents: Ints | Floats) -> Ints:
    return (np.searchsorted(np.array(TIER_YUAN) * 100, cents, side="right") - 1).astype(np.int64)


def _tiers(parameters: Parameters, spend: Spend) -> TierChanges:
    """Up with the order that reaches the amount; down a year later when the year's spend no longer holds it."""
    within = spend_within_year(spend)
    level = _level(within)
    first = first_of_each(spend.who)
    offset = np.cumsum(first) * len(TIERS)
    best = np.maximum.accumulate(level + offset) - offset
    before = np.where(first, -1, np.append(-1, best[:-1])[: best.size])
    ups = np.flatnonzero(best > before)
    raised = TierChanges(spend.who[ups], spend.at[ups], best[ups], before[ups], within[ups])
    down = _falls(parameters, spend, raised)
    both = raised.joined([down])
    return both.rows(np.lexsort((both.at, both.who)))


def _falls(parameters: Parameters, spend: Spend, raised: TierChanges) -> TierChanges:
    """Whose last rise is a year old, and whose spend since does not hold the tier."""
    is_last = np.append(raised.who[1:] != raised.who[:-1], np.ones(min(len(raised), 1), np.bool_))
    ends = raised.at + YEAR_SECONDS
    due = raised.rows(is_last & (ends < parameters.end_at) & (raised.tier > 0))
    at = due.at + YEAR_SECONDS
    span = 1 << 40
    where = spend.who * span + spend.at
    total = np.append(0, np.cumsum(spend.cents))
    spent = (
        total[np.searchsorted(where, due.who * span + at)] - total[np.searchsorted(where, due.who * span + due.at + 1)]
    )
    level = _level(spent)
    falls = level < due.tier
    return TierChanges(due.who[falls], at[falls], level[falls], due.tier[falls], spent[falls])
