"""Who the people are: traits, habits, where and when they meet the brand.

Here: what is fixed before anything happens, drawn for a chunk of people at a time. Not here: their identifiers
(identifiers.py), what they do (journeys.py).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from simulator.brand.draws import Bools, Floats, Ints, chosen, generator
from simulator.brand.frames import NEVER, Frame
from simulator.brand.parameters import DAY_SECONDS, Parameters
from simulator.brand.world import World

KINDS = ("ordinary", "sample_hunter", "points_fraud", "reseller", "staff", "proxy_buyer")
KIND_SHARES = np.array([0.954, 0.012, 0.005, 0.008, 0.006, 0.015])
CHANNELS = ("sms", "email", "wechat", "push", "wecom", "tmall", "mail")
"""Channels a person can be written to on."""

SHOPS = ("store", "tmall", "web", "miniprogram", "app")
"""Where a person buys."""

ENTRIES = ("before", "ad", "post", "store", "friend", "search", "livestream")
"""How a person met the brand; `before`: before the story began."""

SIGNUPS = ("store", "miniprogram", "web", "tmall", "app")
SKINS = ("dry", "oily", "mixed", "sensitive")
EDUCATIONS = ("高中", "大专", "本科", "硕士及以上")
INCOMES = ("0-100", "100-200", "200-400", "400+")
LEGACY_LINES = ("lumiere", "herbal")


@dataclass(frozen=True)
class People(Frame):
    """One row a person. Moments are seconds since 1970, NEVER where they do not come.

    `preference` (CHANNELS): how much likelier than others they answer there. `shops` (SHOPS): how likely they buy
    there. `cycle_days`: their own rhythm of buying. `price_sensitivity`, `fatigue`: 0 to 1. `engagement`: 1 on average.
    `propensity`: how likely they ever buy. `legacy`: the older business line that knew them, -1 for none.
    """

    person: Ints
    kind: Ints
    is_male: Bools
    age: Ints
    birth_month_day: Ints
    is_lunar: Bools
    education: Ints
    income: Ints
    city: Ints
    skin: Ints
    engagement: Floats
    price_sensitivity: Floats
    fatigue: Floats
    preference: Floats
    shops: Floats
    propensity: Floats
    cycle_days: Floats
    legacy: Ints
    entry: Ints
    entry_ref: Ints
    entry_at: Ints
    follow_at: Ints
    signup_at: Ints
    signup_where: Ints
    app_at: Ints
    wecom_at: Ints
    has_email: Bools


def draw(world: World, first: int, last: int) -> People:
    """The people numbered `first` to `last` - 1."""
    rng = generator(world.parameters.seed, "people", first)
    count = last - first
    kind = chosen(rng, KIND_SHARES, count)
    traits = _traits(rng, count)
    entry, entry_ref, entry_at = _entries(world, rng, count)
    habits = _habits(rng, kind, traits)
    moments = _moments(world.parameters, rng, kind, entry, entry_at)
    has_email = (moments["signup_at"] < NEVER) & (rng.random(count) < 0.45 + 0.1 * traits["education"])
    return People(
        person=np.arange(first, last, dtype=np.int64),
        kind=kind,
        entry=entry,
        entry_ref=entry_ref,
        entry_at=entry_at,
        has_email=has_email,
        **traits,
        **habits,
        **moments,
    )


def _traits(rng: np.random.Generator, count: int) -> dict[str, np.ndarray]:
    from simulator.brand.places import CITIES

    education = chosen(rng, np.array([0.16, 0.3, 0.42, 0.12]), count)
    income = np.clip(education + rng.integers(-1, 2, count), 0, 3)
    return {
        "is_male": rng.random(count) < 0.14,
        "age": np.clip(rng.normal(33, 9, count), 14, 70).astype(np.int64),
        "birth_month_day": rng.integers(0, 365, count),
        "is_lunar": rng.random(count) < 0.18,
        "education": education,
        "income": income,
        "city": chosen(rng, np.array([share for *_, share in CITIES]), count),
        "skin": chosen(rng, np.array([0.3, 0.22, 0.3, 0.18]), count),
    }


def _entries(world: World, rng: np.random.Generator, count: int) -> tuple[Ints, Ints, Ints]:
    """How and when people met the brand: by an ad or a post as strongly as these drew on the day."""
    parameters, media = world.parameters, world.media
    days = parameters.days
    ads, posts = media.ad_strength.sum(0), media.post_strength.sum(0)
    lift = world.lift
    strengths = np.stack([ads * 1.2, posts * 1.1, lift * 0.5, lift * 0.22, lift * 0.3, _live_days(world) * 1.5])
    cell = chosen(rng, strengths.ravel(), count)
    entry, day = cell // days + 1, cell % days
    entry[rng.random(count) < 0.46] = 0
    ref = np.full(count, -1, np.int64)
    for code, table in ((1, media.ad_strength), (2, media.post_strength)):
        rows = np.flatnonzero(entry == code)
        ref[rows] = drawn_by_day(rng, table, day[rows])
    live = np.flatnonzero(entry == 6)
    ref[live] = np.searchsorted(media.live_day, day[live])
    at = parameters.start_at + day * DAY_SECONDS + hours(rng, count)
    posts_in = np.flatnonzero(entry == 2)
    at[posts_in] = np.maximum(at[posts_in], media.post_at[ref[posts_in]] + 600)
    at[live] = media.live_at[ref[live]] + rng.integers(60, 3600, live.size)
    before = entry == 0
    at[before] = parameters.start_at - (rng.random(int(before.sum())) * 900 * DAY_SECONDS).astype(np.int64)
    return entry, ref, at


def _live_days(world: World) -> Floats:
    strength = np.zeros(world.parameters.days)
    strength[world.media.live_day] = world.media.live_draw
    return strength


def drawn_by_day(rng: np.random.Generator, strength: Floats, day: Ints) -> Ints:
    """For each row one of the things (rows of `strength`), as strongly as it draws on the row's day; -1 where none."""
    totals = np.cumsum(strength, axis=0)
    want = rng.random(day.size) * totals[-1, day]
    found = np.full(day.size, -1, np.int64)
    for start in range(0, day.size, 4096):
        part = slice(start, start + 4096)
        found[part] = (totals[:, day[part]] <= want[None, part]).sum(0)
    return np.where(totals[-1, day] > 0, np.minimum(found, strength.shape[0] - 1), -1)


def hours(rng: np.random.Generator, count: int) -> Ints:
    """A moment of the day in seconds, as people are awake: two humps, at noon and in the evening."""
    is_evening = rng.random(count) < 0.6
    hour = np.where(is_evening, rng.normal(20.3, 1.6, count), rng.normal(12.6, 2.4, count))
    return (np.clip(hour, 7.0, 23.8) * 3600).astype(np.int64)


def _habits(rng: np.random.Generator, kind: Ints, traits: dict[str, np.ndarray]) -> dict[str, np.ndarray]:
    count = kind.size
    education, age = traits["education"], traits["age"]
    preference = rng.gamma(2.0, 0.5, (count, len(CHANNELS)))
    preference[:, 1] *= np.array([0.5, 0.8, 1.2, 1.5])[education]
    preference[:, 2] *= np.where(age < 45, 1.2, 0.8)
    shops = rng.dirichlet(np.array([1.3, 1.4, 0.45, 0.9, 0.35]), count)
    shops[:, 0] += np.where(education == 0, 0.2, 0.0)
    engagement = rng.gamma(1.6, 1 / 1.6, count)
    sensitivity = np.clip(rng.beta(2.0, 2.2, count) - 0.08 * (traits["income"] - 1), 0.02, 0.98)
    is_hunter, is_reseller = kind == 1, kind == 3
    propensity = np.clip(rng.beta(2.4, 2.0, count) * (0.6 + 0.4 * np.minimum(engagement, 1.5)), 0, 0.97)
    propensity = np.where(is_hunter, 0.04, np.where(is_reseller | (kind == 5), 0.95, propensity))
    cycle = np.clip(rng.lognormal(np.log(62), 0.42, count), 18, 240)
    return {
        "engagement": engagement,
        "price_sensitivity": np.where(is_hunter | is_reseller, 0.95, sensitivity),
        "fatigue": rng.beta(2.0, 2.0, count),
        "preference": preference,
        "shops": shops / shops.sum(1, keepdims=True),
        "propensity": propensity,
        "cycle_days": np.where(is_reseller, 21.0, cycle),
    }


def _moments(
    parameters: Parameters, rng: np.random.Generator, kind: Ints, entry: Ints, entry_at: Ints
) -> dict[str, np.ndarray]:
    """When people follow, join, install the app and add an assistant."""
    count = kind.size
    is_before = entry == 0
    delay = (rng.exponential(4.0, count) * DAY_SECONDS).astype(np.int64) + 900
    follow_at = np.where(rng.random(count) < np.where(is_before, 0.62, 0.5), entry_at + delay, NEVER)
    joins = rng.random(count) < np.where(is_before, 0.82, 0.56)
    wait = (rng.lognormal(np.log(9), 1.1, count) * DAY_SECONDS).astype(np.int64) + 1800
    signup_at = np.where(joins | (kind != 0), entry_at + wait, NEVER)
    signup_at[signup_at >= parameters.end_at] = NEVER
    where = chosen(rng, np.array([0.34, 0.3, 0.14, 0.14, 0.08]), count)
    later = (rng.exponential(50.0, count) * DAY_SECONDS).astype(np.int64)
    app_at = np.where((rng.random(count) < 0.24) | (where == 4), signup_at + np.where(where == 4, -600, later), NEVER)
    wecom_at = np.where(rng.random(count) < 0.28, signup_at + later // 2 + 3600, NEVER)
    legacy = np.where(is_before & (rng.random(count) < 0.5), rng.integers(0, 2, count), -1)
    never = signup_at >= NEVER
    return {
        "follow_at": np.where(follow_at >= parameters.end_at, NEVER, follow_at),
        "signup_at": signup_at,
        "signup_where": where,
        "app_at": np.where(never | (app_at >= parameters.end_at), NEVER, app_at),
        "wecom_at": np.where(never | (wecom_at >= parameters.end_at), NEVER, wecom_at),
        "legacy": np.where(never, -1, legacy),
    }
