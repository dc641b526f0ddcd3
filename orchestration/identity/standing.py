"""Where one customer stands: the stage of the journey, points and tier, segments, each where its table was built.

Here: one line of figures as of the warehouse's last business day, read by key. What no table knows is None, which is
not the same as nothing. Not here: what happened (timeline.py), what was bought (card.py). The stage of the lifecycle
belongs here too, first of all, from core.fct_lifecycle_interval.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from orchestration.identity.desk import Desk

_JOURNEY = """
    select journey_stage, valid_from, journey_number from core.fct_journey_interval
    where customer_key = %s and valid_to is null
"""
_LOYALTY = "select balance_points, tier, tier_since_date from marts.mart_loyalty__member where customer_key = %s"
_SEGMENTS = "select rfm_segment, vap_segment from marts.mart_customer__worth where customer_key = %s"


@dataclass(frozen=True)
class Journey:
    """The stage of the journey that is under way; `stage` None: in none."""

    stage: str | None
    since: date | None
    number: int | None


@dataclass(frozen=True)
class Loyalty:
    """Points and tier; `points` None: no member, `tier` None: no tier."""

    points: int | None
    tier: str | None
    since: date | None


@dataclass(frozen=True)
class Segments:
    """Segments by RFM and VAP; None: in none (never bought, or the brand has no cuts yet)."""

    rfm: str | None
    vap: str | None


@dataclass(frozen=True)
class Standing:
    """What is known as of the last business day; None: its table was not built."""

    journey: Journey | None
    loyalty: Loyalty | None
    segments: Segments | None


def standing(desk: Desk, customer_key: str) -> Standing:
    """Where a customer stands, as far as tables are there."""
    return Standing(_journey(desk, customer_key), _loyalty(desk, customer_key), _segments(desk, customer_key))


def _journey(desk: Desk, customer_key: str) -> Journey | None:
    if not desk.has("core.fct_journey_interval"):
        return None
    for stage, since, number in desk.rows(_JOURNEY, (customer_key,)):
        return Journey(stage, desk.day(since), number)
    return Journey(None, None, None)


def _loyalty(desk: Desk, customer_key: str) -> Loyalty | None:
    if not desk.has("marts.mart_loyalty__member"):
        return None
    for points, tier, since in desk.rows(_LOYALTY, (customer_key,)):
        return Loyalty(int(points), tier, since)
    return Loyalty(None, None, None)


def _segments(desk: Desk, customer_key: str) -> Segments | None:
    if not desk.has("marts.mart_customer__worth"):
        return None
    for rfm, vap in desk.rows(_SEGMENTS, (customer_key,)):
        return Segments(rfm, vap)
    return Segments(None, None)
