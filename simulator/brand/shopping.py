"""Where and when one buys: the shop that fits a person and a moment, and the pull of big sales on the calendar.

Here: choices of place and day. Not here: whether one buys (journeys.py), what (orders.py).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from simulator.brand.draws import Bools, Floats, Ints
from simulator.brand.messages import Messages
from simulator.brand.parameters import DAY_SECONDS, ZONE_SECONDS
from simulator.brand.people import SHOPS, People
from simulator.brand.stimuli import AD, CAMPAIGN, CAUSES, SIGNUP
from simulator.brand.world import World

STORE, TMALL, WEB, MINI, APP = range(len(SHOPS))

_FACTORS: dict[str, tuple[float, float, float, float, float]] = {
    #          store tmall web  mini app
    "need": (1.0, 1.0, 1.0, 1.0, 1.0),
    "ad": (0.15, 0.8, 1.6, 1.4, 0.4),
    "post": (0.4, 1.6, 0.8, 1.2, 0.3),
    "livestream": (0.05, 2.2, 0.3, 1.2, 0.1),
    "campaign": (0.6, 0.8, 1.0, 1.2, 1.0),
    "sale": (0.35, 2.4, 0.6, 0.8, 0.6),
    "walk_in": (30.0, 0.05, 0.02, 0.1, 0.02),
    "friend": (1.2, 1.0, 0.5, 1.2, 0.3),
    "gift": (1.6, 1.2, 0.6, 0.8, 0.3),
    "signup": (1.0, 1.0, 1.0, 1.0, 1.0),
    "search": (0.5, 1.5, 2.0, 0.8, 0.2),
}
FACTOR = np.array([_FACTORS[name] for name in CAUSES])
BY_MESSAGE = np.array(
    [(0.3, 1.0, 1.4, 1.4, 0.5), (0.5, 0.6, 3.0, 0.5, 0.3), (0.4, 0.2, 0.2, 4.0, 0.2), (0.1, 0.1, 0.1, 0.2, 9.0),
     (1.6, 0.1, 0.2, 2.4, 0.1), (0.0, 9.0, 0.0, 0.0, 0.0), (4.0, 0.3, 0.4, 0.4, 0.1)]
)  # fmt: skip
"""Factors by the channel of the message that was answered."""

BY_SIGNUP = np.array(
    [(50.0, 0, 0, 0.1, 0), (0.2, 0.1, 0.1, 9.0, 0), (0.1, 0.1, 9.0, 0.1, 0), (0, 50.0, 0, 0, 0), (0, 0, 0, 0.1, 9.0)]
)
LANDS_ON = {"web": WEB, "miniprogram": MINI, "tmall": TMALL}
OPENS, CLOSES = 10 * 3600, 22 * 3600 - 60


@dataclass(frozen=True)
class Scene:
    """Everything a decision looks at."""

    world: World
    people: People
    messages: Messages
    sales: Sales
    rng: np.random.Generator


def choose_shop(scene: Scene, who: Ints, at: Ints, kind: Ints, ref: Ints) -> tuple[Ints, Ints]:
    """The shop of each purchase, and its moment: stores are open from 10 to 22."""
    weight = scene.people.shops[who] * FACTOR[kind]
    signups = kind == SIGNUP
    weight[signups] *= BY_SIGNUP[ref[signups]]
    ads = kind == AD
    lands = np.array([LANDS_ON[ad.lands_on] for ad in scene.world.media.ads], np.int64)
    weight[ads, lands[ref[ads]]] *= 6.0
    answered = kind == CAMPAIGN
    weight[answered] *= BY_MESSAGE[scene.messages.channel[ref[answered]]]
    weight[:, APP] *= scene.people.app_at[who] < at
    weight[weight.sum(1) <= 0, STORE] = 1.0
    edges = np.cumsum(weight, axis=1)
    shop = (edges <= scene.rng.random(who.size)[:, None] * edges[:, -1:]).sum(1)
    return shop, np.where(shop == STORE, in_opening_hours(at), at)


def in_opening_hours(at: Ints) -> Ints:
    """The nearest moment of the same day at which stores are open."""
    midnight = (at + ZONE_SECONDS) // DAY_SECONDS * DAY_SECONDS - ZONE_SECONDS
    return midnight + np.clip(at - midnight, OPENS, CLOSES)


class Sales:
    """The big sales by day of the run."""

    def __init__(self, world: World) -> None:
        days = world.parameters.days
        self._start_at = world.parameters.start_at
        self._sale = np.full(days + 1, -1, np.int64)
        self._early = np.full(days + 1, -1, np.int64)
        self._load = np.append(world.lift, 1.0)
        self._next = np.full(days + 1, -1, np.int64)
        self._length = np.ones(days + 1, np.int64)
        for place, sale in enumerate(world.sales):
            first, last = world.parameters.day_of(sale.first), world.parameters.day_of(sale.last)
            self._sale[first : last + 1] = place
            self._load[first : last + 4] += sale.pull
            if sale.pull >= 1:
                self._next[max(first - 18, 0) : first + 22] = first
                self._length[max(first - 18, 0) : first + 22] = last - first + 1
            if sale.deposit_from and sale.balance_from:
                self._early[world.parameters.day_of(sale.deposit_from) : world.parameters.day_of(sale.balance_from)] = (
                    place
                )

    def _day(self, at: Ints) -> Ints:
        return np.clip((at - self._start_at) // DAY_SECONDS, 0, self._load.size - 1)

    def load(self, at: Ints) -> Floats:
        """How busy the warehouse is."""
        return self._load[self._day(at)]

    def at(self, at: Ints, shop: Ints) -> Ints:
        """The sale an order falls into, -1 for none; a deposit is taken at Tmall only."""
        day = self._day(at)
        return np.where((shop == TMALL) & (self._early[day] >= 0), self._early[day], self._sale[day])

    def is_deposit(self, at: Ints, shop: Ints) -> Bools:
        """Whether an order is placed with a deposit."""
        return (shop == TMALL) & (self._early[self._day(at)] >= 0)

    def awaited(self, need_at: Ints, bought_at: Ints, rng: np.random.Generator) -> Ints:
        """The need of somebody who waits for a sale that is near, or buys ahead in it."""
        day = self._day(need_at)
        first = self._next[day]
        into = (rng.random(need_at.size) * self._length[day] * DAY_SECONDS).astype(np.int64)
        is_near = (first >= 0) & (need_at < self._start_at + (self._load.size - 1) * DAY_SECONDS)
        waited = self._start_at + first * DAY_SECONDS + into
        return np.where(is_near & (waited > bought_at + DAY_SECONDS), waited, need_at)
