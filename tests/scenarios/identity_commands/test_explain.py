"""Each verdict of `identity explain`, `identity show`, how identifiers are named, and who sees clear values."""

from __future__ import annotations

import pytest

from tests.scenarios.identity_commands.conftest import IDENTIFIERS, LIN, TWINS
from tests.scenarios.identity_commands.people import Ran, key, touchstream
from tests.scenarios.world import World


def explained(world: World, one: str, other: str, *more: str) -> Ran:
    found = touchstream(world, "identity", "explain", one, other, *more)
    assert found.code == 0, found.out
    return found


def test_dump(people: World) -> None:
    for words in [("explain", LIN[0], LIN[2])]:
        print(touchstream(people, "identity", *words).out)
