"""What moves a person: every moment at which something might make them look, or buy.

Here: clicks on ads and posts, livestreams, answers to campaigns, big sales, passing a store, gift days. Not here: what
they decide (journeys.py).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from simulator.brand.calendar import FESTIVALS, GIFT_DAYS
from simulator.brand.draws import Floats, Ints, chosen, generator
from simulator.brand.frames import NEVER, Frame
from simulator.brand.media import CLICKS_PER_DAY
from simulator.brand.messages import Messages
from simulator.brand.parameters import DAY_SECONDS
from simulator.brand.people import SHOPS, People, hours
from simulator.brand.world import World

CAUSES = (
    "need", "ad", "post", "livestream", "campaign", "sale", "walk_in", "friend", "gift", "signup", "search",
)  # fmt: skip
"""What may cause a purchase; `need`: the product at home is used up."""

NEED, AD, POST, LIVE, CAMPAIGN, SALE, WALK_IN, FRIEND, GIFT, SIGNUP, SEARCH = range(len(CAUSES))


@dataclass(frozen=True)
class Stimuli(Frame):
    """One row a moment, by person and time. `ref`: which ad, post, message … (-1 for none). `strength`: 1 is usual."""

    who: Ints
    at: Ints
    kind: Ints
    ref: Ints
    strength: Floats


def stimuli(world: World, people: People, messages: Messages, chunk: int) -> Stimuli:
    """Everything that reaches these people within the run, by person and time."""
    rng = generator(world.parameters.seed, "stimuli", chunk)
    parts = [
        _entries(people),
        _signups(people),
        _clicks(world, people, rng, AD, world.media.ad_strength * CLICKS_PER_DAY * world.media.scale),
        _clicks(world, people, rng, POST, world.media.post_strength * 30.0 * world.media.scale),
        _livestreams(world, people, rng),
        _answered(world, messages),
        _sales(world, people, rng),
        _walks(world, people, rng),
        _gifts(world, people, rng),
    ]
    found = parts[0].joined(parts[1:])
    knows = found.at >= people.entry_at[found.who]
    is_within = (found.at >= world.parameters.start_at) & (found.at < world.parameters.end_at)
    found = found.rows(knows & is_within)
    return found.rows(np.lexsort((found.kind, found.at, found.who)))


def _same(who: Ints, at: Ints, kind: int, ref: Ints | None = None, strength: float | Floats = 1.0) -> Stimuli:
    count = who.size
    refs = np.full(count, -1, np.int64) if ref is None else ref
    return Stimuli(who, at, np.full(count, kind, np.int64), refs, np.broadcast_to(strength, count).astype(np.float64))


def _entries(people: People) -> Stimuli:
    """The first meeting itself."""
    who = np.flatnonzero(people.entry > 0)
    kinds = np.array([NEED, AD, POST, WALK_IN, FRIEND, SEARCH, LIVE])[people.entry[who]]
    return Stimuli(who, people.entry_at[who], kinds, people.entry_ref[who], np.full(who.size, 1.2))


def _signups(people: People) -> Stimuli:
    who = np.flatnonzero(people.signup_at < NEVER)
    strength = np.array([4.0, 1.6, 1.2, 2.5, 1.2])[people.signup_where[who]]
    return _same(who, people.signup_at[who], SIGNUP, people.signup_where[who], strength)


def _clicks(world: World, people: People, rng: np.random.Generator, kind: int, per_day: Floats) -> Stimuli:
    """Clicks in proportion to what is on that day (things × days, for all people together)."""
    share = len(people) / world.parameters.customers
    count = int(rng.poisson(per_day.sum() * share))
    cell = chosen(rng, per_day.ravel(), count)
    ref, day = cell // world.parameters.days, cell % world.parameters.days
    who = chosen(rng, people.engagement * (0.5 + people.price_sensitivity), count)[: cell.size]
    at = world.parameters.start_at + day * DAY_SECONDS + hours(rng, cell.size)
    if kind == POST:
        at = np.maximum(at, world.media.post_at[ref] + 300)
    return _same(who, at, kind, ref)


def _livestreams(world: World, people: People, rng: np.random.Generator) -> Stimuli:
    media = world.media
    seen = (
        rng.random((len(people), media.live_day.size))
        < 0.012 * np.minimum(people.engagement, 3)[:, None] * (media.live_draw[None, :])
    )
    who, ref = np.nonzero(seen)
    at = media.live_at[ref] + (rng.random(who.size) * media.live_minutes[ref] * 60).astype(np.int64)
    return _same(who, at, LIVE, ref, media.live_draw[ref])


def _answered(world: World, messages: Messages) -> Stimuli:
    """Clicked messages; a leaflet in the letter box needs no click. `ref` is the message's row."""
    is_mail = messages.channel == 6
    row = np.flatnonzero((messages.click_at < NEVER) | is_mail)
    picked = messages.rows(row)
    offer = np.array([item.offer_yuan for item in world.campaigns.all])[picked.campaign]
    strength = np.where(is_mail[row], 0.12, 1.0) * np.where(offer > 0, 1.5, 1.0)
    at = np.where(is_mail[row], picked.at + 2 * DAY_SECONDS, picked.click_at)
    return _same(picked.who, at, CAMPAIGN, row, strength)


def _sales(world: World, people: People, rng: np.random.Generator) -> Stimuli:
    """Who looks at a big sale; with a deposit, half of them come on the deposit days."""
    parts: list[Stimuli] = []
    for place, sale in enumerate(world.sales):
        will = np.clip((0.06 + 0.3 * people.price_sensitivity) * sale.pull * np.sqrt(people.engagement), 0, 0.9)
        who = np.flatnonzero(rng.random(len(people)) < will)
        first = np.full(who.size, world.parameters.day_of(sale.first))
        length = np.full(who.size, (sale.last - sale.first).days + 1)
        if sale.deposit_from and sale.balance_from:
            early = rng.random(who.size) < 0.45
            first = np.where(early, world.parameters.day_of(sale.deposit_from), first)
            length = np.where(early, (sale.balance_from - sale.deposit_from).days, length)
        day = first + (rng.beta(1.6, 1.0, who.size) * length).astype(np.int64)
        at = world.parameters.start_at + day * DAY_SECONDS + hours(rng, who.size)
        strength = sale.pull * (0.5 + people.price_sensitivity[who])
        parts.append(_same(who, at, SALE, np.full(who.size, place, np.int64), strength))
    nobody = np.zeros(0, np.int64)
    return _same(nobody, nobody, SALE).joined(parts)


def _walks(world: World, people: People, rng: np.random.Generator) -> Stimuli:
    """Passing a store, more often on weekends."""
    rate = 1.6 * people.engagement * people.shops[:, SHOPS.index("store")] * world.parameters.days / 200
    counts = rng.poisson(rate)
    who = np.repeat(np.arange(len(people)), counts)
    day = chosen(rng, world.lift**2, who.size)
    at = world.parameters.start_at + day * DAY_SECONDS + np.clip(hours(rng, who.size), 10 * 3600, 21 * 3600)
    return _same(who, at, WALK_IN)


def _gifts(world: World, people: People, rng: np.random.Generator) -> Stimuli:
    """Days on which one gives: some buy for somebody else."""
    nobody = np.zeros(0, np.int64)
    parts = [_same(nobody, nobody, GIFT)]
    for name, day in FESTIVALS:
        number = world.parameters.day_of(day) - 6
        if name not in GIFT_DAYS or not 0 <= number < world.parameters.days - 6:
            continue
        who = np.flatnonzero(rng.random(len(people)) < 0.05 * np.minimum(people.engagement, 2) * people.propensity)
        at = world.parameters.start_at + (number + rng.integers(0, 6, who.size)) * DAY_SECONDS + hours(rng, who.size)
        parts.append(_same(who, at, GIFT, strength=3.0))
    return parts[0].joined(parts[1:])
