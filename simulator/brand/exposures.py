"""Who saw what without clicking: posts and Moments ads that a platform reports for known people.

Here: exposures, and the reactions below a post. Not here: clicks (stimuli.py), vendors' columns (exports/).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from simulator.brand.draws import Floats, Ints, chosen, generator
from simulator.brand.frames import Frame
from simulator.brand.parameters import DAY_SECONDS
from simulator.brand.people import People, hours
from simulator.brand.stimuli import AD, POST, Stimuli
from simulator.brand.world import World

POST_SEEN_PER_PERSON_DAY = 0.010
AD_SEEN_PER_PERSON_DAY = 0.006


@dataclass(frozen=True)
class Exposures(Frame):
    """One row an exposure, by person and time. `ref`: the post or ad; `dwell`: seconds it was looked at."""

    who: Ints
    at: Ints
    ref: Ints
    dwell: Ints


def seen_posts(world: World, people: People, stimuli: Stimuli, chunk: int) -> Exposures:
    """Posts seen: before every click, and without one."""
    rng = generator(world.parameters.seed, "seen posts", chunk)
    count = int(rng.poisson(POST_SEEN_PER_PERSON_DAY * len(people) * world.parameters.days))
    return _seen(
        world, people, rng, world.media.post_strength, count, stimuli.rows(stimuli.kind == POST), world.media.post_at
    )


def seen_moments_ads(world: World, people: People, stimuli: Stimuli, chunk: int) -> Exposures:
    """Moments ads seen: before every click, and without one."""
    rng = generator(world.parameters.seed, "seen ads", chunk)
    count = int(rng.poisson(AD_SEEN_PER_PERSON_DAY * len(people) * world.parameters.days))
    is_moments = np.array([ad.platform == "tencent_ads" for ad in world.media.ads])
    clicks = stimuli.rows(stimuli.kind == AD)
    clicks = clicks.rows(is_moments[clicks.ref])
    strength = world.media.ad_strength * is_moments[:, None]
    return _seen(world, people, rng, strength, count, clicks, np.zeros(is_moments.size, np.int64))


def _seen(
    world: World, people: People, rng: np.random.Generator, strength: Floats, count: int, clicks: Stimuli, since: Ints
) -> Exposures:
    cell = chosen(rng, strength.ravel(), count)
    ref, day = cell // world.parameters.days, cell % world.parameters.days
    who = chosen(rng, people.engagement + 0.2, cell.size)
    at = np.maximum(world.parameters.start_at + day * DAY_SECONDS + hours(rng, cell.size), since[ref] + 60)
    dwell = np.clip(rng.exponential(3.5, cell.size), 1, 90).astype(np.int64)
    knows = at >= people.entry_at[who]
    before = clicks.at - rng.integers(3, 60, len(clicks))
    found = Exposures(
        np.concatenate([who[knows], clicks.who]),
        np.concatenate([at[knows], before]),
        np.concatenate([ref[knows], clicks.ref]),
        np.concatenate([dwell[knows], rng.integers(4, 60, len(clicks))]),
    )
    return found.rows(np.lexsort((found.ref, found.at, found.who)))
