"""How an order went: on time or late, in stock or not, as promised or not, and what the buyer made of it.

Here: what really happened to an order; satisfaction follows from it. Not here: the papers it leaves (aftermath.py).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from simulator.brand.draws import Bools, Floats, Ints
from simulator.brand.frames import Frame
from simulator.brand.stimuli import LIVE, POST

STORE = 0


@dataclass(frozen=True)
class Outcomes(Frame):
    """One row an order. `told_count`: agents who had to be told the story, 0 without a case. `satisfaction`: 0 to 1."""

    is_late: Bools
    is_stock_out: Bools
    is_over_promised: Bools
    has_case: Bools
    told_count: Ints
    is_refunded: Bools
    satisfaction: Floats


def outcomes(rng: np.random.Generator, load: Floats, shop: Ints, kind: Ints) -> Outcomes:
    """Draw what happens to orders. `load`: how busy the day is, 1 being ordinary; parcels of busy days are late."""
    count = shop.size
    is_online = shop != STORE
    late = is_online & (rng.random(count) < np.clip(0.05 * load**1.3, 0, 0.4))
    out = rng.random(count) < np.where(is_online, 0.015, 0.04)
    over = rng.random(count) < np.where((kind == POST) | (kind == LIVE), 0.13, 0.02)
    has_case = rng.random(count) < 0.02 + 0.35 * late + 0.25 * out + 0.3 * over
    told = np.where(has_case, rng.geometric(0.62, count), 0)
    refunded = rng.random(count) < 0.03 + 0.10 * late + 0.15 * over + 0.12 * out + 0.06 * (told > 1)
    felt = 0.84 + rng.normal(0, 0.08, count) + 0.04 * ~is_online
    felt -= 0.27 * late + 0.2 * out + 0.25 * over + 0.13 * np.maximum(told - 1, 0)
    return Outcomes(late, out, over, has_case, told, refunded, np.clip(felt, 0.02, 1.0))


def no_outcomes() -> Outcomes:
    """No rows."""
    none, never = np.zeros(0, np.int64), np.zeros(0, np.bool_)
    return Outcomes(never, never, never, never, none, never, np.zeros(0))
