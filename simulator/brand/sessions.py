"""Visits to the website, the mini-program and the app, and the events they consist of.

Here: where a stimulus leads, research before a purchase in a store, looking around without a reason. Not here: what the
SDKs report (exports/).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from simulator.brand.draws import Bools, Ints, chosen, generator, unit
from simulator.brand.frames import NEVER, Frame, looked_up, repeated_rows
from simulator.brand.journeys import Purchases
from simulator.brand.messages import Messages
from simulator.brand.orders import Lines
from simulator.brand.parameters import DAY_SECONDS
from simulator.brand.people import People, hours
from simulator.brand.shopping import APP, MINI, STORE, WEB
from simulator.brand.stimuli import AD, CAMPAIGN, NEED, POST, SEARCH, SIGNUP, WALK_IN, Stimuli
from simulator.brand.world import World

LOOK, BUY, JOIN, BOOK = range(4)
"""What a visit is for."""

EVENTS = (
    "page_view", "search", "view_item", "video_progress", "add_to_cart", "remove_from_cart", "begin_checkout",
    "purchase", "form_submit", "login", "identify", "booking",
)  # fmt: skip
PAGE, SEARCHED, ITEM, VIDEO, CART, UNCART, CHECKOUT, BOUGHT, FORM, LOGIN, IDENTIFY, BOOKING = range(len(EVENTS))
BROWSING = np.array([0.33, 0.1, 0.38, 0.06, 0.11, 0.02])
"""How often a visitor without a purpose does what."""


@dataclass(frozen=True)
class Visits(Frame):
    """One row a visit, by person and time. `place`: of SHOPS (web, miniprogram, app); `order`: its purchase or -1.

    `cause` and `ref`: what brought it, as stimuli say; NEED where nothing did. `logs_in`: the member is logged in from
    the second event on.
    """

    who: Ints
    at: Ints
    place: Ints
    cause: Ints
    ref: Ints
    goal: Ints
    order: Ints
    product: Ints
    logs_in: Bools


@dataclass(frozen=True)
class Events(Frame):
    """One row an event. `visit`: row of Visits; `name`: of EVENTS; `dwell`: seconds until the next."""

    visit: Ints
    place: Ints
    name: Ints
    at: Ints
    dwell: Ints
    product: Ints


def visits(
    world: World, people: People, messages: Messages, stimuli: Stimuli, bought: Purchases, lines: Lines, chunk: int
) -> Visits:
    """All visits of these people."""
    rng = generator(world.parameters.seed, "visits", chunk)
    parts = [
        _led(world, messages, stimuli, bought, rng),
        _buying(bought, lines),
        _research(bought, lines, rng),
        _around(world, people, rng),
    ]
    found = parts[0].joined(parts[1:])
    start_at, end_at = world.parameters.start_at, world.parameters.end_at
    has_app = (found.place != APP) | (people.app_at[found.who] <= found.at)
    knows = found.at >= people.entry_at[found.who]
    found = found.rows((found.at >= start_at) & (found.at < end_at - 3600) & has_app & knows)
    found = found.rows(np.lexsort((found.place, found.at, found.who)))
    is_member = people.signup_at[found.who] <= found.at + 600
    often = unit(np.arange(len(found)) + chunk * 4099, world.parameters.seed, "logs in") < 0.45
    sure = (found.goal == JOIN) | (found.goal == BUY) | (found.place == APP)
    return Visits(**{**vars(found), "logs_in": is_member & (often | sure)})


def _led(world: World, messages: Messages, stimuli: Stimuli, bought: Purchases, rng: np.random.Generator) -> Visits:
    """A click leads to the website or the mini-program, unless it led straight to a purchase there."""
    count = len(stimuli)
    place = np.where(rng.random(count) < 0.55, WEB, MINI)
    lands = np.array([{"web": WEB, "miniprogram": MINI}.get(ad.lands_on, -1) for ad in world.media.ads], np.int64)
    place = looked_up(lands, stimuli.ref, stimuli.kind == AD, place)
    answered = stimuli.kind == CAMPAIGN
    by_channel = np.array([WEB, WEB, MINI, APP, MINI, -1, -1])
    place[answered] = by_channel[messages.channel[stimuli.ref[answered]]]
    place = looked_up(np.array([-1, MINI, WEB, -1, APP]), stimuli.ref, stimuli.kind == SIGNUP, place)
    place = np.where((stimuli.kind == POST) & (rng.random(count) < 0.3), -1, place)
    place = np.where((stimuli.kind == WALK_IN) | (stimuli.kind == NEED), -1, place)
    place[bought.stimulus[(bought.stimulus >= 0) & (bought.shop == place[bought.stimulus])]] = -1
    product = chosen(rng, world.catalogue.popularity, count)
    product = looked_up(world.media.post_product, stimuli.ref, stimuli.kind == POST, product)
    goal = np.where(stimuli.kind == SIGNUP, JOIN, np.where((place == MINI) & (rng.random(count) < 0.04), BOOK, LOOK))
    none = np.full(count, -1, np.int64)
    at = np.where(stimuli.kind == SIGNUP, stimuli.at - 240, stimuli.at + 8)
    found = Visits(stimuli.who, at, place, stimuli.kind, stimuli.ref, goal, none, product, np.zeros(count, np.bool_))
    return found.rows(place >= 0)


def _buying(bought: Purchases, lines: Lines) -> Visits:
    """The visit in which an online order is placed; it ends with it."""
    order = np.flatnonzero((bought.shop == WEB) | (bought.shop == MINI) | (bought.shop == APP))
    first = np.searchsorted(lines.order, order)
    part = bought.rows(order)
    goal = np.full(order.size, BUY)
    return Visits(
        part.who, part.at - 420, part.shop, part.cause, part.ref, goal, order, lines.product[first],
        np.zeros(order.size, np.bool_),
    )  # fmt: skip


def _research(bought: Purchases, lines: Lines, rng: np.random.Generator) -> Visits:
    """Looked up online, bought in the store some days later."""
    order = np.flatnonzero((bought.shop == STORE) & (rng.random(len(bought)) < 0.35))
    part = bought.rows(order)
    count = order.size
    at = part.at - rng.integers(6 * 3600, 4 * DAY_SECONDS, count)
    place = np.where(rng.random(count) < 0.45, WEB, MINI)
    goal = np.where((place == MINI) & (rng.random(count) < 0.3), BOOK, LOOK)
    none = np.full(count, -1, np.int64)
    cause = np.where(place == WEB, SEARCH, NEED)
    product = lines.product[np.searchsorted(lines.order, order)]
    return Visits(part.who, at, place, cause, none, goal, none, product, np.zeros(count, np.bool_))


def _around(world: World, people: People, rng: np.random.Generator) -> Visits:
    """Visits nothing brought about, more from people who like the brand."""
    counts = rng.poisson(world.parameters.days / 62 * people.engagement)
    who = np.repeat(np.arange(len(people)), counts)
    day = chosen(rng, world.lift, who.size)
    at = world.parameters.start_at + day * DAY_SECONDS + hours(rng, who.size)
    has_app = people.app_at[who] < NEVER
    place = np.where(has_app & (rng.random(who.size) < 0.6), APP, np.where(rng.random(who.size) < 0.4, WEB, MINI))
    none = np.full(who.size, -1, np.int64)
    product = chosen(rng, world.catalogue.popularity, who.size)
    return Visits(who, at, place, none * 0 + NEED, none, none * 0 + LOOK, none, product, np.zeros(who.size, np.bool_))


def events(world: World, visits: Visits, chunk: int) -> Events:
    """What happens in each visit, second by second; a purchase is its last event."""
    rng = generator(world.parameters.seed, "events", chunk)
    usual = 1 + rng.poisson(np.array([2.2, 5.0, 2.4, 2.5])[visits.goal])
    least = np.array([1, 5, 3, 3])[visits.goal]
    counts = np.maximum(usual, least) + ((visits.goal != BUY) & visits.logs_in)
    of, place = repeated_rows(counts)
    from_end = counts[of] - 1 - place
    name = _names(visits, rng, of, place, from_end)
    count = of.size
    dwell = np.clip(rng.exponential(34.0, count), 3, 600).astype(np.int64)
    buying = visits.goal[of] == BUY
    dwell = np.where(buying, np.minimum(dwell, 400 // np.maximum(counts[of], 1)), dwell)
    passed = np.cumsum(dwell) - dwell
    at = visits.at[of] + passed - np.repeat(passed[place == 0], counts)
    looks = rng.random(count) < 0.55
    product = np.where(looks, visits.product[of], chosen(rng, world.catalogue.popularity, count))
    return Events(of, place, name, at, dwell, product)


def _names(visits: Visits, rng: np.random.Generator, of: Ints, place: Ints, from_end: Ints) -> Ints:
    name = chosen(rng, BROWSING, of.size)
    goal = visits.goal[of]
    name = np.where(place == 0, np.where((visits.cause[of] == SEARCH) & (goal != JOIN), ITEM, PAGE), name)
    for ending, what in ((BUY, (BOUGHT, CHECKOUT, CART)), (JOIN, (IDENTIFY, FORM)), (BOOK, (BOOKING,))):
        for back, event in enumerate(what):
            name = np.where((goal == ending) & (from_end == back) & (place > 0), event, name)
    return np.where(visits.logs_in[of] & (place == 1) & (goal != JOIN), LOGIN, name)
