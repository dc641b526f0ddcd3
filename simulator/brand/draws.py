"""Chance with a seed: generators by purpose, and numbers that depend on a person and a question only.

Here: how randomness is made. Not here: what is drawn.
"""

from __future__ import annotations

import zlib

import numpy as np
from numpy.typing import NDArray

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]
Uints = NDArray[np.uint64]

_GOLDEN = np.uint64(0x9E3779B97F4A7C15)
_FIRST = np.uint64(0xBF58476D1CE4E5B9)
_SECOND = np.uint64(0x94D049BB133111EB)


def generator(seed: int, *purpose: str | int) -> np.random.Generator:
    """The generator of one purpose: the same for the same seed and words, independent of every other."""
    words = [item if isinstance(item, int) else zlib.crc32(item.encode()) for item in purpose]
    return np.random.Generator(np.random.PCG64(np.random.SeedSequence([seed, *words])))


def mixed(values: Ints | Uints, seed: int, question: str) -> Uints:
    """A 64-bit number for each value and the question (splitmix64): one to one for one seed and question."""
    salt = (zlib.crc32(question.encode()) << 32) ^ (seed * 0x9E3779B9 & 0xFFFFFFFF)
    mixed_ = values.astype(np.uint64) + np.uint64(salt)
    with np.errstate(over="ignore"):
        for factor, shift in ((_GOLDEN, 30), (_FIRST, 27), (_SECOND, 31)):
            mixed_ = mixed_ * factor
            mixed_ ^= mixed_ >> np.uint64(shift)
    return mixed_


def unit(values: Ints | Uints, seed: int, question: str) -> Floats:
    """A number in [0, 1) for each value and the question."""
    return (mixed(values, seed, question) >> np.uint64(11)).astype(np.float64) / float(1 << 53)


def chosen(rng: np.random.Generator, weights: Floats, size: int) -> Ints:
    """`size` indices drawn by weight, with replacement; empty when no weight is above zero."""
    total = np.cumsum(weights)
    if total.size == 0 or total[-1] <= 0:
        return np.zeros(0, np.int64)
    found = np.searchsorted(total, rng.random(size) * total[-1], side="right")
    return np.minimum(found, total.size - 1).astype(np.int64)
