"""What happens inside the stores: appointments, visits, talks and trials, services.

Here: the facts. Not here: how stores export them (exports/store.py).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from simulator.brand.draws import Bools, Ints, generator
from simulator.brand.frames import NEVER, Frame
from simulator.brand.journeys import Purchases
from simulator.brand.parameters import DAY_SECONDS
from simulator.brand.people import People
from simulator.brand.sessions import BOOK, Visits
from simulator.brand.shopping import STORE, in_opening_hours
from simulator.brand.stimuli import WALK_IN, Stimuli
from simulator.brand.world import World

SERVICES = ("trial", "consultation", "facial_spa", "make_over")
TRIAL, CONSULTATION, FACIAL, MAKE_OVER = range(len(SERVICES))
KEPT, CANCELLED, MISSED = range(3)


@dataclass(frozen=True)
class Appointments(Frame):
    """One row an appointment. `ends_at`: when it was kept, cancelled or missed."""

    who: Ints
    booked_at: Ints
    scheduled_at: Ints
    service: Ints
    store: Ints
    end: Ints
    ends_at: Ints


@dataclass(frozen=True)
class Calls(Frame):
    """One row a visit to a store, by person and time. `appointment`, `order`: their rows, or -1. `pleased`: 1 to 5."""

    who: Ints
    at: Ints
    minutes: Ints
    store: Ints
    appointment: Ints
    order: Ints
    talks: Bools
    tries: Bools
    pleased: Ints


def appointments(world: World, people: People, visits: Visits, chunk: int) -> Appointments:
    """What was booked in the mini-program, and a few by telephone."""
    rng = generator(world.parameters.seed, "appointments", chunk)
    booked = visits.rows(visits.goal == BOOK)
    count = len(booked)
    scheduled = in_opening_hours(booked.at + rng.integers(DAY_SECONDS, 5 * DAY_SECONDS, count)) // 1800 * 1800
    service = rng.choice(len(SERVICES), count, p=[0.4, 0.2, 0.3, 0.1]).astype(np.int64)
    end = rng.choice(3, count, p=[0.76, 0.12, 0.12]).astype(np.int64)
    ends = np.where(end == CANCELLED, booked.at + (scheduled - booked.at) // 2, scheduled + 300)
    store = world.places.city_store[people.city[booked.who]]
    return Appointments(booked.who, booked.at, scheduled, service, store, end, ends)


def calls(world: World, people: People, stimuli: Stimuli, bought: Purchases, booked: Appointments, chunk: int) -> Calls:
    """Visits by appointment, to buy, and in passing."""
    rng = generator(world.parameters.seed, "calls", chunk)
    kept = np.flatnonzero(booked.end == KEPT)
    order = np.flatnonzero(bought.shop == STORE)
    walks = np.flatnonzero(stimuli.kind == WALK_IN)
    walks = np.setdiff1d(walks, bought.stimulus[order], assume_unique=False)
    who = np.concatenate([booked.who[kept], bought.who[order], stimuli.who[walks]])
    at = np.concatenate([booked.scheduled_at[kept], bought.at[order] - 1500, in_opening_hours(stimuli.at[walks])])
    none = np.full(who.size, -1, np.int64)
    appointment, orders = none.copy(), none.copy()
    appointment[: kept.size] = kept
    orders[kept.size : kept.size + order.size] = order
    store = world.places.city_store[people.city[who]]
    tries = (orders < 0) & (rng.random(who.size) < np.where(appointment >= 0, 0.7, 0.12))
    talks = tries | (rng.random(who.size) < np.where(orders >= 0, 0.4, 0.2))
    felt = np.clip(np.round(rng.normal(4.2, 0.7, who.size)), 1, 5).astype(np.int64)
    found = Calls(who, at, rng.integers(12, 70, who.size), store, appointment, orders, talks, tries, felt)
    found = found.rows((found.at >= world.parameters.start_at) & (found.at < NEVER))
    return found.rows(np.lexsort((found.at, found.who)))
