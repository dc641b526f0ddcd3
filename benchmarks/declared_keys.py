"""Who is one person by the keys that records declare: the written rules again, by the standard library and scipy alone.

Here: the normal forms, the limit on neighbours, the components, and how well groups of rows tell people apart. It
answers for the product, so it shares no code with it; what it does share are rules kept as data
(seeds/identifier_namespaces.csv). Not here: which column of which file is a key (public_files.py), the product's own
answer and what is printed (public.py).
"""

from __future__ import annotations

import csv
import re
import unicodedata
from collections import Counter
from collections.abc import Collection, Hashable, Iterable, Mapping
from dataclasses import dataclass
from itertools import combinations
from math import comb
from pathlib import Path

import numpy as np
from scipy.sparse import coo_matrix
from scipy.sparse.csgraph import connected_components

Identifier = tuple[str, str]
"""Namespace and normal value."""

_ATOM = r"[a-z0-9!#$%&'+/=?^_`{|}~-]+"
_LABEL = r"[a-z0-9](?:[a-z0-9-]*[a-z0-9])?"
_EMAIL = re.compile(rf"{_ATOM}(?:\.{_ATOM})*@(?:{_LABEL}\.)+(?!\d+$){_LABEL}")
_AMERICAN = re.compile(r"(?:\+?1)?([2-9]\d{2}[2-9]\d{6})")


@dataclass(frozen=True)
class Row:
    """One row of a file: its number there, the identifiers it declares, and whom it is truly about."""

    number: int
    identifiers: tuple[Identifier, ...]
    person: str


@dataclass(frozen=True)
class Score:
    """Of the pairs of rows that were joined the share that is true, and the other way round; 1 where there are none."""

    precision: float
    recall: float


def normal(namespace: str, text: str) -> str | None:
    """The normal form of a value, or None where none can be read: empty, masked, broken over lines, malformed."""
    value = unicodedata.normalize("NFKC", text).strip()
    if not value or "**" in value or any(unicodedata.category(letter) == "Cc" for letter in value):
        return None
    if namespace == "email":
        return value.lower() if _EMAIL.fullmatch(value.lower()) else None
    if namespace == "phone":
        found = _AMERICAN.fullmatch(re.sub(r"[ ().-]", "", value))
        return f"+1{found.group(1)}" if found else None
    return value


def limits(seed: Path) -> dict[str, int]:
    """How many neighbours of one other namespace a value may have, by namespace: those of every brand."""
    with seed.open(encoding="utf-8", newline="") as file:
        rows = [row for row in csv.DictReader(file) if row["brand"] == "*" and row["is_strong"] == "true"]
    return {row["namespace"]: int(row["maximum_neighbours"]) for row in rows}


def over_limit(
    rows: Iterable[Row], allowed: Mapping[str, int], blocked: Collection[Identifier] = ()
) -> dict[Identifier, int]:
    """The values seen with more distinct others of one namespace than theirs allows, and with how many.

    Counted once, before any of them is taken away; what is blocked is nobody's neighbour.
    """
    neighbours: dict[tuple[Identifier, str], set[Identifier]] = {}
    for row in rows:
        for one in row.identifiers:
            for other in row.identifiers:
                if other != one and other not in blocked:
                    neighbours.setdefault((one, other[0]), set()).add(other)
    most: Counter[Identifier] = Counter()
    for (identifier, _), others in neighbours.items():
        most[identifier] = max(most[identifier], len(others))
    return {identifier: count for identifier, count in most.items() if count > allowed[identifier[0]]}


def components(rows: Iterable[Row], unusable: Collection[Identifier]) -> set[frozenset[Identifier]]:
    """The usable identifiers, grouped by what chains of rows join, by scipy."""
    kept = [[item for item in row.identifiers if item not in unusable] for row in rows]
    numbers = {item: number for number, item in enumerate(sorted({item for items in kept for item in items}))}
    pairs = [(numbers[one], numbers[other]) for items in kept for one, other in combinations(items, 2)]
    ends = np.array(pairs, dtype=np.int64).reshape(-1, 2)
    graph = coo_matrix((np.ones(len(ends), dtype=bool), (ends[:, 0], ends[:, 1])), shape=(len(numbers), len(numbers)))
    _, labels = connected_components(graph, directed=False)
    members: dict[int, set[Identifier]] = {}
    for item, number in numbers.items():
        members.setdefault(int(labels[number]), set()).add(item)
    return {frozenset(items) for items in members.values()}


def score(groups: Iterable[tuple[Hashable, Hashable]]) -> Score:
    """How well rows are told apart: for each row the customer that was found and the person it is about."""
    told = list(groups)

    def pairs(counts: Counter[Hashable]) -> int:
        return sum(comb(count, 2) for count in counts.values())

    right = pairs(Counter(told))
    found = pairs(Counter(customer for customer, _ in told))
    true = pairs(Counter(person for _, person in told))
    return Score(right / found if found else 1.0, right / true if true else 1.0)
