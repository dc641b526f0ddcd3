"""The shop at three moments of one morning, from which the faults start, and what an undisturbed morning comes to.

Each moment is kept once and brought back for every fault, so that a fault costs what is left of the morning.
"""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.faults.pipeline.mornings import Mornings
from tests.integration.pipeline.forge import Forge
from tests.integration.pipeline.kit import Outcome, Stall
from tests.integration.pipeline.kit import opened as opened_forge
from tests.workshop import Workshop


@pytest.fixture(scope="session")
def forge(workshop: Workshop) -> Iterator[Forge]:
    """The warm process of this session."""
    with opened_forge(workshop) as found:
        yield found


@pytest.fixture(scope="session")
def expected(workshop: Workshop, forge: Forge) -> Iterator[Outcome]:
    """What two undisturbed days come to, in another brand with a database and a mail server of its own."""
    stall = Stall(workshop, forge)
    for day in (0, 1):
        stall.deliver(day)
        stall.work()
    yield stall.outcome()
    stall.close()


@pytest.fixture(scope="session")
def mornings(workshop: Workshop, forge: Forge) -> Iterator[Mornings]:
    """The shop that is disturbed, at the moments from which faults start."""
    stall = Stall(workshop, forge)
    yield Mornings(stall)
    stall.close()
