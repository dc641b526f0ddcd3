"""A told world, shared by the tests of one module."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.scenarios.world import World, open_world
from tests.workshop import Workshop


@pytest.fixture(scope="module")
def world(workshop: Workshop) -> Iterator[World]:
    """A brand without a landed row; each test lands its own."""
    with open_world(workshop) as opened:
        yield opened
