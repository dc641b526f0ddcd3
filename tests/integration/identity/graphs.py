"""Graphs of every shape that solvers stumble over, and their components by scipy.

Here: links between keys, drawn by seed, and the oracle. Not here: the solvers (dbt_project/macros/engine).
"""

from __future__ import annotations

import random
from collections.abc import Callable, Iterable
from itertools import combinations, pairwise

import numpy as np
from scipy.sparse import coo_matrix
from scipy.sparse.csgraph import connected_components

Link = tuple[str, str]
LONG = 10_000


def _chain(size: int, _: random.Random) -> list[tuple[int, int]]:
    return [*pairwise(range(size))]


def _star(size: int, draw: random.Random) -> list[tuple[int, int]]:
    middle = draw.randrange(size)
    return [(middle, other) for other in range(size) if other != middle]


def _cycle(size: int, _: random.Random) -> list[tuple[int, int]]:
    return [*pairwise(range(size)), (size - 1, 0)]


def _clique(size: int, _: random.Random) -> list[tuple[int, int]]:
    return [*combinations(range(min(size, 12)), 2)]


def _sparse(size: int, draw: random.Random) -> list[tuple[int, int]]:
    return [(draw.randrange(size), draw.randrange(size)) for _ in range(draw.randint(1, size))]


def _alone(size: int, _: random.Random) -> list[tuple[int, int]]:
    return [(one, one) for one in range(size)]


SHAPES: tuple[Callable[[int, random.Random], list[tuple[int, int]]], ...] = (
    _chain,
    _star,
    _cycle,
    _clique,
    _sparse,
    _alone,
)


def drawn(count: int, seed: int) -> list[Link]:
    """`count` disjoint graphs; links turned about, repeated and shuffled, some nodes linked to themselves too."""
    draw = random.Random(seed)
    links = _keyed("long", _chain(LONG, draw), [f"{number:05}" for number in range(LONG)])
    shuffled = [f"{number:05}" for number in range(LONG)]
    draw.shuffle(shuffled)
    links += _keyed("mixed", _chain(LONG, draw), shuffled)
    for graph in range(count):
        size = draw.choice((2, 3, 5, 8, 40))
        keys = [draw.choice(("", "A", "a", "_", "é", "张")) + format(number, "x") for number in range(size)]
        found = draw.choice(SHAPES)(size, draw)
        links += _keyed(f"{graph:03}", found, [f"{key}{number}" for number, key in enumerate(keys)])
    links += draw.sample(links, k=len(links) // 10)
    links += [(one, one) for one, _ in draw.sample(links, k=len(links) // 20)]
    links = [(other, one) if draw.random() < 0.5 else (one, other) for one, other in links]
    draw.shuffle(links)
    return links


def _keyed(name: str, edges: Iterable[tuple[int, int]], keys: list[str]) -> list[Link]:
    return [(f"{name}:{keys[one]}", f"{name}:{keys[other]}") for one, other in edges]


def components(links: list[Link]) -> dict[str, str]:
    """Each key with the least key, as bytes, of its component."""
    keys = sorted({key for link in links for key in link}, key=str.encode)
    number = {key: position for position, key in enumerate(keys)}
    one = np.array([number[left] for left, _ in links], dtype=np.int64)
    other = np.array([number[right] for _, right in links], dtype=np.int64)
    graph = coo_matrix((np.ones(len(links), dtype=bool), (one, other)), shape=(len(keys), len(keys)))
    _, labels = connected_components(graph, directed=False)
    least: dict[int, str] = {}
    return {key: least.setdefault(int(label), key) for key, label in zip(keys, labels, strict=True)}
