"""The shortest chain of links between two identifiers, within one component.

Here: reading the usable links among a known set of identifiers, and a breadth-first search over them in memory: bounded
by that customer or component, whatever the size of the graph. Not here: what a link rests on (evidence.py).
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable
from datetime import datetime
from itertools import pairwise

from orchestration.identity.desk import Desk
from orchestration.identity.evidence import Pair, pair

_LINKS = """
    select left_key, right_key, first_at from identity.int_identity__link
    where is_usable and left_key = any(%(keys)s) and right_key = any(%(keys)s)
"""
_COMPONENT = """
    select identifier_key from identity.int_identity__strong_identifier
    where component_key = (
        select one.component_key from identity.int_identity__strong_identifier as one
        inner join identity.int_identity__strong_identifier as other on other.component_key = one.component_key
        where one.identifier_key = %s and other.identifier_key = %s
    )
"""

Links = list[tuple[str, str, datetime]]


def links_among(desk: Desk, keys: Iterable[str]) -> Links:
    """The usable links with both ends among these identifiers, and when each was first seen."""
    return [(left, right, at) for left, right, at in desk.rows(_LINKS, {"keys": sorted(set(keys))})]


def raw_component(desk: Desk, one: str, other: str) -> list[str]:
    """The strong identifiers that hang together with both by usable links alone; none when these two do not."""
    return [row[0] for row in desk.rows(_COMPONENT, (one, other))]


def shortest(links: Links, start: str, goal: str) -> list[Pair]:
    """The pairs from `start` to `goal`; of equally short chains one of earlier links. Empty when there is none."""
    beside: dict[str, list[tuple[datetime, str]]] = {}
    for left, right, at in links:
        beside.setdefault(left, []).append((at, right))
        beside.setdefault(right, []).append((at, left))
    came_from = {start: start}
    waiting = deque([start])
    while waiting and goal not in came_from:
        here = waiting.popleft()
        for _, there in sorted(beside.get(here, [])):
            if there not in came_from:
                came_from[there] = here
                waiting.append(there)
    if goal not in came_from or start == goal:
        return []
    chain = [goal]
    while chain[-1] != start:
        chain.append(came_from[chain[-1]])
    chain.reverse()
    return [*pairwise(chain)]


def stored(chain: Iterable[Pair]) -> list[Pair]:
    """The pairs of a chain as they are stored."""
    return [pair(one, other) for one, other in chain]
