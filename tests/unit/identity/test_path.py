"""The shortest chain, against another program's distances."""

from __future__ import annotations

import random
from datetime import UTC, datetime, timedelta
from itertools import pairwise

import numpy as np
from scipy.sparse import coo_matrix
from scipy.sparse.csgraph import shortest_path

from orchestration.identity.path import Links, shortest

START = datetime(2025, 3, 1, tzinfo=UTC)
SIZE = 12


def drawn(draw: random.Random) -> Links:
    pairs = {tuple(sorted(draw.sample(range(SIZE), 2))) for _ in range(draw.randint(1, 20))}
    return [(f"k{one:02}", f"k{other:02}", START + timedelta(days=draw.randint(0, 5))) for one, other in sorted(pairs)]


def test_chains_are_as_short_as_can_be_and_each_step_is_a_link() -> None:
    draw = random.Random(7)
    lengths: set[int] = set()
    for _ in range(200):
        links = drawn(draw)
        rows = np.array([int(left[1:]) for left, _, _ in links])
        columns = np.array([int(right[1:]) for _, right, _ in links])
        graph = coo_matrix((np.ones(len(links)), (rows, columns)), shape=(SIZE, SIZE))
        distances = shortest_path(graph, directed=False, unweighted=True)
        start, goal = draw.sample(range(SIZE), 2)
        chain = shortest(links, f"k{start:02}", f"k{goal:02}")
        expected = distances[start, goal]
        assert len(chain) == (0 if np.isinf(expected) else expected)
        if chain:
            assert (chain[0][0], chain[-1][1]) == (f"k{start:02}", f"k{goal:02}")
            assert all(before[1] == after[0] for before, after in pairwise(chain))
            assert {tuple(sorted(step)) for step in chain} <= {(left, right) for left, right, _ in links}
        lengths.add(len(chain))
    assert {0, 1, 2, 3, 4} <= lengths


def test_of_equally_short_chains_the_one_of_earlier_links_is_told() -> None:
    later, earlier = START + timedelta(days=1), START
    links = [("a", "b", later), ("b", "d", earlier), ("a", "c", earlier), ("c", "d", earlier)]
    assert shortest(links, "a", "d") == [("a", "c"), ("c", "d")]
