"""What is known of a world of people: records, decisions, blocked values, store devices, and the rules in force.

Here: facts alone. Not here: what follows from them (oracle.py), where they come from (stories.py, told_worlds.py).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal

Pair = tuple[str, str]


@dataclass(frozen=True)
class Namespace:
    """What seeds/identifier_namespaces.csv says of a namespace."""

    is_strong: bool
    priority: int
    is_unique: bool
    maximum_neighbours: int


@dataclass(frozen=True)
class Record:
    """One record: its moment and business day, and the identifiers on it, key by namespace.

    `unbinds`: it takes back what earlier records of its rule said of its identifiers, and says nothing else.
    `recipient`: another person's identifier on it, which says nothing of the actor.
    """

    at: datetime
    day: date
    identifiers: Mapping[str, str]
    rule: str
    is_logout: bool = False
    unbinds: bool = False
    recipient: str | None = None


@dataclass(frozen=True)
class Decision:
    """What a person decided about a pair, counting from `day` on."""

    kind: Literal["release", "refuse", "withdraw"]
    pair: Pair
    day: date
    at: datetime


@dataclass(frozen=True)
class Facts:
    """Everything that is known."""

    records: Sequence[Record]
    decisions: Sequence[Decision] = ()
    blocked: frozenset[str] = frozenset()
    store_devices: frozenset[str] = frozenset()
