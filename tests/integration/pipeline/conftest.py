"""A forge and brands for tests of the whole pipeline."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.integration.pipeline.forge import Forge
from tests.integration.pipeline.kit import Stall
from tests.integration.pipeline.kit import opened as opened_forge
from tests.workshop import Workshop


@pytest.fixture(scope="session")
def forge(workshop: Workshop) -> Iterator[Forge]:
    """The warm process of this session."""
    with opened_forge(workshop) as found:
        yield found


@pytest.fixture(scope="module")
def stall(workshop: Workshop, forge: Forge) -> Iterator[Stall]:
    """One shop for the stories of a module, told one after the other."""
    found = Stall(workshop, forge)
    yield found
    found.close()
