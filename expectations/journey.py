"""Suites of the journeys' marts: the touchpoint map, the paths to the purchase, the flow between stages.

Here: what an ordinary day does not move. Not here: that every journey is somewhere in them, which dbt tests hold.
"""

from __future__ import annotations

from collections.abc import Callable

from expectations.model import Part, Subject, at_least, each_between, mean_between, subject
from expectations.situation import Situation

TOUCHPOINT = subject(
    "marts",
    "mart_journey__touchpoint_map",
    "marts",
    "The touchpoint map: touches outside any journey, journeys with a purchase against earlier builds",
)
PATH = subject(
    "marts",
    "mart_journey__paths",
    "marts",
    "Paths to the purchase: how many of their journeys buy, as in earlier builds",
)
FLOW = subject(
    "marts", "mart_journey__stage_flow", "marts", "The flow between stages: its steps against earlier builds"
)

_TOUCHPOINTS = """
    select
        case
            when sum(touch_count) >= {minimum}
                then cast(
                    sum(case when journey_stage = 'none' then touch_count else 0 end) as double precision
                ) / sum(touch_count)
        end as stageless_share,
        sum(converted_count) as converted_journeys
    from marts.mart_journey__touchpoint_map
"""


def _touchpoint(situation: Situation, notes: list[str]) -> list[Part]:
    """Kinds of touches that lost their stage (journeys fall apart), and journeys that lost their purchases."""
    limits = situation.limits
    usual = situation.usual("converted_journeys") if situation.has_history() else None
    if usual is None:
        notes.append("converted_journeys: no earlier build to compare with")
    least = limits.value("row_share_minimum") * usual if usual else 0
    outside = "Not nearly all touches lie outside any journey"
    bought = "Nearly as many journeys come to a purchase as in earlier builds"
    share = limits.value("stageless_touch_share_maximum")
    rules = (
        each_between("stageless_share", "stageless_share", outside, maximum=share),
        at_least("converted_journeys", "converted_journeys", least, bought),
    )
    facts = _TOUCHPOINTS.format(minimum=limits.count("table_rows_minimum"))
    return [Part("journeys", rules, facts, is_small=True)]


_PATHS = """
    select cast(sum(converted_count) as double precision) / sum(journey_count) as converted_share
    from marts.mart_journey__paths
"""


def _path(situation: Situation, notes: list[str]) -> list[Part]:
    """The share of journeys that buy, which no ordinary day doubles or halves."""
    usual = situation.usual("converted_share") if situation.has_history() else None
    if not usual:
        notes.append("converted_share: no earlier build to compare with")
        rule = mean_between("converted_share", "converted_share", "No more journeys buy than there are", maximum=1)
    else:
        factor = situation.limits.value("mean_share_maximum")
        meaning = f"The share of journeys that buy is near the {usual:.2f} of earlier builds"
        rule = mean_between(
            "converted_share", "converted_share", meaning, minimum=usual / factor, maximum=usual * factor
        )
    return [Part("buying", (rule,), _PATHS, is_small=True)]


def _flow(situation: Situation, notes: list[str]) -> list[Part]:
    """Nothing beyond its size: how fast customers move is what the table is there to tell."""
    del situation, notes
    return []


PARTS: dict[Subject, Callable[[Situation, list[str]], list[Part]]] = {
    TOUCHPOINT: _touchpoint,
    PATH: _path,
    FLOW: _flow,
}
