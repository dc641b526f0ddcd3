"""A brand with pushed sources, and its endpoint, which lands every tenth of a second."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from orchestration.brands import Brand
from tests.integration.push.kit import SOURCES, Endpoint, emptied, serving
from tests.workshop import Workshop


@pytest.fixture(scope="session")
def shared_brand(workshop: Workshop) -> Brand:
    return workshop.brand(SOURCES)


@pytest.fixture
def brand(shared_brand: Brand) -> Brand:
    """A brand into which nothing was pushed or landed."""
    return emptied(shared_brand)


@pytest.fixture(scope="module")
def endpoint(workshop: Workshop) -> Iterator[Endpoint]:
    """One endpoint for the tests of a module, each of which sends what no other one sends."""
    with serving(workshop, workshop.brand(SOURCES), "--land-every", "0.1s") as found:
        yield found
