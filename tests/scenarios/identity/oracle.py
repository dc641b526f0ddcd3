"""Who is who, computed a second time, apart from the models.

Here: components by scipy, contested ones by a Kruskal of its own, from plain records. It follows the written rules, not
the SQL. Not here: worlds (told_worlds.py), comparison (the tests).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from itertools import combinations

import numpy as np
from scipy.sparse import coo_matrix
from scipy.sparse.csgraph import connected_components

Pair = tuple[str, str]


@dataclass(frozen=True)
class Namespace:
    """What seeds/identifier_namespaces.csv says of a namespace."""

    priority: int
    is_unique: bool
    maximum_neighbours: int


@dataclass(frozen=True)
class Record:
    """One record: its moment and business day, and the identifiers on it, key by namespace."""

    at: datetime
    day: date
    identifiers: Mapping[str, str]


@dataclass(frozen=True)
class Identity:
    """What comes out: the customer of every identifier (None: nobody's), and the links left out."""

    customer_of: dict[str, str | None]
    left_out: frozenset[Pair]


def identity(records: Iterable[Record], namespaces: Mapping[str, Namespace], as_of: date) -> Identity:
    """Who is who on the evening of `as_of`."""
    namespace_of: dict[str, str] = {}
    first_seen: dict[str, datetime] = {}
    links: dict[Pair, datetime] = {}
    neighbours: dict[str, dict[str, set[str]]] = defaultdict(lambda: defaultdict(set))
    for record in records:
        if record.day > as_of:
            continue
        for namespace, key in record.identifiers.items():
            namespace_of[key] = namespace
            first_seen[key] = min(first_seen.get(key, record.at), record.at)
        for (one_space, one), (other_space, other) in combinations(record.identifiers.items(), 2):
            pair = (min(one, other), max(one, other))
            links[pair] = min(links.get(pair, record.at), record.at)
            neighbours[one][other_space].add(other)
            neighbours[other][one_space].add(one)
    usable = {
        key
        for key, namespace in namespace_of.items()
        if max((len(keys) for keys in neighbours[key].values()), default=0) <= namespaces[namespace].maximum_neighbours
    }
    kept = {pair: at for pair, at in links.items() if pair[0] in usable and pair[1] in usable}
    clusters = _resolve(_components(usable, kept), kept, namespace_of, namespaces)
    customer_of: dict[str, str | None] = dict.fromkeys(namespace_of)
    for cluster in clusters:
        founder = min(cluster, key=lambda key: (first_seen[key], namespaces[namespace_of[key]].priority, key))
        customer_of.update(dict.fromkeys(cluster, founder))
    left_out = frozenset(pair for pair in kept if customer_of[pair[0]] != customer_of[pair[1]])
    return Identity(customer_of, left_out)


def _components(nodes: set[str], links: Iterable[Pair]) -> list[set[str]]:
    ordered = sorted(nodes)
    number = {key: index for index, key in enumerate(ordered)}
    ends = [(number[left], number[right]) for left, right in links]
    rows, columns = zip(*ends, strict=True) if ends else ((), ())
    graph = coo_matrix((np.ones(len(ends)), (rows, columns)), shape=(len(ordered), len(ordered)))
    _, labels = connected_components(graph, directed=False)
    found: dict[int, set[str]] = defaultdict(set)
    for key, label in zip(ordered, labels, strict=True):
        found[int(label)].add(key)
    return list(found.values())


def _resolve(
    components: list[set[str]],
    links: Mapping[Pair, datetime],
    namespace_of: Mapping[str, str],
    namespaces: Mapping[str, Namespace],
) -> list[set[str]]:
    """Components as they are, or grown anew link by link where one holds two values of a unique namespace."""

    def holds_twice(keys: set[str]) -> bool:
        unique = [namespace_of[key] for key in keys if namespaces[namespace_of[key]].is_unique]
        return len(unique) != len(set(unique))

    def turn(pair: Pair) -> tuple[int, int, datetime, str, str]:
        priorities = sorted(namespaces[namespace_of[key]].priority for key in pair)
        return (priorities[0], priorities[1], links[pair], *pair)

    resolved: list[set[str]] = []
    for component in components:
        if not holds_twice(component):
            resolved.append(component)
            continue
        trees = {key: {key} for key in component}
        for left, right in sorted((pair for pair in links if pair[0] in component), key=turn):
            grown = trees[left] | trees[right]
            if not holds_twice(grown):
                trees.update(dict.fromkeys(grown, grown))
        resolved += [set(tree) for tree in {frozenset(tree) for tree in trees.values()}]
    return resolved
